"""What the providers room does: read rows, ask the rules, make one commit.

`accounts` (open, find, change: for all others, and for other rooms), `directory` (list and search), `editing` (create
and edit), `configuration`, `deactivation` (preview, and doing it), `scheduling` (deactivations to come),
`reactivation`, `patients` (register, list, those left behind), `reassignments` (moves that are asked for) and `moving`
(how moves go on).
"""
