"""The entries of an uploaded CSV file."""

from chalicelib.codes.copy_rules import Chosen
from chalicelib.codes.csv_files import read
from chalicelib.codes.model import Entry, File
from chalicelib.codes.rules import file_of
from chalicelib.errors import Conflict
from chalicelib.uploads.usecases import storage


def uploaded_entries(key: str, file: File | str) -> dict[Chosen, Entry]:
    """What the object says, in its order. Raises Conflict when it is not there, Invalid naming every bad cell."""
    content = storage.content(key)
    if content is None:
        raise Conflict("The file is not there. Post it with the form first.", code="nothing_uploaded")
    known = file_of(file)
    return {(known, entry.code): entry for entry in read(known, content)}
