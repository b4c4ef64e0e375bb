"""What the codes room does: `entries` (the code files, one by one), `exporting` (whole files as CSV)."""
