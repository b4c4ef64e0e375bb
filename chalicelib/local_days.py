"""Days and times in a time zone: which day it is there, when one begins and ends."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.clock import from_text, to_text


def local(instant: str, zone: str) -> datetime:
    """The time that it is in the time zone at a stored instant."""
    return from_text(instant).astimezone(ZoneInfo(zone))


def day_of(instant: datetime, zone: str) -> date:
    """The day that it is in the time zone at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> str:
    """The first instant of a day in the time zone, as stored text.

    Where clocks are set forward over midnight, this is the instant of the change: a time that is left out counts by
    the offset before it (PEP 495). Where they are set back over it, it is the first of the two midnights.
    """
    return to_text(datetime.combine(day, time(0), ZoneInfo(zone)))


def ends(day: date, zone: str) -> str:
    """The last second of a day in the time zone, as stored text."""
    return to_text(from_text(begins(day + timedelta(days=1), zone)) - timedelta(seconds=1))
