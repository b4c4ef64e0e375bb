"""Code files as CSV: written with harmless cells, and read line by line with every bad cell named. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from chalicelib.cells import harmless, typed
from chalicelib.codes.model import NEW, Entry, File
from chalicelib.codes.rules import entry_of
from chalicelib.errors import FieldError, Invalid
from chalicelib.validation import convert

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


# --- Reading ------------------------------------------------------------------------------------------------------

MOST_LINES: Final = 10_000
_OPTIONAL: Final = frozenset({"modifiers", "fee_cents"})
_NAMED: Final = 100
_MOST_COLUMNS: Final = 20


def read(file: File, content: bytes) -> list[Entry]:
    """The entries of a CSV file in UTF-8 with a header, in the order of its lines; its columns may stand in any order.

    Raises Invalid (`csv_refused`) naming line and column of every bad cell, the first 100 of them.
    """
    lines = _lines(file, content)
    found: dict[str, int] = {}
    entries: list[Entry] = []
    errors: list[FieldError] = []
    for number, cells in lines:
        try:
            entry = entry_of(convert(NEW[file], cells, strict=False))
        except Invalid as invalid:
            errors.extend(
                FieldError(f"line {number}, {error.field.partition('[')[0]}", error.message.replace(" or null", ""))
                for error in invalid.errors
            )
            continue
        if entry.code in found:
            errors.append(FieldError(f"line {number}, code", f"Line {found[entry.code]} has this code already."))
        found[entry.code] = number
        entries.append(entry)
    if errors:
        raise _refused(*errors)
    if not entries:
        raise _refused(FieldError("file", "The file has no lines below its header."))
    return entries


def _lines(file: File, content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and cells of each line below the header that has something in a cell."""
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(file, header)
        for count, row in enumerate(filter(any, reader), 1):
            if count > MOST_LINES:
                raise _refused(FieldError("file", f"A file has at most {MOST_LINES} lines: split it."))
            if len(row) != len(header):
                message = f"This line has {len(row)} cells, and the header {len(header)}."
                raise _refused(FieldError(f"line {reader.line_num}", message))
            yield reader.line_num, _fields(dict(zip(header, row, strict=True)))
    except csv.Error:
        message = (
            "This is no CSV: look for a quotation mark that is not closed, or stands inside a cell, or for a cell of "
            "more than 131,072 characters."
        )
        raise _refused(FieldError(f"line {reader.line_num}", message)) from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(FieldError(f"line {line}", "This is not UTF-8: save the file as CSV UTF-8.")) from None


def _check_header(file: File, header: list[str]) -> None:
    columns = COLUMNS[file]
    if len(header) > _MOST_COLUMNS:
        raise _refused(FieldError("line 1", f"The file has {len(header)} columns, and no more than 20 are looked at."))
    wrong = [name for name in header if name not in columns or header.count(name) > 1]
    missing = [name for name in columns if name not in header and name not in _OPTIONAL]
    if wrong or missing:
        message = f"The first line names the columns: {', '.join(columns)}, each once."
        raise _refused(*(FieldError(f"line 1, {name[:60]}", message) for name in dict.fromkeys(wrong + missing)))


def _fields(cells: dict[str, str]) -> dict[str, Any]:
    """A line as the fields of an entry: blanks around a cell are nothing, and an empty one is left out."""
    fields: dict[str, Any] = {name: typed(cell.strip()) for name, cell in cells.items() if cell.strip()}
    if "modifiers" in fields:
        fields["modifiers"] = fields["modifiers"].split()
    return fields


def _refused(*errors: FieldError) -> Invalid:
    return Invalid(
        "The file is refused, and nothing of it imported.",
        code="csv_refused",
        errors=errors[:_NAMED],
        error_count=len(errors),
    )
