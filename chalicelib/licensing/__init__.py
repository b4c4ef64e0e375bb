"""Licenses: the pool of a practice, orders that fill it, claims that use it, and the ledger that proves it.

The pattern room: every room has `rules.py` (what is allowed, pure), `tables.py` (rows and keys), `usecases.py`
(rows + rules -> one commit), `routes.py` (the HTTPS face) and `messages.py` (what people are told).
"""
