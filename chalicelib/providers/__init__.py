"""The clinicians' accounts. Thin so far: sign-up opens the first one."""
