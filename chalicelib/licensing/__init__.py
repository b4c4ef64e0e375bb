"""Licenses: the pool of a practice, orders that fill it, claims that use it, and the ledger that proves it.

The pattern room: every room has `model.py` (its words), `rules.py` (what is allowed, pure), `tables.py` (rows and
keys), `usecases` (rows + rules -> one commit), `routes.py` (the HTTPS face), `messages.py` (what people are told) and
`access.py` (the AWS actions that its functions need).
"""
