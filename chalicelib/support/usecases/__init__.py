"""What the support room does: read rows, ask the rules, make one commit."""
