"""The words of the uploads room. Instants are RFC 3339 in UTC."""

from typing import Literal

import msgspec

Purpose = Literal["provider_image", "ticket_attachment", "code_import"]
"""What a file is sent for: it decides who may send it, how large it may be, and how it is checked."""


class Upload(msgspec.Struct, frozen=True):
    """A file on its way to `subject`, the id of what it is for. Its id names the file for good; `name` is what whoever
    sends it calls it, where that is asked for."""

    id: str
    purpose: Purpose
    subject: str
    started_by: str
    expires_at: str
    name: str = ""


class UploadForm(msgspec.Struct, frozen=True):
    """Where a browser posts the file: `fields` first, then the file as the field `file`, as multipart/form-data."""

    url: str
    fields: dict[str, str]


class StartedUpload(msgspec.Struct, frozen=True):
    """An upload and its form, which works until `expires_at`. Once the file is there: POST /uploads/{id}/complete."""

    id: str
    upload: UploadForm
    expires_at: str


class CompletedUpload(msgspec.Struct, frozen=True):
    """A file that was accepted, and what it is attached to."""

    id: str
    purpose: Purpose
    subject: str


class CheckImage(msgspec.Struct, frozen=True):
    """What the function `check_image` is asked: read the object `source`, and write what it makes of it."""

    source: str
    image: str
    thumbnail: str


class CheckAttachment(msgspec.Struct, frozen=True):
    """The same of a file that is given back as it came: it is copied to `attachment` if its content is what its `name`
    says."""

    source: str
    attachment: str
    name: str


Refusal = Literal[
    "missing", "type", "damaged", "size", "animated", "document", "misnamed", "broken", "unpacked", "macros", "locked"
]


class Refused(Exception):
    """No acceptable file."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


class Checked(msgspec.Struct, frozen=True):
    """What it answers. `refused`: why nothing was written; `kind` and `size` in bytes of an attachment."""

    refused: Refusal | None = None
    kind: str = ""
    size: int = 0
