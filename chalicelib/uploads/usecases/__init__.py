"""What the uploads room does: read rows, ask the rules, make one commit."""
