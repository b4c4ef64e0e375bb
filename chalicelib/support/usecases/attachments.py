"""Files of a ticket: posted straight to S3, checked, then a part of the ticket; shown by links that end soon."""

import re

from chalicelib import clock
from chalicelib.errors import invalid
from chalicelib.store import Commit, Context, outlasting
from chalicelib.support import patient_data, rules
from chalicelib.support.model import AttachFile, Attachment, AttachmentLink, Ticket
from chalicelib.support.usecases import patient_warning, tickets
from chalicelib.uploads import rules as upload_rules
from chalicelib.uploads.model import Checked, CompletedUpload, StartedUpload, Upload
from chalicelib.uploads.usecases import checking, files, storage


def begin(ctx: Context, number: str, command: AttachFile) -> StartedUpload:
    """Let a file be posted for a ticket, by somebody who sees it. Raises NotFound, TicketClosed, Conflict for one too
    many, Invalid for a name that ends in no accepted kind or names a folder, PatientDataFound for one that seems to
    tell of a patient."""
    ticket = tickets.find(ctx, number)
    rules.require_room_for_files(ticket)
    if upload_rules.ending(command.name) is None:
        raise invalid(("name", "The name must end in pdf, png, jpg, txt, csv, docx or xlsx."))
    if re.search(r"[/\\]", command.name):  # whoever saves the file is not to be led into a folder
        raise invalid(("name", "Name the file alone, without its folder."))
    patient_warning.require_confirmed(command.contains_patient_data, name=patient_data.words_of(command.name))
    return files.begin(ctx, "ticket_attachment", number, command.name)


def attach(ctx: Context, upload: Upload) -> CompletedUpload:
    """Make an uploaded file a part of its ticket. Raises NotFound; Conflict and Invalid for a file that is refused."""
    rules.require_room_for_files(tickets.find(ctx, upload.subject))
    checked = checking.require_attachment(ctx.own_practice.id, upload)
    return outlasting(ctx, lambda: _attach(ctx, upload, checked))


def _attach(ctx: Context, upload: Upload, checked: Checked) -> CompletedUpload:
    before, answer = tickets.find(ctx, upload.subject), upload_rules.completed(upload)
    if any(each.id == upload.id for each in before.attachments):  # a twin of this request was faster
        return answer
    at = clock.to_text(ctx.now)
    attachment = Attachment(upload.id, upload.name, checked.kind, checked.size, ctx.actor.name, at)
    after, event = rules.attach(before, attachment, ctx.now)
    commit = Commit(ctx)
    tickets.replace(commit, before, after, event)
    files.attach(commit, before.practice_id, upload)
    return commit.write(answer)


def show(ctx: Context, number: str) -> list[AttachmentLink]:
    """A ticket's files, with a link to each. Raises NotFound."""
    return links(ctx, tickets.find(ctx, number))


def links(ctx: Context, ticket: Ticket) -> list[AttachmentLink]:
    """The files of a ticket that was read, with a link to each."""
    until = clock.to_text(ctx.now + upload_rules.LINK_LASTS)
    return [
        AttachmentLink(
            id=each.id,
            name=each.name,
            kind=each.kind,
            size=each.size,
            by=each.by,
            at=each.at,
            link=storage.link(storage.attachment(ticket.practice_id, each.id), each.name),
            expires_at=until,
        )
        for each in ticket.attachments
    ]


def discard(commit: Commit, ticket: Ticket, attachment: Attachment) -> None:
    """Add to the commit that takes a file out of a ticket that the file is deleted, once no link to it works, and its
    name forgotten at once."""
    gone = Upload(attachment.id, "ticket_attachment", str(ticket.number), attachment.by, attachment.at)
    files.discard(commit, ticket.practice_id, attachment.id, gone)
