"""The Help Center: articles as Markdown, and an index of them that `python -m deploy generate` makes."""
