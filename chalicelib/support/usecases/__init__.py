"""What the support room does: read rows, ask the rules, make one commit.

`tickets` (find, open, change: for all others), `filing` (numbers; for other rooms' typed tickets too), `intake` (POST
/tickets), `emergencies`, `articles` (the Help Center), `views` (lists and search), `conversation` (comments, history),
`editing`, `attachments`, `due_tickets` (what schedules do), `leaving` (who may be left with nothing, noted for other
rooms) and `passing_on` (what becomes of their tickets), and `desk` (what staff do, for the room of their routes).
"""
