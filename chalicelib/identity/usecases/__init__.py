"""What the identity room does: read rows, ask the rules, make one commit."""
