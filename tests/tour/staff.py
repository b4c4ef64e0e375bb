"""What the vendor's own people do."""

from chalicelib import clock
from chalicelib.support.rules import ticket_id
from tests.cast import PASSWORD, Cast
from tests.identity.steps import NEW_PASSWORD, WRONG, code_of, later, mailed_link
from tests.licensing.orders import FIRST_OF_AUGUST
from tests.staff.people import staff_person
from tests.tour.requests import Tour
from tests.world import World


def answer_tickets(tour: Tour, cast: Cast) -> None:
    """Look at the queue, answer, decline, take a text out."""
    token, practice_id = staff_person("sam").token, cast.site_admin.practice_id
    for query in ("", "&category=license_decrease"):
        page = tour.go("GET", f"/staff/tickets?limit=1{query}", token=token)
    fewer = f"/staff/tickets/{page['items'][0]['id']}"
    tour.go("POST", f"{fewer}/decline", {"body": "There is a contract."}, token)
    tour.go("POST", f"/staff/tickets/{ticket_id(practice_id, 1)}/approve", {}, token)  # a role
    path = f"/staff/tickets/{ticket_id(practice_id, 3)}"
    for part in ("", "/comments?limit=1", "/history?limit=1"):
        tour.go("GET", path + part, token=token)
    (file,) = tour.go("GET", f"{path}/attachments", token=token)["items"]
    said = tour.go("POST", f"{path}/comments", {"body": "Does it still?"}, token, status=201)
    fields = ["subject", "body", said["id"], file["id"]]
    tour.go("POST", f"{path}/redact", {"fields": fields, "reason": "a patient was named"}, token)


def work_as_staff(tour: Tour, cast: Cast, world: World) -> None:
    """A login from its beginning to its end, and what staff do in between."""
    tour.staff("add_staff", name="jil", email="jil@vendor.example", role="support")
    tour.staff("list_staff")
    link = mailed_link(tour.api, world, "jil@vendor.example")
    tour.go("POST", link, {"password": PASSWORD}, status=204)
    login = {"username": "jil", "password": PASSWORD}
    token = tour.go("POST", "/staff/sessions", login, status=201)["token"]
    seed = tour.go("POST", "/staff/totp", {}, token)["secret"]
    tour.go("POST", "/staff/totp/confirm", {"code": code_of(seed)}, token)
    with later(seconds=30):
        tour.go("POST", "/staff/sessions", login | {"password": WRONG, "totp": code_of(seed)}, status=401)
        token = tour.go("POST", "/staff/sessions", login | {"totp": code_of(seed)}, status=201)["token"]
    with later(seconds=60):
        token = tour.go("POST", "/staff/sessions", login | {"totp": code_of(seed)}, status=201)["token"]
    with later(minutes=4):  # so that the session's last use is noted
        tour.go("GET", "/staff/sessions/current", token=token)
    place = f"/staff/practices/{cast.site_admin.practice_id}/billing-note"
    tour.go("PUT", place, {"billing_note": "custom billing"}, token)
    with clock.frozen(FIRST_OF_AUGUST):
        report = "/staff/reconciliation.csv?month=2026-07"
        tour.go("GET", report, token=staff_person("kim", "accounting").token)
    tour.go("PUT", "/staff/password", {"current_password": PASSWORD, "password": NEW_PASSWORD}, token, status=204)
    tour.go("DELETE", "/staff/sessions/current", token=staff_person("tia").token, status=204)
    tour.staff("begin_staff_anew", name="jil")
    tour.staff("end_staff", name="jil")
