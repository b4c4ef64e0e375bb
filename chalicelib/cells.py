"""Texts in the cells of CSV files, so that no spreadsheet takes one for a formula, and each can be read back. Pure."""

import re

# Some spreadsheets take the signs in their full width for signs, too.
_FORMULA = "'*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"


def harmless(text: str) -> str:
    """The cell for a text: one that would be a formula begins with an apostrophe."""
    return f"'{text}" if re.match(_FORMULA, text) else text


def typed(cell: str) -> str:
    """The text that a cell stands for."""
    return cell[1:] if cell.startswith("'") and re.match(_FORMULA, cell) else cell
