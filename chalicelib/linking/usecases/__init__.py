"""What the linking room does: read rows, ask the rules, make one commit."""
