"""Who may be left with nothing: noted in the commit that may leave them so, for `passing_on` to look after."""

from collections.abc import Iterable

from chalicelib.dynamo import query
from chalicelib.errors import Conflict
from chalicelib.store import Commit
from chalicelib.support.tables import LeavingRow
from chalicelib.support.view_tables import UnsolvedRow

_MOST_COUNTED = 1_000


def look_after(commit: Commit, practice_id: str, usernames: Iterable[str]) -> None:
    """Add to the commit that somebody is to look whether these usernames may still answer in their tickets; where they
    may not, these are passed on, they are taken out of CC, and their sessions end. `practice_id`: for whose reason."""
    if names := list(usernames):
        row = LeavingRow.new(practice_id, commit.event_id, names, commit.ctx.actor.name, commit.ctx.now)
        commit.put(row, otherwise=Conflict("Their tickets are looked after already."))


def open_tickets(practice_id: str, usernames: Iterable[str]) -> int:
    """How many unsolved tickets of the practice belong to the usernames, among its first thousand. One query."""
    owners = set(usernames)
    if not owners:
        return 0
    rows = query(UnsolvedRow, practice_id, UnsolvedRow.PREFIX, limit=_MOST_COUNTED)
    return sum(row.owner in owners for row in rows)
