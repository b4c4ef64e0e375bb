"""Whole code files as CSV."""

from typing import Final

from chalicelib import ids
from chalicelib.answers import Csv, Elsewhere
from chalicelib.codes.csv_files import as_csv
from chalicelib.codes.model import File
from chalicelib.codes.tables import EntryRow, place
from chalicelib.dynamo import walk
from chalicelib.store import Context
from chalicelib.uploads.usecases import storage

_PAGE: Final = 10_000
"""More than one query gives: it ends with a MB."""


def export(ctx: Context, provider_id: str, file: File) -> Csv | Elsewhere:
    """A file as CSV, or a link to it where it is too large for an answer: a file of codes may grow without end. One
    query for each MB of it."""
    practice_id = ctx.own_practice.id
    rows = walk(EntryRow, place(practice_id, provider_id), EntryRow.prefix(file), page_size=_PAGE)
    found = Csv(as_csv(file, (row.as_entry() for row in rows)), f"{file}.csv")
    return found if found.fits else Elsewhere(storage.give_out(practice_id, ids.new("exp", ctx.now), found))
