"""Support's desk: GET /staff/tickets and one ticket, answers and what they do to its status and clocks."""

from typing import Any

import pytest

from chalicelib.support.rules import ticket_id
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person
from tests.identity.steps import later
from tests.staff.people import staff_person
from tests.support.steps import filed, history_of, said_on, shown
from tests.world import World

QUEUE = "/staff/tickets"


@pytest.fixture
def sam(api: Api) -> Person:
    return staff_person("sam")


def place(person: Person, number: int, what: str = "") -> str:
    """The path of a ticket of somebody's practice at the desk."""
    return f"{QUEUE}/{ticket_id(person.practice_id, number)}" + (what and f"/{what}")


def queued(api: Api, token: str, query: str = "") -> list[str]:
    answer = api.get(f"{QUEUE}?{query}", token)
    assert answer.status_code == 200, answer.body
    return [each["subject"] for each in answer.json_body["items"]]


def answered(api: Api, sam: Person, person: Person, number: int, **body: str) -> Any:
    return api.post(place(person, number, "comments"), {"body": "We look into it.", **body}, sam.token)


# --- The queue ----------------------------------------------------------------------------------------------------


def test_the_queue_holds_all_practices_tickets_by_what_was_promised_first(api: Api, cast: Cast, sam: Person) -> None:
    filed(api, cast.site_admin, subject="low", priority="low")
    filed(api, cast.outsider, subject="normal")
    filed(api, cast.site_admin, subject="emergency", priority="emergency")
    filed(api, cast.outsider, subject="high", priority="high")
    waiting = filed(api, cast.site_admin, subject="waiting", priority="emergency")
    answered(api, sam, cast.site_admin, waiting, status="waiting_on_you")
    solved = filed(api, cast.site_admin, subject="solved")
    answered(api, sam, cast.site_admin, solved, status="solved")
    assert queued(api, sam.token) == ["emergency", "high", "normal", "low", "waiting"]
    first = api.get(QUEUE, sam.token).json_body["items"][0]
    assert (first["practice_id"], first["practice_name"]) == (cast.site_admin.practice_id, "Elm Street Clinic")
    assert (first["due"], first["breached"]) == ("2026-07-02T16:30:00Z", [])


def test_pages_and_filters_leave_nothing_out(api: Api, cast: Cast, sam: Person) -> None:
    for number in range(12):
        who = cast.outsider if number % 3 == 0 else cast.site_admin
        filed(api, who, subject=f"t{number}", priority="high" if number % 2 else "low")

    def walked(query: str, limit: int) -> list[str]:
        found, cursor = [], ""
        while True:
            page = api.get(f"{QUEUE}?limit={limit}{query}{cursor}", sam.token).json_body
            found += [each["subject"] for each in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    everything = queued(api, sam.token, "limit=100")
    assert len(everything) == 12
    for limit in (1, 5, 12):
        assert walked("", limit) == everything
        assert walked("&priority=high", limit) == [each for each in everything if int(each[1:]) % 2]
    theirs = f"&practice_id={cast.outsider.practice_id}"
    assert sorted(walked(theirs, 2)) == ["t0", "t3", "t6", "t9"]
    assert walked("&status=open", 5) == walked("&category=billing", 5) == []


def test_a_page_costs_one_query(api: Api, cast: Cast, sam: Person) -> None:
    filed(api, cast.site_admin)
    with calls_recorded() as calls:
        queued(api, sam.token, "limit=1")
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:Query"]


# --- One ticket ---------------------------------------------------------------------------------------------------


def test_staff_see_the_ticket_and_nothing_else_of_the_practice(api: Api, cast: Cast, sam: Person) -> None:
    number = filed(api, cast.site_admin, cc=["pat"])
    seen = api.get(place(cast.site_admin, number), sam.token).json_body
    own = shown(api, cast.site_admin, number)
    assert {name: seen[name] for name in own} == own
    assert seen.keys() - own.keys() == {"practice_id", "practice_name", "approvals_missing"}
    api.post(f"/tickets/{number}/comments", {"body": "Please hurry."}, cast.site_admin.token)
    comments = api.get(place(cast.site_admin, number, "comments"), sam.token).json_body["items"]
    assert [each["body"] for each in comments] == ["Please hurry."]
    lines = api.get(place(cast.site_admin, number, "history"), sam.token).json_body["items"]
    assert lines == history_of(api, cast.site_admin, number)


def test_ids_that_name_no_ticket_are_missing(api: Api, cast: Cast, sam: Person) -> None:
    filed(api, cast.site_admin)
    practice = cast.site_admin.practice_id.removeprefix("prc_")
    for ticket in ("1", "tkt_1", f"tkt_{practice}_2", f"tkt_{practice}_01", f"prc_{practice}", "tkt_public_1", "%00"):
        for what in ("", "/comments", "/history"):
            assert api.get(f"{QUEUE}/{ticket}{what}", sam.token).status_code == 404, ticket
        assert api.post(f"{QUEUE}/{ticket}/comments", {"body": "x"}, sam.token).status_code == 404
        assert api.post(f"{QUEUE}/{ticket}/approve", {}, sam.token).status_code == 404
        body = {"fields": ["subject"], "reason": "x"}
        assert api.post(f"{QUEUE}/{ticket}/redact", body, sam.token).status_code == 404


# --- Answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["open", "waiting_on_you", "solved"])
def test_an_answer_takes_the_ticket_on_asks_back_or_solves_it(
    api: Api, cast: Cast, sam: Person, world: World, status: str
) -> None:
    number = filed(api, cast.site_admin)
    answer = answered(api, sam, cast.site_admin, number, status=status)
    assert (answer.status_code, answer.json_body["status"]) == (201, status)
    ticket = shown(api, cast.site_admin, number)
    assert (ticket["status"], ticket["sla"]["first_response"]["met_at"]) == (status, "2026-07-02T16:00:00Z")
    assert said_on(api, cast.site_admin, number) == ["We look into it."]
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["actor"]) == ("ticket.answered", "staff:sam")
    assert "We look" not in str(newest)
    api.tick("relay_events")
    (mail,) = [each for each in world.emails() if each.subject == f"Ticket {number} was answered by Support"]
    assert (mail.to, "We look" in mail.body) == ("ada@clinic.example", False)


def test_the_clock_stands_while_the_customer_is_asked(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin, priority="emergency")
    with later(hours=1):
        answered(api, staff_person("kim"), cast.site_admin, number, status="waiting_on_you")
    with later(hours=30):
        ticket = api.get(place(cast.site_admin, number), staff_person("kim").token).json_body
        assert ticket["sla"]["resolution"] == {"left": 3 * 3600}


def test_a_closed_or_undecided_ticket_takes_no_such_answer(api: Api, cast: Cast, sam: Person) -> None:
    asked = {"username": "pat", "role": "support_user", "action": "add"}
    number = filed(api, cast.site_admin, category="role_change", request=asked)
    refused = answered(api, sam, cast.site_admin, number, status="solved")
    assert (refused.status_code, refused.json_body["code"]) == (409, "decision_pending")
    assert answered(api, sam, cast.site_admin, number, status="waiting_on_you").status_code == 201


def test_a_repeat_with_its_key_answers_once(api: Api, cast: Cast, sam: Person) -> None:
    number = filed(api, cast.site_admin)
    path = place(cast.site_admin, number, "comments")
    first, second = (api.post(path, {"body": "Hello."}, sam.token, key="once") for _ in range(2))
    assert (first.status_code, first.body) == (second.status_code, second.body)
    assert said_on(api, cast.site_admin, number) == ["Hello."]
