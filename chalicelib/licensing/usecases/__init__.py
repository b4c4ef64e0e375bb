"""What the licensing room does: read rows, ask the rules, make one commit.

`pool` (claims and releases, for the rooms that open and close provider accounts), `quotes`, `orders`, `decreases`,
`ledger`, `reconciliation`.
"""
