"""What the tests of identity do again and again."""

import json
import re
from base64 import urlsafe_b64decode
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pyotp
from chalice.test import HTTPResponse

from chalicelib import clock
from chalicelib.identity.tables import UsernameRow
from tests.api import Api
from tests.cast import PASSWORD
from tests.conftest import NOON
from tests.world import World

NEW_PASSWORD = "seven purple lanterns drift"
WRONG = "not the right password"


def later(**delta: float) -> AbstractContextManager[None]:
    """The clock stands so long after noon."""
    return clock.frozen(NOON + timedelta(**delta))


def sign_in(api: Api, username: str, password: str = PASSWORD, **factor: str) -> HTTPResponse:
    """POST /sessions."""
    return api.post("/sessions", {"username": username, "password": password, **factor})


def fail(api: Api, username: str, times: int) -> None:
    """So many sign-ins with a wrong password, each answered as such."""
    for _ in range(times):
        assert sign_in(api, username, WRONG).status_code == 401


def code_of(seed: str, steps_ahead: int = 0) -> str:
    """The authenticator's code at this moment, or so many steps of 30 seconds later."""
    return str(pyotp.TOTP(seed).at(int(clock.now().timestamp()) + 30 * steps_ahead))


def enrol(api: Api, token: str) -> tuple[str, list[str]]:
    """Set two-factor up through the routes: the seed and the recovery codes."""
    seed = str(api.post("/me/totp", {}, token).json_body["secret"])
    return seed, list(api.post("/me/totp/confirm", {"code": code_of(seed)}, token).json_body["recovery_codes"])


def mailed_link(api: Api, world: World, to: str) -> str:
    """The API's path of the link in the latest email to an address, after the relay ran."""
    path = mailed_page(api, world, to)
    for page, route in (
        ("/console/staff/set-password/", "/staff/password-resets/"),
        ("/console/recovery/", "/recoveries/"),
        ("/console/set-password/", "/password-resets/"),
        ("/console/verify-owner/", "/owner-verifications/"),
    ):
        path = path.replace(page, route)
    return path


def mailed_page(api: Api, world: World, to: str) -> str:
    """The path of the page to which the latest email to an address leads."""
    api.tick("relay_events")
    latest = [mail.body for mail in world.emails() if mail.to == to][-1]
    found = re.search(r"^Link: http://127\.0\.0\.1:8000(/\S+)$", latest, re.MULTILINE)
    assert found, latest
    return found[1]


def secret_of(token: str) -> str:
    """The secret part of a session's or link's token."""
    return urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().rpartition("|")[2]


def login(username: str) -> UsernameRow:
    """The username's row as it stands."""
    return UsernameRow.get(UsernameRow.key(username).pk, "username", consistent_read=True)


def change(username: str, **values: Any) -> None:
    """Set attributes of a username's row, as no route does."""
    actions = [getattr(UsernameRow, name).set(value) for name, value in values.items()]
    UsernameRow.key(username).row().update(actions=actions)


def without_request_id(answer: HTTPResponse) -> dict[str, Any]:
    """The problem document, but for the part that always differs."""
    return {name: value for name, value in answer.json_body.items() if name != "request_id"}


def bad_fields(answer: HTTPResponse) -> set[str]:
    """The fields that a 422 names."""
    assert answer.status_code == 422, answer.body
    return {error["field"] for error in answer.json_body["errors"]}


def all_text(world: World) -> str:
    """Every row of every table as one text."""
    return json.dumps(world.everything(), default=str)
