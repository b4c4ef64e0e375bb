"""The one way in which an upload ends well: its content is checked, and it becomes a part of what it was sent for."""

from collections.abc import Callable
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import telemetry
from chalicelib.auth import SIGNED_IN, SITE_ADMIN, Permit
from chalicelib.dynamo import Key
from chalicelib.errors import Invalid, NotFound
from chalicelib.providers.usecases import images
from chalicelib.store import Context
from chalicelib.support.usecases import attachments
from chalicelib.uploads import rules
from chalicelib.uploads.model import CompletedUpload, Purpose, Upload
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import storage


class _Ending(NamedTuple):
    """How an upload for a purpose ends. `permit`: who may still do what they began."""

    permit: Permit
    attach: Callable[[Context, Upload], CompletedUpload]


_ENDINGS: dict[Purpose, _Ending] = {
    "provider_image": _Ending(SITE_ADMIN, images.attach),
    "ticket_attachment": _Ending(SIGNED_IN, attachments.attach),
}


def rows(practice_id: str, upload_id: str) -> list[Key[UploadRow]]:
    """What is read of an upload that is to be completed."""
    return [UploadRow.key(practice_id, upload_id)]


def complete(ctx: Context, upload_id: str) -> CompletedUpload:
    """Check an upload's file and attach it. What is attached already is answered as it was the first time.

    Raises NotFound for an upload of somebody else, Conflict and Invalid for one that is over or a file that is refused.
    """
    practice_id = ctx.own_practice.id
    row = ctx.find(UploadRow.key(practice_id, upload_id))
    upload = row.as_upload() if row else None
    ending = _ENDINGS.get(upload.purpose) if upload else None
    if row is None or upload is None or ending is None or upload.started_by != ctx.actor.name:
        raise NotFound("You have started no such upload.")
    ending.permit.check(ctx.actor)
    if row.status == "attached":
        return rules.completed(upload)
    rules.require_open(upload, discarded=row.status == "discarded", now=ctx.now)
    try:
        done = ending.attach(ctx, upload)
    except Invalid:  # another file may be posted with the same form
        _forget(practice_id, upload_id)
        raise
    except rules.NothingUploaded:
        if _is_attached(ctx, practice_id, upload_id):  # by a twin of this request, which has deleted the file
            return rules.completed(upload)
        raise
    _forget(practice_id, upload_id)
    return done


def _is_attached(ctx: Context, practice_id: str, upload_id: str) -> bool:
    ctx.rows.clear()
    row = ctx.find(UploadRow.key(practice_id, upload_id))
    return row is not None and row.status == "attached"


def _forget(practice_id: str, upload_id: str) -> None:
    """Delete the file as it came in. Where that fails, the bucket's own rule does it within two days."""
    try:
        storage.delete(storage.places(practice_id, upload_id).source)
    except (BotoCoreError, ClientError) as error:
        telemetry.failure("upload not deleted", error, practice=practice_id, upload=upload_id)
