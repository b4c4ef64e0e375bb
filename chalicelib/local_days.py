"""Days of a practice: which day it is there, and when one begins."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.clock import to_text


def today(now: datetime, zone: str) -> date:
    """The day that it is in the time zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> str:
    """The first instant of a day in the time zone, as stored text.

    Where clocks are set forward over midnight, this is the instant of the change: a time that is left out counts by
    the offset before it (PEP 495). Where they are set back over it, it is the first of the two midnights.
    """
    return to_text(datetime.combine(day, time(0), ZoneInfo(zone)))
