"""Proration: whole cents, rounded half up per line."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.licensing.billing_calendar import period_of, prorated_cents
from chalicelib.licensing.model import LicenseQuoteRequest, Terms, UnitPrices
from chalicelib.licensing.rules import quote

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("unit", "quantity", "day", "cents"),
    [
        (9900, 1, date(2026, 7, 1), 9900),  # the whole period
        (9900, 1, date(2026, 7, 31), 319),  # its last day: 9900/31 = 319.35
        (9900, 3, date(2026, 7, 31), 958),  # per line, not per license: 958.06
        (15, 1, date(2026, 6, 16), 8),  # 7.5 goes up
        (9900, 1, date(2028, 2, 29), 341),  # leap day: 341.38
        (0, 100, date(2026, 7, 15), 0),
    ],
)
def test_vectors(unit: int, quantity: int, day: date, cents: int) -> None:
    assert prorated_cents(unit, quantity, period_of(day)) == cents


@given(st.integers(0, 10_000_000), st.integers(1, 100), days)
def test_equals_exact_arithmetic_rounded_half_up(unit: int, quantity: int, day: date) -> None:
    period = period_of(day)
    exact = Decimal(unit * quantity * period.days_left) / Decimal(period.days)
    assert prorated_cents(unit, quantity, period) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(days)
def test_the_period_is_the_calendar_month_and_counts_its_start_day(day: date) -> None:
    period = period_of(day)
    assert period.start.day == 1
    assert (period.end - period.start).days + 1 == period.days
    assert (period.end - day).days + 1 == period.days_left


@given(st.integers(0, 100), st.integers(0, 100), st.datetimes(timezones=st.just(UTC)))
def test_the_total_is_the_sum_of_the_lines(physician: int, midlevel: int, now: datetime) -> None:
    if not 1 <= physician + midlevel <= 100:
        return
    terms = Terms("Elm Street Clinic", UnitPrices(9900, 5900), "USD", "UTC")
    made = quote(LicenseQuoteRequest(physician, midlevel), terms, now)
    assert made.total_cents == sum(line.amount_cents or 0 for line in made.lines)
    assert [line.quantity for line in made.lines] == [count for count in (physician, midlevel) if count]
