"""Files as parts of what they are attached to: for the rooms that have such parts."""

import msgspec

from chalicelib import clock, ids
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound
from chalicelib.store import Commit, Context
from chalicelib.uploads import rules
from chalicelib.uploads.model import Purpose, StartedUpload, Upload
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import storage


def begin(ctx: Context, purpose: Purpose, subject: str, name: str = "") -> StartedUpload:
    """Let the actor post a file for `subject`."""
    practice_id = ctx.own_practice.id
    upload, event = rules.begin(purpose, subject, ids.new("upl", ctx.now), ctx.actor.name, ctx.now, name)
    commit = Commit(ctx)
    commit.record(event)
    commit.put(UploadRow.new(practice_id, upload), otherwise=Conflict("This upload exists."))
    started = StartedUpload(upload.id, storage.form(practice_id, upload), clock.to_text(ctx.now + rules.FORM_LASTS))
    return commit.write(started)


def attach(commit: Commit, practice_id: str, upload: Upload) -> None:
    """Add to the commit that the upload's file is kept, from now on as a part of its subject."""
    key = UploadRow.key(practice_id, upload.id)
    commit.update(key, UploadRow.attach(), UploadRow.status == "started", otherwise=rules.gone())


def spend(commit: Commit, practice_id: str, upload_id: str) -> None:
    """Add to the commit that an upload's file is used, once and within a day. Then it is deleted."""
    due_at = clock.to_text(commit.ctx.now + rules.SPENT_LASTS)
    key, gone = UploadRow.key(practice_id, upload_id), UploadRow.discard(upload_id, due_at)
    commit.update(key, gone, UploadRow.status == "started", otherwise=rules.gone())


def find_open(ctx: Context, purpose: Purpose, subject: str, upload_id: str) -> Upload:
    """An upload that the actor has started for this, and whose time is not over. Raises NotFound, Conflict."""
    row = ctx.find(key_of(ctx.own_practice.id, upload_id))
    upload = row.as_upload() if row else None
    wanted = (purpose, subject, ctx.actor.name)
    if row is None or upload is None or (upload.purpose, upload.subject, upload.started_by) != wanted:
        raise NotFound("You have started no such upload.")
    rules.require_open(upload, discarded=row.status == "discarded", now=ctx.now)
    return upload


def key_of(practice_id: str, upload_id: str) -> Key[UploadRow]:
    """An upload's row: for a route's prefetch."""
    return UploadRow.key(practice_id, upload_id)


def discard(commit: Commit, practice_id: str, upload_id: str, kept: Upload | None = None) -> None:
    """Add to the commit that a file is a part of nothing any more. It is deleted once no link to it works. `kept`: what
    is told of it until then, in place of what was."""
    due_at = clock.to_text(commit.ctx.now + rules.LINK_LASTS)
    key, gone = UploadRow.key(practice_id, upload_id), UploadRow.discard(upload_id, due_at)
    if kept is not None:
        gone.append(UploadRow.upload.set(msgspec.to_builtins(kept)))
    commit.update(key, gone, UploadRow.status == "attached", otherwise=rules.gone())
