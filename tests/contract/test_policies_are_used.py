"""No grant is idle: one tour of every route and scheduled handler needs everything that the functions declare.

That nothing more is needed is held at every single call, see `tests/api.py`.
"""

import re
from itertools import count
from typing import Any

from chalicelib import clock, signing
from chalicelib.http import ROUTES
from deploy.functions import FUNCTIONS
from tests.api import USED, Api
from tests.cast import PASSWORD, Cast, sign_up_body
from tests.identity.steps import NEW_PASSWORD, WRONG, code_of, later, mailed_link
from tests.licensing.orders import TOO_LATE, order_body
from tests.licensing.test_reconciliation import FIRST_OF_AUGUST
from tests.world import World


class Tour:
    """Requests, each by a function that has just started, and the routes they went through."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.walked: set[str] = set()
        self.key = count()

    def go(self, method: str, path: str, body: Any = None, token: str | None = None, status: int = 200) -> Any:
        """One request that must be answered with `status`; gives the body."""
        signing._key.cache_clear()  # functions share nothing
        answer = self.api.request(method, path, body, token=token, key=f"tour {next(self.key)}")
        assert answer.status_code == status, (method, path, answer.body)
        bare = path.partition("?")[0]
        self.walked |= {
            route.name
            for route in ROUTES
            if route.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), bare)
        }
        return answer.json_body if answer.body.startswith((b"{", b"[")) else None

    def tick(self, handler: str) -> None:
        """One scheduled run that must do something, and without failures."""
        signing._key.cache_clear()
        report = self.api.tick(handler)
        assert (report["done"] > 0, report["failed"]) == (True, 0), report


def see_the_system(tour: Tour) -> None:
    for path in ("/health", "/ready", "/openapi.json", "/docs"):
        tour.go("GET", path)


def sign_up(tour: Tour, world: World) -> None:
    tour.go("POST", "/sign-up", sign_up_body("zoe", "Birch Lane Clinic"), status=201)
    link = mailed_link(tour.api, world, "owner.zoe@clinic.example")
    tour.go("GET", link)
    tour.go("POST", link, status=204)


def sign_in(tour: Tour, cast: Cast) -> None:
    admin, body = cast.site_admin, {"username": cast.site_admin.username, "password": PASSWORD}
    tour.go("POST", "/sessions", body | {"password": WRONG}, status=401)
    tour.go("POST", "/sessions", body | {"totp": admin.code()}, status=201)
    with later(seconds=30):  # with the next code, and no failure to forget
        session = tour.go("POST", "/sessions", body | {"totp": admin.code()}, status=201)
    tour.go("GET", "/sessions/current", token=session["token"])
    tour.go("DELETE", "/sessions/current", token=session["token"], status=204)


def care_for_ones_login(tour: Tour, cast: Cast, world: World) -> None:
    plain = cast.plain_user
    with later(minutes=2):  # so that the session's last use is noted
        tour.go("GET", "/me", token=plain.token)
    seed = tour.go("POST", "/me/totp", {}, plain.token)["secret"]
    tour.go("POST", "/me/totp/confirm", {"code": code_of(seed)}, plain.token)
    tour.go("DELETE", "/me/totp", token=plain.token, status=204)
    change = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    tour.go("PUT", "/me/password", change, plain.token, status=204)
    tour.go("POST", "/password-resets", {"username": plain.username}, status=202)
    link = mailed_link(tour.api, world, f"{plain.username}@clinic.example")
    tour.go("GET", link)
    tour.go("POST", link, {"password": PASSWORD}, status=204)


def administer(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    tour.go("GET", "/practice", token=token)
    tour.go("POST", "/users", {"username": "new.user", "email": "new@clinic.example"}, token, status=201)
    tour.go("GET", "/users?limit=1", token=token)
    tour.go("GET", "/users/new.user", token=token)
    tour.go("GET", "/audit?limit=1", token=token)


def buy_licenses(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    with later(minutes=2):  # here, too, the session's last use is noted
        tour.go("GET", "/licenses", token=token)
    tour.go("GET", "/license-agreement", token=token)
    tour.go("POST", "/license-quotes", {"physician": 2, "midlevel": 1}, token)
    order = tour.go("POST", "/license-orders", order_body(), token, status=201)
    tour.go("POST", f"/license-orders/{order['id']}/cancel", token=token)
    order = tour.go("POST", "/license-orders", order_body(), token, status=201)
    tour.go("GET", "/license-orders?limit=1", token=token)
    tour.go("GET", f"/license-orders/{order['id']}", token=token)
    tour.go("GET", "/license-ledger?limit=1", token=token)
    tour.go("GET", "/license-ledger.csv", token=token)
    tour.go("GET", "/reconciliation", token=token)


def lower_licenses(tour: Tour, cast: Cast) -> None:
    """The practice asks, staff decide, a schedule applies it; staff do what else they can."""
    decrease = tour.go("POST", "/license-decreases", {"physician": 1}, cast.site_admin.token, status=201)
    tour.go("GET", "/license-decreases?limit=1", token=cast.site_admin.token)
    tour.go("GET", f"/license-decreases/{decrease['id']}", token=cast.site_admin.token)
    practice = {"practice_id": cast.site_admin.practice_id}
    assert "problem" not in tour.api.staff("approve_decrease", decrease_id=decrease["id"], **practice)
    assert "problem" not in tour.api.staff("set_billing_note", note="custom billing", **practice)
    with clock.frozen(FIRST_OF_AUGUST):
        tour.tick("apply_decreases")
        assert tour.api.tick("reconcile_month")["finished"]
        assert tour.api.staff("make_report", day="2026-07-30")["finished"]
        assert "link" in tour.api.staff("report_link", day="2026-07-30")


def test_a_tour_of_every_route_and_handler_uses_every_declared_permission(api: Api, cast: Cast, world: World) -> None:
    USED.clear()
    tour = Tour(api)
    see_the_system(tour)
    sign_up(tour, world)
    sign_in(tour, cast)
    care_for_ones_login(tour, cast, world)
    administer(tour, cast)
    buy_licenses(tour, cast)
    lower_licenses(tour, cast)
    tour.tick("relay_events")
    with clock.frozen(TOO_LATE):
        tour.tick("charge_due_orders")
    assert {route.name for route in ROUTES} - tour.walked == set()
    declared = {
        (function, resource, action)
        for function, each in FUNCTIONS.items()
        for resource, actions in each.access.items()
        for action in actions
    }
    # A presigned link is made without a call: whoever opens it reads with the function's permission.
    assert declared - USED == {("staff_command", "REPORTS_BUCKET", "s3:GetObject")}
