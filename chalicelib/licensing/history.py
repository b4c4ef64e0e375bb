"""A practice's licenses over the past year, replayed from its ledger. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.clock import to_text
from chalicelib.licensing.model import Counts, Pool

WEEKS: Final = 52


class LicensesAt(msgspec.Struct, frozen=True):
    """How many licenses a practice had at an instant."""

    at: str
    active: Counts
    in_use: Counts


def past_year(changes: Iterable[tuple[str, Pool]], now: datetime) -> tuple[LicensesAt, ...]:
    """The licenses now and at the same time of each of the 52 weeks before, oldest first; none before the first of the
    `changes`, which are (instant, change of the pool) in their order."""
    instants = [to_text(now - timedelta(weeks=weeks)) for weeks in range(WEEKS, -1, -1)]
    coming, pool = iter(changes), Pool()
    change = next(coming, None)
    points = []
    for instant in instants:
        while change is not None and change[0] <= instant:
            pool, change = pool + change[1], next(coming, None)
        points.append(LicensesAt(instant, pool.active, pool.in_use))
    return tuple(points)
