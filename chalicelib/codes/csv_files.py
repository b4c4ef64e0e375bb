"""Code files as CSV: written with harmless cells, and read line by line with every bad cell named. Pure."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from chalicelib.cells import harmless
from chalicelib.codes.model import Entry, File

COLUMNS: Final[dict[File, tuple[str, ...]]] = {
    "diagnosis": ("code", "description"),
    "billing": ("code", "description", "modifiers", "fee_cents"),
    "payers": ("code", "name", "type"),
}


def as_csv(file: File, entries: Iterable[Entry]) -> str:
    """A file as CSV, with a header; modifiers stand in one cell with blanks between them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS[file])
    for entry in entries:
        values = msgspec.structs.asdict(entry)
        writer.writerow([_cell(values[column]) for column in COLUMNS[file]])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else harmless(str(value))
