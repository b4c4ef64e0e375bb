"""The clinicians' accounts: the directory, what each is set to, how one ends, and whose patients are whose."""
