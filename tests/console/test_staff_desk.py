"""Support's desk: the queue, tickets, decisions, redaction."""

from typing import Any

import pytest

from chalicelib.console.words import deed
from chalicelib.support.rules import ticket_id
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser, Shown
from tests.console.desk import QUEUE, file, role_change
from tests.console.steps import attached
from tests.providers.steps import licensed


def rows(page: Shown) -> list[str]:
    """The subjects in the queue, in their order."""
    return [row.all("a")[0].text for row in page.root.all("tbody")[0].all("tr")]


def test_the_queue_is_in_the_order_of_promises_with_filters_and_pages(sam: Browser, api: Api, cast: Cast) -> None:
    file(api, cast, subject="Can wait", priority="low")
    file(api, cast, subject="Now", priority="high")
    role_change(api, cast)
    page = sam.open("/console/staff")
    assert rows(page) == ["Now", "Pat runs the desk", "Can wait"]
    assert rows(sam.press(page, "Show", category="role_change")) == ["Pat runs the desk"]
    assert "Nothing waits" in sam.press(page, "Show", status="waiting_on_you").text
    page = sam.open(f"{QUEUE}?limit=2")
    assert rows(page) == ["Now", "Pat runs the desk"]
    assert rows(sam.follow(page, "Next page")) == ["Can wait"]


def test_a_ticket_is_answered_asked_back_about_and_solved(sam: Browser, admin: Browser, api: Api, cast: Cast) -> None:
    path = file(api, cast)
    page = sam.follow(sam.open(QUEUE), "Printer is on fire")
    assert page.path == path
    assert "Elm Street Clinic" in page.text
    page = sam.press(page, "Send", body="")
    assert page.status == 422
    assert page.error("body")
    page = sam.press(page, "Send", body="Which printer?", status="waiting_on_you")
    assert "waiting on them" in page.text
    assert "Which printer?" in admin.open("/console/tickets/1").text
    page = sam.press(page, "Send", body="It is out.", status="solved")
    assert "solved" in page.text
    assert "sam, Support" in sam.follow(page, "History").text
    assert "Nothing waits" in sam.open(QUEUE).text


def test_what_a_ticket_asks_for_is_named_before_it_is_approved_and_done(
    sam: Browser, admin: Browser, api: Api, cast: Cast
) -> None:
    page = sam.open(role_change(api, cast))
    assert "It asks to give pat the role support user" in page.text
    page = sam.follow(page, "Approve…")
    assert page.heading == "Approve: give pat the role support user?"
    page = sam.press(page, "Approve", body="Welcome.")
    assert "It is approved and done." in page.text
    assert "Welcome." in page.text
    assert "Support user: yes" in admin.open("/console/users/pat").text
    assert sam.open(f"{page.path}/approve").heading == "There is nothing to approve"


def test_fewer_licenses_are_declined_with_a_reason(sam: Browser, admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast, physician=1)
    assert api.post("/license-decreases", {"physician": 1}, cast.site_admin.token).status_code == 201
    path = f"{QUEUE}/{ticket_id(cast.site_admin.practice_id, 1)}"
    page = sam.follow(sam.open(path), "Decline…")
    assert page.heading == "Decline to remove 1 physician license?"
    page = sam.press(page, "Decline", body="")
    assert page.status == 422
    page = sam.press(page, "Decline", body="It is the last one.")
    assert "It is declined." in page.text
    assert "It is the last one." in admin.open("/console/tickets/1").text


def test_text_is_taken_out_for_good_by_its_box_and_a_reason(sam: Browser, admin: Browser, api: Api, cast: Cast) -> None:
    path = file(api, cast, subject="About Jonathan Doe", body="He called.")
    api.post("/tickets/1/comments", {"body": "Jonathan called again."}, cast.site_admin.token)
    sam.press(sam.open(path), "Send", body="We look at it.")
    attached(admin, "/console/tickets/1", "jonathan.txt", b"He called.")
    page = sam.follow(sam.open(path), "Redact…")
    assert "Comment of sam We look at it." in page.text
    comment, _, upload = (box.attributes["value"] for box in page.root.all("input", name="fields")[2:])
    chosen = ["subject", comment, upload]
    refused = sam.press(page, "Take it out for good", fields=chosen, reason="")
    assert refused.status == 422
    assert refused.error("reason")
    boxes = refused.root.all("input", name="fields")
    assert ["checked" in box.attributes for box in boxes] == [True, False, True, False, True]
    page = sam.press(refused, "Take it out for good", fields=chosen, reason="It named somebody")
    assert "A comment, subject, a file: taken out by sam, " in page.text
    assert "A comment, subject, a file: removed by Support, " in admin.open("/console/tickets/1").text
    assert "The text is gone for good." in page.text
    for shown in (page, sam.open(QUEUE), admin.open("/console/tickets/1")):
        assert "Jonathan" not in shown.html
    assert "He called." in page.text


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"owner_email": "new@clinic.example"}, "make new@clinic.example the address of the practice’s owner"),
        ({"username": "pat", "role": "site_admin", "action": "remove"}, "take the role site admin from pat"),
        ({"username": "pat"}, "let pat sign in again"),
        (
            {"username": "pat", "recovery": "reactivate", "authorized_by": "owner_link"},
            "make pat an active site admin, end the sessions of pat, and reset two-factor",
        ),
        ({"physician": 2, "midlevel": 1}, "remove 2 physician licenses and 1 midlevel license"),
    ],
)
def test_each_deed_is_named_in_words(request_: dict[str, Any], words: str) -> None:
    assert deed(request_) == words


def test_a_promise_stands_until_it_is_kept(api: Api, cast: Cast, sam: Browser, admin: Browser) -> None:
    path = file(api, cast)
    for page in (sam.open(path), admin.open("/console/tickets/1")):
        assert "Answer promised by" in page.text
        assert "Solution promised by" in page.text
    sam.press(sam.open(path), "Send", body="We look.", status="open")
    for page in (sam.open(path), admin.open("/console/tickets/1")):
        assert "Answer promised" not in page.text
        assert "Answered Jul 2, 2026" in page.text
        assert "Solution promised by" in page.text
    sam.press(sam.open(path), "Send", body="It is out.", status="solved")
    for page in (sam.open(path), admin.open("/console/tickets/1")):
        assert "promised" not in page.text


def test_a_practice_is_found_from_its_tickets_and_a_call_for_help_says_who_calls(
    api: Api, sam: Browser, cast: Cast
) -> None:
    call = {"subject": "Locked out", "body": "All of us.", "contact_email": "who@clinic.example", "username": "ada"}
    assert api.post("/emergency-tickets", call | {"username": "nobody"}).status_code == 202
    assert api.post("/emergency-tickets", call | {"contact_name": "Who"}).status_code == 202
    page = sam.open(f"{QUEUE}/tkt_public_1")
    assert "by nobody signed in" in page.text
    page = sam.open(QUEUE)
    assert len(rows(page)) == 2
    page = sam.follow(page, "Elm Street Clinic")
    assert len(rows(page)) == 1
    assert dict(page.fields("Show"))["practice_id"] == cast.site_admin.practice_id
    page = sam.follow(page, "Locked out")
    assert cast.site_admin.practice_id in page.text
    assert "by Who, not signed in" in page.text
    assert "Who, not signed in ·" in page.root.all("ol")[0].text
    assert len(rows(sam.follow(page, "Elm Street Clinic"))) == 1
