"""What must hold of code files, whatever happened."""

import json
from typing import Any

import msgspec

from chalicelib.codes.model import Entry
from chalicelib.codes.tables import FindingRow
from tests.simulation.history import History


def a_search_finds_what_the_files_have(history: History) -> None:
    """Each entry stands under each of its terms as it is, and nothing else does."""
    wanted: dict[tuple[str, str], Any] = {}
    found: dict[tuple[str, str], Any] = {}
    for (_, pk, sk), row in history.after.items():
        if sk.startswith("code#"):
            held = json.loads(row["entry"])
            keys = FindingRow.all_of(pk, msgspec.convert(held, Entry))
            wanted |= {(key.pk, key.sk): held for key in keys}
        if sk.startswith("word#"):
            found[pk, sk] = json.loads(row["entry"])
    assert found == wanted, "a search finds what is not there, or misses what is"


def no_edit_is_lost(history: History) -> None:
    """What an entry's version counts is told."""
    told = sum(row["type"] == "code.edited" for (table, _, _), row in history.after.items() if table == "events")
    rows = (json.loads(row["entry"]) for (_, _, sk), row in history.after.items() if sk.startswith("code#"))
    counted = sum(entry["version"] - 1 for entry in rows)
    deleted = any(row["type"] == "code.deleted" for (table, _, _), row in history.after.items() if table == "events")
    assert counted == told or deleted, "an edit went over another"


INVARIANTS = (a_search_finds_what_the_files_have, no_edit_is_lost)
