"""When a day begins: time zones, both changes of the clocks, and days whose midnight does not exist."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib import clock
from chalicelib.local_days import begins, day_of, ends

# Offsets from UTC by the zones' laws; the days are those around each change of the clocks in 2027.
BEGINNINGS = {
    ("America/New_York", "2027-01-15"): "2027-01-15T05:00:00Z",
    ("America/New_York", "2027-03-14"): "2027-03-14T05:00:00Z",  # the clocks go forward at 02:00 of this day
    ("America/New_York", "2027-03-15"): "2027-03-15T04:00:00Z",
    ("America/New_York", "2027-11-07"): "2027-11-07T04:00:00Z",  # and back
    ("America/New_York", "2027-11-08"): "2027-11-08T05:00:00Z",
    ("America/Phoenix", "2027-03-14"): "2027-03-14T07:00:00Z",  # no summer time
    ("America/Phoenix", "2027-03-15"): "2027-03-15T07:00:00Z",
    ("America/Phoenix", "2027-11-08"): "2027-11-08T07:00:00Z",
    ("Pacific/Honolulu", "2027-03-15"): "2027-03-15T10:00:00Z",
    ("Pacific/Honolulu", "2027-11-08"): "2027-11-08T10:00:00Z",
    ("Europe/Berlin", "2027-03-28"): "2027-03-27T23:00:00Z",
    ("Europe/Berlin", "2027-03-29"): "2027-03-28T22:00:00Z",
    ("Europe/Berlin", "2027-10-31"): "2027-10-30T22:00:00Z",
    ("Europe/Berlin", "2027-11-01"): "2027-10-31T23:00:00Z",
    ("America/Santiago", "2027-09-05"): "2027-09-05T04:00:00Z",  # begins at 01:00: midnight is left out
    ("America/Santiago", "2027-09-06"): "2027-09-06T03:00:00Z",
    ("America/Santiago", "2027-04-04"): "2027-04-04T04:00:00Z",  # 23:00 to 24:00 of the day before comes twice
    ("Asia/Beirut", "2027-03-28"): "2027-03-27T22:00:00Z",  # begins at 01:00
    ("Africa/Cairo", "2027-04-30"): "2027-04-29T22:00:00Z",  # begins at 01:00
    ("Africa/Cairo", "2027-10-29"): "2027-10-28T22:00:00Z",  # 23:00 to 24:00 of the day before comes twice
    ("America/Havana", "2027-11-07"): "2027-11-07T04:00:00Z",  # 00:00 to 01:00 comes twice: the first counts
    ("Asia/Kathmandu", "2027-05-01"): "2027-04-30T18:15:00Z",
    ("Pacific/Kiritimati", "2027-01-01"): "2026-12-31T10:00:00Z",
}


@pytest.mark.parametrize(("zone", "day"), BEGINNINGS)
def test_a_day_begins_at_its_first_instant(zone: str, day: str) -> None:
    assert begins(date.fromisoformat(day), zone) == BEGINNINGS[zone, day]


def test_nothing_of_a_day_is_before_its_beginning_in_any_zone() -> None:
    for zone in sorted(available_timezones()):
        offsets = ZoneInfo(zone)
        days = [date(2027, 1, 1) + timedelta(days=number) for number in range(366)]
        changes = [day for day, after in pairwise(days) if _offset(day, offsets) != _offset(after, offsets)]
        for day in {near + timedelta(days=more) for near in changes for more in (0, 1, 2)} or {date(2027, 7, 1)}:
            first = clock.from_text(begins(day, zone))
            assert first.astimezone(offsets).date() == day, (zone, day)
            assert clock.from_text(ends(day - timedelta(days=1), zone)) == first - timedelta(seconds=1)
            assert (first - timedelta(seconds=1)).astimezone(offsets).date() < day, (zone, day)


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()


def test_a_day_is_that_of_the_practice() -> None:
    instant = datetime(2026, 7, 2, 5, 30, tzinfo=UTC)
    assert day_of(instant, "America/New_York") == day_of(instant, "Europe/Berlin") == date(2026, 7, 2)
    assert day_of(instant, "Pacific/Honolulu") == date(2026, 7, 1)
    assert day_of(instant.replace(hour=10), "Pacific/Kiritimati") == date(2026, 7, 3)
