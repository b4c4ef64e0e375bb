"""The demo's master username: one login that reaches provider accounts of three practices."""

from typing import Any

from local.caller import Caller
from local.gateway import Gateway
from local.logins import MASTER, PASSWORD

_OTHERS: dict[str, dict[str, Any]] = {
    "demo.harbor": {
        "practice_name": "Harbor Pediatrics",
        "time_zone": "America/New_York",
        "provider": {"first_name": "Nora", "last_name": "Lind", "credential": "MD", "email": "nl@harbor.example"},
        "owner_email": "owner@harbor.example",
    },
    "demo.oak": {
        "practice_name": "Oak Avenue Physical Therapy",
        "time_zone": "America/Denver",
        "provider": {"first_name": "Ivan", "last_name": "Sokol", "credential": "NP", "email": "is@oak-avenue.example"},
        "owner_email": "owner@oak-avenue.example",
    },
}
"""Two practices by the login that each begins with."""


def make(gateway: Gateway, admin: Caller) -> None:
    """Add the username to the first account, whose site admin calls; then let it find and join those of the others."""
    (account,) = admin.call("GET", "/providers?q=gm@elm-street.example")["items"]
    new = {"username": MASTER, "email": "master@elm-street.example", "password": PASSWORD}
    admin.call("POST", f"/providers/{account['id']}/usernames", new, expect=("username_taken",))
    master = Caller(gateway)
    master.token = master.call("POST", "/sessions", {"username": MASTER, "password": PASSWORD})["token"]
    for username, practice in _OTHERS.items():
        login = {"username": username, "password": PASSWORD}
        master.call("POST", "/sign-up", practice | login, key=username, expect=("username_taken",))
        found = master.call("POST", "/accounts/find", login)
        wanted = [each["provider_id"] for each in found["accounts"]]
        master.call(
            "POST",
            "/accounts/join",
            {"find_token": found["find_token"], "provider_ids": wanted},
            key=found["find_token"],
        )
