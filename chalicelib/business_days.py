"""The days on which business is done, by the vendor's calendar. Pure."""

from datetime import date
from functools import cache


def is_business_day(day: date) -> bool:
    """Monday to Friday, but no US federal holiday as observed (Saturday -> Friday, Sunday -> Monday)."""
    return day.weekday() < 5 and day not in _observed_holidays(day.year)


@cache
def _observed_holidays(year: int) -> frozenset[date]:
    # Imported here: only a quote, an order and their tests ask for the calendar, and the library is large.
    from holidays.countries.united_states import UnitedStates

    # New Year's Day on a Saturday is observed in the old year, so the next year is asked too.
    return frozenset(day for day in UnitedStates(years=[year, year + 1], observed=True) if day.year == year)
