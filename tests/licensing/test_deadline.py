"""The cancel deadline: the end of business day 2 in the billing time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.business_days import is_business_day
from chalicelib.clock import from_text
from chalicelib.licensing.billing_calendar import cancel_until
from chalicelib.local_days import day_of

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("ordered", "last_day"),
    [
        ("2026-07-02", "2026-07-07"),  # Thursday; Friday is Independence Day as observed
        ("2026-07-03", "2026-07-07"),  # on the holiday itself
        ("2026-11-25", "2026-11-30"),  # Thanksgiving
        ("2027-06-17", "2027-06-22"),  # Juneteenth on a Saturday, observed on Friday
        ("2027-12-30", "2028-01-04"),  # New Year's Day on a Saturday, observed in the old year
    ],
)
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_vectors(ordered: str, last_day: str, hour: int) -> None:
    now = datetime.combine(date.fromisoformat(ordered), datetime.min.time(), ZoneInfo(NEW_YORK)).replace(hour=hour)
    until = from_text(cancel_until(now.astimezone(UTC), NEW_YORK)).astimezone(ZoneInfo(NEW_YORK))
    assert until.isoformat(sep=" ")[:19] == f"{last_day} 23:59:59"


def test_the_orders_day_is_the_billing_zones_not_utcs() -> None:
    late_on_wednesday = datetime(2026, 7, 2, 3, 30, tzinfo=UTC)  # 23:30 on July 1 in New York
    assert cancel_until(late_on_wednesday, NEW_YORK) == "2026-07-07T03:59:59Z"


def test_the_clock_change_moves_the_deadline_in_utc() -> None:
    friday_before = datetime(2026, 10, 30, 16, tzinfo=UTC)  # daylight time ends on Sunday
    assert cancel_until(friday_before, NEW_YORK) == "2026-11-04T04:59:59Z"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC)))
def test_two_business_days_follow_the_orders_day_and_the_last_is_the_deadlines(now: datetime) -> None:
    first, last = day_of(now, NEW_YORK), day_of(from_text(cancel_until(now, NEW_YORK)), NEW_YORK)
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(map(is_business_day, days)) == 2
    assert is_business_day(last)
