"""Browsers of the cast."""

from collections.abc import Callable

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.codes.steps import EXAMPLES, added
from tests.console.browser import Browser
from tests.licensing.orders import order_body
from tests.providers.steps import licensed, opened, reassign, registered, seeded
from tests.staff.people import staff_person

Opened = Callable[[Person | None], Browser]


@pytest.fixture
def browser(api: Api) -> Browser:
    """A browser of nobody who is signed in."""
    return Browser(api)


@pytest.fixture
def admin(api: Api, cast: Cast) -> Browser:
    """The site admin's browser."""
    return Browser(api, cast.site_admin.token)


@pytest.fixture
def sam(api: Api, cast: Cast) -> Browser:
    """The browser of somebody of Support."""
    return Browser(api, staff_person("sam").token)


@pytest.fixture
def acc(api: Api, cast: Cast) -> Browser:
    """The browser of somebody of Accounting."""
    return Browser(api, staff_person("acc", "accounting").token)


@pytest.fixture
def furnished(api: Api, cast: Cast) -> dict[str, str]:
    """A practice with something on every page; gives the ids of it."""
    licensed(api, cast, physician=2)
    other = opened(api, cast, first_name="Ann", last_name="Johnson")
    gone = opened(api, cast, first_name="Gone", last_name="Away", email="gone@clinic.example")
    registered(api, cast, gone["id"])
    token = cast.site_admin.token
    api.post(f"/providers/{gone['id']}/deactivation", {"confirm": True}, token)
    seeded(cast, cast.provider_id, 3)
    move = reassign(api, cast, cast.provider_id, other["id"])
    order = api.post("/license-orders", order_body(), token).json_body
    api.post("/license-decreases", {"midlevel": 1}, token)
    ids = {"provider_id": cast.provider_id, "reassignment_id": move["id"], "order_id": order["id"]}
    for file, entry in EXAMPLES.items():
        added(api, cast, file, entry)
    chosen = {"from": cast.provider_id, "to": other["id"], "entries": {"diagnosis": ["E11.9"]}}
    copy = api.post("/code-copies", chosen, token).json_body
    files = {"file": "diagnosis", "code": "E11.9", "copy_id": copy["id"], "other_id": other["id"]}
    return ids | files | {"username": "cleo", "number": "1", "slug": "buy-licenses"}
