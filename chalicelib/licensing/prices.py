"""The price list: a setting, dated, so that the price of any past day can be known again."""

from datetime import date
from functools import cache

import msgspec

from chalicelib import config
from chalicelib.licensing.model import UnitPrices

PriceList = dict[str, dict[date, UnitPrices]]


def unit_prices(plan: str, day: date) -> UnitPrices:
    """The monthly prices of a plan on a day; before the plan's first day, those of that day.

    Raises KeyError for an unknown plan.
    """
    by_day = _price_list(config.get("PLANS"))[plan]
    valid = [since for since in sorted(by_day) if since <= day]
    return by_day[valid[-1] if valid else min(by_day)]


@cache
def _price_list(setting: str) -> PriceList:
    return msgspec.json.decode(setting, type=PriceList)
