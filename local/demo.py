"""The demo practice: made through the API on first start, made anew where it is missing."""

import json
from pathlib import Path
from typing import Any

from chalicelib.dynamo import Rows
from chalicelib.identity.tables import UsernameRow
from local.gateway import Gateway, Request
from local.logins import ADMIN, PASSWORD, PRACTICE, USER, Logins


class DemoError(RuntimeError):
    """The demo practice can't be made. The message is for a person to read."""


class _Caller:
    """Calls the API, as somebody signed in once there is a token."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.token = ""

    def call(self, method: str, path: str, command: Any = None, *, expect: tuple[str, ...] = ()) -> dict[str, Any]:
        """The answer's body. Raises DemoError for a problem, unless its code is expected."""
        headers = {"content-type": "application/json", "idempotency-key": f"demo {path}"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = b"" if command is None else json.dumps(command).encode()
        answer = self._gateway.answer(Request(method, path, headers, body))
        result: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 400 and result["code"] not in expect:
            raise DemoError(f"The demo practice could not be made: {method} {path} answered {answer.body.decode()}")
        return result


def make(gateway: Gateway, home: Path) -> Logins:
    """Make the demo practice, or what is missing of it: an earlier try may have been interrupted anywhere.

    Raises DemoError, and NoLogins when the practice is there but `demo.json` is not.
    """
    if Rows().find(UsernameRow.key(USER)):  # made last, so all the rest is there
        return Logins.load(home)
    caller = _Caller(gateway)
    caller.call("POST", "/sign-up", _SIGN_UP, expect=("username_taken",))
    logins = _sign_in(caller, home)
    if not caller.call("GET", "/license-orders")["items"]:
        version = caller.call("GET", "/license-agreement")["version"]
        order = {"physician": 1, "midlevel": 2, "agreement_version": version, "agreement_accepted": True}
        caller.call("POST", "/license-orders", order)
    caller.call("POST", "/users", {"username": USER, "email": "user@elm-street.example", "password": PASSWORD})
    return logins


_SIGN_UP = {
    "practice_name": PRACTICE,
    "time_zone": "America/Chicago",
    "provider": {"first_name": "Grace", "last_name": "Murray", "credential": "MD", "email": "gm@elm-street.example"},
    "username": ADMIN,
    "password": PASSWORD,
    "owner_email": "owner@elm-street.example",
}


def _sign_in(caller: _Caller, home: Path) -> Logins:
    """Sign in as the site admin, with two-factor set up if it is not yet."""
    login = {"username": ADMIN, "password": PASSWORD}
    session = caller.call("POST", "/sessions", login, expect=("totp_required",))
    if "token" not in session:
        logins = Logins.load(home)
        session = caller.call("POST", "/sessions", login | {"totp": logins.next_code(home, lasting=5)})
    caller.token = session["token"]
    if session["enrollment_required"]:
        logins = Logins(caller.call("POST", "/me/totp", {})["secret"])
        logins.save(home)
        caller.call("POST", "/me/totp/confirm", {"code": logins.next_code(home, lasting=5)})
    return logins
