"""What the support room does: read rows, ask the rules, make one commit.

`tickets` (find, open, change: for all others), `filing` (numbers; for other rooms' typed tickets too), `intake` (POST
/tickets), `emergencies`, `articles` (the Help Center), `views` (lists and search), `conversation` (comments, history),
`editing`, `attachments`, `due_tickets` (what schedules do), `leaving` (tickets of those who are left without an
account) and `desk` (what staff do, for the room of their routes).
"""
