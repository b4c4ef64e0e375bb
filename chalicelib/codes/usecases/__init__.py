"""What the codes room does: `entries` (the code files, one by one), `exporting` (whole files as CSV),
`copies` (from one account to another, as somebody asks for) and `copying` (how they are done and undone)."""
