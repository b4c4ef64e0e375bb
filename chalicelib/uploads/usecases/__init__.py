"""What the uploads room does.

`files` (begin, attach, discard: for the rooms whose files they are), `storage` (where files lie in S3, forms and
links), `checking` (the content), `completing` (the one route by which every upload ends), `discarding` (the sweep that
deletes).
"""
