"""What the codes room does: read rows, ask the rules, make one commit."""
