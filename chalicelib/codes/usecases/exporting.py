"""Whole code files as CSV."""

from chalicelib.answers import Csv
from chalicelib.codes.csv_files import as_csv
from chalicelib.codes.model import File
from chalicelib.codes.tables import EntryRow, place
from chalicelib.dynamo import query
from chalicelib.store import Context


def export(ctx: Context, provider_id: str, file: File) -> Csv:
    """A file as CSV. One query for each MB of it."""
    rows = query(EntryRow, place(ctx.own_practice.id, provider_id), EntryRow.prefix(file))
    return Csv(as_csv(file, (row.as_entry() for row in rows)), f"{file}.csv")
