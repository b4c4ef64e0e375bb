"""The rules of uploads. Pure: state and command in, new state and event out; no clock, no AWS."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib import clock
from chalicelib.errors import Conflict, Invalid, Problem
from chalicelib.model import Event
from chalicelib.uploads.model import CompletedUpload, Purpose, Refusal, Upload

FORM_LASTS: Final = timedelta(minutes=10)
UPLOAD_LASTS: Final = timedelta(hours=1)
"""A file that was posted in the form's last second can still be completed; afterwards it is rubbish."""
SPENT_LASTS: Final = timedelta(days=1)
"""What is used after the upload is kept for so long."""
CHECK_LASTS: Final = timedelta(minutes=1)
"""Longer than any request: whoever checks a file has ended by then."""
LINK_LASTS: Final = timedelta(minutes=5)
_MB = 1024 * 1024
MOST_BYTES: Final[dict[Purpose, int]] = {
    "provider_image": 5 * _MB,
    "ticket_attachment": 20 * _MB,
    "code_import": 20 * _MB,
}

_ENDINGS: Final = {"jpeg": "jpg", **{kind: kind for kind in ("pdf", "png", "jpg", "txt", "csv", "docx", "xlsx")}}
"""What the end of an attachment's name says that it is."""


class NothingUploaded(Conflict):
    """The file to be checked is not there."""

    code = "nothing_uploaded"


_REFUSALS: Final[dict[Refusal, tuple[type[Problem], str, str]]] = {
    "missing": (NothingUploaded, NothingUploaded.code, "The file is not there. Post it with the form first."),
    "type": (Invalid, "not_an_image", "Send a PNG, JPEG or WebP image; the content counts, not the name."),
    "damaged": (Invalid, "image_damaged", "The image can't be read to its end."),
    "size": (Invalid, "image_too_large", "The image has more than 50 million pixels."),
    "animated": (Invalid, "image_animated", "Send an image that does not move."),
    "document": (Invalid, "not_an_attachment", "Send a pdf, png, jpg, txt, csv, docx or xlsx; the content counts."),
    "misnamed": (Invalid, "attachment_misnamed", "The file's content is not what the end of its name says."),
    "broken": (Invalid, "attachment_damaged", "The document can't be read to its end."),
    "unpacked": (Invalid, "attachment_unpacks_too_large", "The document is far larger than its file."),
    "macros": (Invalid, "attachment_has_macros", "The document brings programs with it. Send it without macros."),
    "locked": (Invalid, "attachment_locked", "The document is locked by a password."),
}
"""For each reason: which problem, its code, and what is told."""


def begin(
    purpose: Purpose, subject: str, upload_id: str, actor: str, now: datetime, name: str = ""
) -> tuple[Upload, Event]:
    """A new upload."""
    upload = Upload(upload_id, purpose, subject, actor, clock.to_text(now + UPLOAD_LASTS), name)
    return upload, Event("upload.started", upload_id, after={"purpose": purpose, "subject": subject})


def require_open(upload: Upload, *, discarded: bool, now: datetime) -> None:
    """Raises Conflict for an upload whose time is over, or whose file is gone."""
    if discarded:
        raise gone()
    if clock.to_text(now) >= upload.expires_at:
        raise Conflict("This upload was not completed within an hour. Start a new one.", code="upload_expired")


def gone() -> Problem:
    """The refusal to complete an upload whose file is not kept any more."""
    return Conflict("The file of this upload was replaced, removed or forgotten since.", code="upload_discarded")


def completed(upload: Upload) -> CompletedUpload:
    """What whoever completes it is told."""
    return CompletedUpload(upload.id, upload.purpose, upload.subject)


def refusal(reason: Refusal) -> Problem:
    """Why a file was not accepted."""
    problem, code, detail = _REFUSALS[reason]
    return problem(detail, code=code)


def ending(name: str) -> str | None:
    """What an attachment's name says that it is; None for what is not accepted."""
    return _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
