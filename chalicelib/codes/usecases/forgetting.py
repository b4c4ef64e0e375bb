"""Code files that go for good, with the account whose they are."""

from typing import Any

from chalicelib.codes import rules
from chalicelib.codes.copy_tables import CopyRow
from chalicelib.codes.tables import EntryRow, FindingRow, place
from chalicelib.codes.usecases.copying import ITEMS, overtaken
from chalicelib.codes.usecases.entries import remove
from chalicelib.dynamo import query
from chalicelib.store import Commit


def forget(commit: Commit, practice_id: str, provider_id: str) -> dict[str, Any]:
    """Add to the commit that entries of an account go, as many as it takes; where none are left, what copies to the
    practice's accounts have kept. Gives what the audit trail keeps of it, or nothing."""
    return _entries(commit, place(practice_id, provider_id)) or _copies(commit, practice_id)


def _entries(commit: Commit, pk: str) -> dict[str, Any]:
    codes: dict[str, list[str]] = {}
    items = 0
    for row in query(EntryRow, pk, EntryRow.PREFIX, limit=ITEMS):
        entry = row.as_entry()
        items += 1 + len(FindingRow.all_of(pk, entry))
        if items > ITEMS:
            break
        remove(commit, row, overtaken())
        codes.setdefault(rules.file_of_entry(entry), []).append(entry.code)
    return {"codes": codes} if codes else {}


def _copies(commit: Commit, practice_id: str) -> dict[str, Any]:
    """The copies themselves, and what they wrote over: all that this table has of a practice beside the accounts'."""
    rows = query(CopyRow, practice_id, limit=ITEMS)
    for row in rows:
        commit.delete(row.as_key(), CopyRow.pk.exists(), otherwise=overtaken())
    return {"copies": len(rows)} if rows else {}
