"""Looks into files that are given back as they came, and tells by their content what they are. Nobody vouches for them.

A docx or xlsx is a zip. What it says of itself is held against limits before anything is unpacked, and unpacking stops
at what it said.
"""

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from chalicelib.uploads import wholeness
from chalicelib.uploads.model import Refused
from chalicelib.uploads.rules import ending

KINDS: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What is accepted, with its media type."""
MOST_UNPACKED: Final = 150 * 1024 * 1024
MOST_PARTS: Final = 5_000

_SHAPES: Final = {
    "pdf": (wholeness.PDF, wholeness.is_pdf),
    "png": (wholeness.PNG, wholeness.is_png),
    "jpg": (wholeness.JPEG, wholeness.is_jpeg),
}
_TYPES: Final = "[Content_Types].xml"
_PARTS: Final = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
"""The part that each has, and what its list of types calls that."""
_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an OLE file: a document under a password, or one of before 2007
_CHUNK: Final = 1024 * 1024
_NO_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f")


def kind_of(content: bytes, name: str) -> str:
    """What the content is, which is what the name says. Raises Refused."""
    said, found = ending(name), _kind(content)
    if found == "text":
        found = said if said in ("txt", "csv") else "txt"
    if said != found:
        raise Refused("misnamed")
    return found


def _kind(content: bytes) -> str:
    for kind, (begins, is_whole) in _SHAPES.items():
        if content.startswith(begins):
            if not is_whole(content):
                raise Refused("broken")
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_LOCKED):
        raise Refused("locked")
    if _is_text(content):
        return "text"
    raise Refused("document")


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(content) and not _NO_TEXT & set(content)


def _office(content: bytes) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_size(parts)
            names = {part.filename for part in parts}
            types = archive.read(_TYPES) if _TYPES in names else b""
            if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Refused("macros")
            found = [kind for kind, (part, called) in _PARTS.items() if part in names and called in types]
            if len(found) != 1:
                raise Refused("document")
            for part in parts:
                _unpack(archive, part)
    except Refused:
        raise
    except Exception:  # whatever zipfile or zlib stumbles over, the file is what's wrong
        raise Refused("broken") from None
    return found[0]


def _check_size(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("unpacked")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("locked")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise Refused("broken")


def _unpack(archive: ZipFile, part: ZipInfo) -> None:
    """Read a part to its end, so that its checksum is asked: what is longer than it says does not have it."""
    with archive.open(part) as opened:
        while opened.read(_CHUNK):
            pass
