"""Billing periods, proration and the cancel deadline: the vendor's calendar, in its billing time zone."""

import calendar
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.business_days import is_business_day
from chalicelib.local_days import begins, day_of, ends

CANCEL_BUSINESS_DAYS = 2


class Period(NamedTuple):
    """The part of a billing period (a calendar month) that a day leaves, that day included."""

    start: date
    end: date
    days_left: int
    days: int


def period_of(day: date) -> Period:
    """The billing period that `day` lies in."""
    days = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=days), days - day.day + 1, days)


def prorated_cents(unit_cents: int, quantity: int, period: Period) -> int:
    """unit x quantity x days left / days in the period, rounded half up to a whole cent."""
    return (2 * unit_cents * quantity * period.days_left + period.days) // (2 * period.days)


def cancel_until(now: datetime, zone: str) -> str:
    """The last second in which an order placed at `now` may be cancelled, as stored text.

    The order's day is day 0; the window closes at the end of business day 2 ("within 2 business days").
    """
    day, counted = day_of(now, zone), 0
    while counted < CANCEL_BUSINESS_DAYS:
        day += timedelta(days=1)
        counted += is_business_day(day)
    return ends(day, zone)


def month_bounds(day: date, zone: str) -> tuple[str, str]:
    """First and last second of the billing period around `day`, as stored texts."""
    period = period_of(day)
    return begins(period.start, zone), ends(period.end, zone)


def next_period_begins(now: datetime, zone: str) -> str:
    """The first second of the next billing period, as stored text."""
    return begins(period_of(day_of(now, zone)).end + timedelta(days=1), zone)
