"""Text that is taken out of a ticket for good. The subject stands in the ticket's rows and lists, which are written
anew, and so is the name of who calls for help; what was said, in one row each; a file in S3, its name in the ticket and
the upload. Nothing else ever held it: events, history, receipts, mails and logs hold ids."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib import clock
from chalicelib.errors import FieldError, Invalid, NotFound, invalid
from chalicelib.store import Commit, Context, outlasting, staff_context
from chalicelib.support import desk_rules, patient_data, rules
from chalicelib.support.model import Comment, Redaction, Ticket
from chalicelib.support.tables import CommentRow
from chalicelib.support.usecases import attachments, desk, tickets
from chalicelib.validation import Line

_MOST: Final = 20
Field = Annotated[
    str, Meta(max_length=64, description="`subject`, `body`, `contact_name`, or a comment's or attachment's id")
]


class RedactTicket(msgspec.Struct, frozen=True):
    """Which texts to take out of a ticket for good, and why. The reason is kept."""

    fields: Annotated[list[Field], Meta(min_length=1, max_length=_MOST)]
    reason: Line


class RedactedTicket(msgspec.Struct, frozen=True):
    """What was taken out of a ticket."""

    id: str
    number: int
    fields: list[str]
    version: int


def redact(ctx: Context, ticket_id: str, command: RedactTicket) -> RedactedTicket:
    """Take texts out of a ticket, wherever they stand. Raises NotFound; Invalid for what is no text of the ticket, and
    for a reason that tells of a patient itself."""
    if patient_data.find(command.reason):
        raise invalid(("reason", "This looks like patient data itself."))
    fields = sorted(set(command.fields))
    return outlasting(ctx, lambda: _redact(ctx, ticket_id, fields, command.reason))


def _redact(ctx: Context, ticket_id: str, fields: list[str], reason: str) -> RedactedTicket:
    before = desk.find(ctx, ticket_id)
    acting = staff_context(ctx, before.practice_id)
    mark = Redaction(fields, acting.actor.name, clock.to_text(ctx.now), reason)
    files = [each for each in before.attachments if each.id in fields]
    after = desk_rules.redact(before, mark, ctx.now)
    commit = Commit(acting)
    for each in files:
        attachments.discard(commit, before, each)
    elsewhere = desk_rules.own_texts(before) | {each.id for each in files}
    for said in _said(ctx, before, [name for name in fields if name not in elsewhere]):
        _take_out(commit, before, said, mark)
    tickets.replace(commit, before, after, rules.ticket_event("redacted", before, after, fields=fields))
    return commit.write(RedactedTicket(after.id, after.number, fields, after.version))


def _said(ctx: Context, ticket: Ticket, fields: list[str]) -> list[Comment]:
    """What was said under these ids: one batched read. Raises Invalid."""
    place = {name: CommentRow.key(ticket.practice_id, ticket.number, name) for name in fields}
    ctx.rows.load(*place.values())
    rows = {name: ctx.find(key) for name, key in place.items()}
    if unknown := [name for name, row in rows.items() if row is None]:
        message = f"The ticket has no such text: {', '.join(unknown)}."
        raise Invalid(errors=(FieldError("fields", message),))
    return [row.as_comment() for row in rows.values() if row is not None]


def _take_out(commit: Commit, ticket: Ticket, said: Comment, mark: Redaction) -> None:
    left = msgspec.structs.replace(said, body=desk_rules.REDACTED, redacted=mark)
    commit.update(
        CommentRow.key(ticket.practice_id, ticket.number, said.id),
        [CommentRow.comment.set(msgspec.to_builtins(left))],
        CommentRow.pk.exists(),
        otherwise=NotFound("The ticket has no such text any more."),
    )
