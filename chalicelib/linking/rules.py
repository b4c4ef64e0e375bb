"""The rules of linking. Pure: state, command and time in, verdict out."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.errors import invalid

OPEN: Final = timedelta(days=14)
"""For how long an invitation may be accepted."""
LONGEST: Final = timedelta(days=5 * 366)


def open_until(access_until: datetime | None, now: datetime) -> datetime:
    """Until when an invitation may be accepted. Raises Invalid for an access that ends before it begins, or so late
    that it might as well not end."""
    if access_until is None:
        return now + OPEN
    if not now < access_until <= now + LONGEST:
        raise invalid(("access_until", "This must lie ahead, and within five years."))
    return min(access_until, now + OPEN)
