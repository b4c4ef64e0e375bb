"""Account linking: who reaches a provider account with which privileges, given, changed and taken away."""
