"""What the linking room does: the usernames of a provider account, accounts joined, invitations."""
