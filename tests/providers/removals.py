"""The ends of the cast's two trials, and what is left of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib import clock
from tests.api import Api
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.licensing.orders import order_body
from tests.world import Message, World

ENDS = NOON + timedelta(days=30)
GOES = ENDS + timedelta(days=90)
ADMINS = ["ada@clinic.example", "eve@clinic.example"]
"""The site admins of the cast's two practices, both of which are in their trial."""


@contextmanager
def days_after_the_end(days: float, **more: float) -> Iterator[None]:
    with clock.frozen(ENDS + timedelta(days=days, **more)):
        yield


def swept(api: Api, **limits: int) -> int:
    """How much a run of the handler did."""
    report = api.tick("sweep_expired", **limits)
    assert report["failed"] == 0
    return int(report["done"])


def ended(api: Api, *warned_days_ahead: float) -> None:
    """The trials end; warned so many days ahead, the data is due."""
    with days_after_the_end(0):
        assert api.tick("end_trials")["done"] == 2
    for days in warned_days_ahead:
        with days_after_the_end(90 - days):
            assert swept(api) == 2


def bought(api: Api, cast: Cast, token: str = "") -> str:
    """A license; gives the order's id."""
    token = token or new_session("ada", cast.site_admin.practice_id)
    answer = api.post("/license-orders", order_body(1, 0), token)
    assert answer.status_code == 201, answer.body
    return str(answer.json_body["id"])


def with_session(cast: Cast) -> Cast:
    """The cast with a session of today."""
    return replace(cast, site_admin=replace(cast.site_admin, token=new_session("ada", cast.site_admin.practice_id)))


def got(api: Api, cast: Cast, path: str) -> Any:
    return api.get(path, new_session("ada", cast.site_admin.practice_id))


def mails(api: Api, world: World, word: str) -> list[Message]:
    """The mails with this in their subject, in the order of their addresses."""
    api.tick("relay_events")
    return sorted((each for each in world.emails() if word in each.subject), key=lambda each: each.to)


def of_account(world: World, setting: str, provider_id: str) -> set[str]:
    """The kinds of rows of a table in which an account, or something of it, stands or is named."""
    rows = (row for row in world.rows(setting) if provider_id in str(row))
    return {row["sk"]["S"].partition("#")[0] for row in rows}
