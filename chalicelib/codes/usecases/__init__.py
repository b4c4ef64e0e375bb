"""What the codes room does.

`entries` (the code files, one by one), `exporting` and `importing` (whole files as CSV, which `csv_entries` reads from
S3), `copies` (from one account to another, as somebody asks for) and `copying` (how they are done and undone).
"""
