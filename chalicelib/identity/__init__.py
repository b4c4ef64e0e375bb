"""Who one is: practices, usernames, passwords, two-factor, sessions, and the audit trail that people read."""
