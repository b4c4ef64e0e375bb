"""The content of files. What decodes them is a function of its own: see `docs/decisions/0019-uploads.md`."""

from typing import Any

import msgspec

from chalicelib import aws, config, telemetry
from chalicelib.errors import Unavailable
from chalicelib.uploads import documents, rules
from chalicelib.uploads.model import CheckAttachment, Checked, CheckImage, Refused, Upload
from chalicelib.uploads.usecases import storage

_KEPT_SECONDS = 300


def require_image(practice_id: str, upload_id: str) -> None:
    """Have the upload's file checked, and the image and thumbnail made of it that are shown in its place.

    Raises Conflict when it is not there, Invalid when it is no acceptable image, Unavailable when the check failed.
    """
    _checked(storage.places(practice_id, upload_id))


def require_attachment(practice_id: str, upload: Upload) -> Checked:
    """Have the upload's file checked, and copied to where it is given back from as it came; tells what it is.

    Raises Conflict when it is not there, Invalid when it is none of the accepted kinds, Unavailable.
    """
    source = storage.places(practice_id, upload.id).source
    return _checked(CheckAttachment(source, storage.attachment(practice_id, upload.id), upload.name))


def _checked(command: CheckImage | CheckAttachment) -> Checked:
    answer = aws.client("lambda").invoke(
        FunctionName=config.get("CHECK_IMAGE_FUNCTION"), Payload=msgspec.json.encode(command)
    )
    if "FunctionError" in answer:  # (its own log and alarm say why)
        raise Unavailable("The file could not be checked just now.", retry_after=1)
    checked = msgspec.json.decode(answer["Payload"].read(), type=Checked)
    if checked.refused:
        raise rules.refusal(checked.refused)
    return checked


def check(event: dict[str, Any]) -> Checked:
    """Look into a file. The Lambda `check_image` runs it."""
    if "attachment" in event:
        return check_attachment(msgspec.convert(event, CheckAttachment))
    return check_image(msgspec.convert(event, CheckImage))


def check_image(command: CheckImage) -> Checked:
    """Make image and thumbnail of an object, unless it is refused."""
    from chalicelib.uploads import pictures  # Pillow is loaded nowhere else

    content = storage.content(command.source)
    if content is None:
        return Checked("missing")
    try:
        made = pictures.remade(content)
    except Refused as refused:
        telemetry.info("image refused", reason=refused.reason)
        return Checked(refused.reason)
    for key, body in ((command.image, made.image), (command.thumbnail, made.thumbnail)):
        _put(key, body, "image/webp")
    return Checked()


def check_attachment(command: CheckAttachment) -> Checked:
    """Copy an object to where it is given back from, unless it is refused."""
    content = storage.content(command.source)
    if content is None:
        return Checked("missing")
    try:
        kind = documents.kind_of(content, command.name)
    except Refused as refused:
        telemetry.info("attachment refused", reason=refused.reason)
        return Checked(refused.reason)
    _put(command.attachment, content, documents.KINDS[kind])
    return Checked(kind=kind, size=len(content))


def _put(key: str, body: bytes, content_type: str) -> None:
    aws.client("s3").put_object(
        Bucket=config.get("UPLOADS_BUCKET"),
        Key=key,
        Body=body,
        ContentType=content_type,
        CacheControl=f"private, max-age={_KEPT_SECONDS}",
    )
