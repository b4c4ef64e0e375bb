"""What the licensing room does: read rows, ask the rules, make one commit."""
