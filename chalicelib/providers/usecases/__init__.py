"""What the providers room does: read rows, ask the rules, make one commit."""
