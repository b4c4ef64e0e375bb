"""Licenses: bought, lowered, and trials that end."""

from chalicelib import clock
from chalicelib.support.rules import ticket_id
from tests.cast import Cast
from tests.identity.steps import later
from tests.licensing.orders import FIRST_OF_AUGUST, order_body
from tests.staff.people import staff_person
from tests.tour.requests import Tour


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
    """The practice asks, staff decide, a schedule applies it."""
    token = cast.site_admin.token
    decrease = tour.go("POST", "/license-decreases", {"physician": 1}, token, status=201)
    tour.go("GET", "/license-decreases?limit=1", token=token)
    tour.go("GET", f"/license-decreases/{decrease['id']}", token=token)
    tickets = f"/staff/tickets/{ticket_id(cast.site_admin.practice_id, decrease['ticket_number'])}"
    tour.go("POST", f"{tickets}/approve", {"body": "With pleasure."}, staff_person("sam").token)
    with clock.frozen(FIRST_OF_AUGUST):
        tour.tick("apply_decreases")
        tour.tick("reconcile_month", "practices")
        tour.staff("make_report", day="2026-07-30")


def let_trials_end(tour: Tour) -> None:
    """Warn of the trials' ends, then end them: one takes a license that was bought, one ends its account."""
    with later(days=29):
        tour.tick("end_trials")
    with later(days=30, minutes=1):
        tour.tick("end_trials")


def let_data_go(tour: Tour) -> None:
    """Warn that what the ended trials leave goes, let it go, and look once more."""
    for days in (114, 121, 122):
        with later(days=days):
            tour.tick("sweep_expired")
