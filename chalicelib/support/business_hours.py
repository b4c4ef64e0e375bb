"""Service time: 08:00 to 17:00 on business days, in the practice's time zone. Pure; seconds of service time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.business_days import is_business_day

OPENS, CLOSES = time(8), time(17)
_DAY: Final = timedelta(days=1)


class _Window(NamedTuple):
    """One day's service time, as instants: a change to summer time in between is counted as it happens."""

    opens: datetime
    closes: datetime


def _windows(start: datetime, zone: str) -> Iterator[_Window]:
    """The service times that are not over at `start`, in their order."""
    place = ZoneInfo(zone)
    day: date = start.astimezone(place).date()
    while True:
        if is_business_day(day):
            opens, closes = (datetime.combine(day, at, place).astimezone(start.tzinfo) for at in (OPENS, CLOSES))
            if closes > start:
                yield _Window(max(opens, start), closes)
        day += _DAY


def after(start: datetime, seconds: int, zone: str) -> datetime:
    """The instant at which `seconds` of service time have passed since `start`."""
    left = timedelta(seconds=seconds)
    for window in _windows(start, zone):
        if left <= window.closes - window.opens:
            return window.opens + left
        left -= window.closes - window.opens
    raise AssertionError  # there is always another business day


def between(start: datetime, end: datetime, zone: str) -> int:
    """The seconds of service time from `start` to `end`; 0 where that is no later."""
    passed = timedelta(0)
    for window in _windows(start, zone):
        if window.opens >= end:
            break
        passed += min(window.closes, end) - window.opens
    return int(passed.total_seconds())
