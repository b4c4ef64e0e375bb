"""Shared by the order tests: a valid body, and the instants around the deadline of an order placed at NOON."""

from datetime import UTC, datetime
from typing import Any

from tests.api import Api
from tests.cast import Cast

LAST_SECOND = datetime(2026, 7, 8, 3, 59, 59, tzinfo=UTC)  # Tuesday 2026-07-07 ends in New York
FIRST_OF_AUGUST = datetime(2026, 8, 1, 6, 0, tzinfo=UTC)  # two in the morning in New York
TOO_LATE = datetime(2026, 7, 8, 4, 0, 0, tzinfo=UTC)


def order_body(physician: int = 2, midlevel: int = 1) -> dict[str, Any]:
    """A valid order."""
    return {"physician": physician, "midlevel": midlevel, "agreement_version": "2026-11", "agreement_accepted": True}


def placed(api: Api, cast: Cast, physician: int = 2, midlevel: int = 1) -> dict[str, Any]:
    """An order of the site admin."""
    answer = api.post("/license-orders", order_body(physician, midlevel), cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)
