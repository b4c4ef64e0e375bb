"""The entries of an uploaded CSV file.

The form by which it came works on for minutes, and the object is deleted one day: so whoever reads it again knows what
was checked by its digest, and takes nothing else for it.
"""

from hashlib import sha256
from typing import NamedTuple

from chalicelib.codes.copy_rules import Chosen
from chalicelib.codes.csv_files import read
from chalicelib.codes.model import Entry, File
from chalicelib.codes.rules import file_of
from chalicelib.errors import Conflict, Invalid
from chalicelib.uploads.usecases import storage

Entries = dict[Chosen, Entry]


class Checked(NamedTuple):
    """What an object says, in its order, and the digest of the very bytes that say it."""

    entries: Entries
    digest: str


def check(key: str, file: File) -> Checked:
    """Read an object. Raises Conflict when it is not there, Invalid naming every bad cell."""
    content = storage.content(key)
    if content is None:
        raise Conflict("The file is not there. Post it with the form first.", code="nothing_uploaded")
    return Checked(_entries(file, content), _digest(content))


def read_again(key: str, file: str, digest: str | None) -> Entries | None:
    """The same of what was checked before; None where that is not there any more, as it is gone, or another lies in its
    place, or it would not be taken today."""
    content = storage.content(key)
    if content is None or _digest(content) != digest:
        return None
    try:
        return _entries(file_of(file), content)
    except Invalid:  # a newer release takes less
        return None


def _entries(file: File, content: bytes) -> Entries:
    return {(file, entry.code): entry for entry in read(file, content)}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
