"""The console of staff: its own door, the queue, tickets, decisions, redaction, billing notes, reconciliation."""

import re
from typing import Any

import pytest

from chalicelib import answers, clock
from chalicelib.console.declared import ACTIONS, PAGES
from chalicelib.console.words import deed
from chalicelib.licensing.usecases import reconciliation
from chalicelib.support.rules import ticket_id
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser, Shown, parsed
from tests.console.steps import attached
from tests.console.test_everybody import HOSTILE
from tests.identity.steps import WRONG, code_of, mailed_page
from tests.providers.steps import licensed
from tests.staff.people import staff_person
from tests.world import World

QUEUE = "/console/staff/tickets"
STAFFS = [page for page in PAGES if page.permit.staff]
FILED = {"body": "Since noon.", "category": "problem", "priority": "normal", "articles_do_not_help": True}
GIVE = {"username": "pat", "role": "support_user", "action": "add"}


@pytest.fixture
def sam(api: Api, cast: Cast) -> Browser:
    """The browser of somebody of Support."""
    return Browser(api, staff_person("sam").token)


@pytest.fixture
def acc(api: Api, cast: Cast) -> Browser:
    """The browser of somebody of Accounting."""
    return Browser(api, staff_person("acc", "accounting").token)


def file(api: Api, cast: Cast, **more: Any) -> str:
    """Where staff find a ticket that a site admin files."""
    body = FILED | {"subject": "Printer is on fire"} | more
    answer = api.post("/tickets", body, cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return f"{QUEUE}/{answer.json_body['id']}"


def role_change(api: Api, cast: Cast) -> str:
    """Where staff find one that asks to give pat a role."""
    return file(api, cast, category="role_change", subject="Pat runs the desk", request=GIVE)


def rows(page: Shown) -> list[str]:
    """The subjects in the queue, in their order."""
    return [row.all("a")[0].text for row in page.root.all("tbody")[0].all("tr")]


# --- Their own door -----------------------------------------------------------------------------------------------


def test_staff_sign_in_at_a_door_of_their_own_and_set_up_two_factor_first(browser: Browser, cast: Cast) -> None:
    staff_person("new", enrolled=False)
    page = browser.open(f"{QUEUE}?status=new")
    assert page.heading == "Staff sign-in"
    assert browser.press(page, "Sign in", username="new", password=WRONG).status == 401
    page = browser.press(browser.open("/console/staff"), "Sign in", username="new", password=PASSWORD)
    assert page.heading == "Set up two-factor"
    assert "__Host-session" not in browser.cookies
    page = browser.press(page, "Show me the code to scan")
    assert page.root.all("img", alt="QR code of your two-factor secret")
    page = browser.press(page, "Turn two-factor on", code=code_of(page.root.all("code")[0].text.replace(" ", "")))
    assert page.heading == "Save your recovery codes"
    page = browser.follow(page, "I’ve saved them")
    assert (page.path, page.heading) == (QUEUE, "Queue")
    page = browser.press(page, "Sign out")
    assert page.heading == "Staff sign-in"
    assert "__Host-staff" not in browser.cookies


def test_the_link_mailed_to_a_new_login_of_staff_sets_its_password_once_by_a_button(
    browser: Browser, api: Api, cast: Cast, world: World
) -> None:
    api.staff("add_staff", name="kim", email="kim@vendor.example", role="accounting")
    link = mailed_page(api, world, "kim@vendor.example")
    assert link.startswith("/console/staff/set-password/")
    before = world.everything()
    page = browser.open(link)
    assert world.everything() == before
    page = browser.press(page, "Set password", password="short")
    assert page.status == 422
    assert "12" in page.error("password")
    page = browser.press(page, "Set password", password=PASSWORD)
    assert (page.path, page.heading) == ("/console/staff/sign-in", "Staff sign-in")
    assert browser.press(page, "Sign in", username="kim", password=PASSWORD).heading == "Set up two-factor"
    again = Browser(api)
    page = again.press(again.open(link), "Set password", password=PASSWORD)
    assert page.status == 404
    api.staff("begin_staff_anew", name="kim")
    page = again.press(
        again.open(mailed_page(api, world, "kim@vendor.example").replace("/staff", "")),
        "Set password",
        password=PASSWORD,
    )
    assert page.status == 404


def test_no_name_opens_the_other_door(browser: Browser, cast: Cast) -> None:
    staff_person("sam")
    for path, username in (("/console/sign-in", "staff:sam"), ("/console/sign-in", "sam"), (QUEUE, "ada")):
        page = browser.press(browser.open(path), "Sign in", username=username, password=PASSWORD)
        assert page.status == 401


def test_staff_open_no_page_of_customers(sam: Browser, acc: Browser) -> None:
    for page in PAGES:
        if page.permit.signed_in and not page.permit.staff:
            for visitor in (sam, acc):
                answer = visitor.send("GET", re.sub(r"{(\w+)}", "x_1", page.path))
                assert answer.status_code == 303, page.name
                assert str(answer.headers["Location"]).startswith("/console/sign-in"), page.name


@pytest.mark.parametrize("role", ["support", "accounting"])
def test_each_page_and_action_is_for_the_roles_of_its_permit(sam: Browser, acc: Browser, role: str) -> None:
    visitor = sam if role == "support" else acc
    for each in [*STAFFS, *(action for action in ACTIONS if action.permit.staff)]:
        status = visitor.send(each.method, re.sub(r"{(\w+)}", "x_1", each.path), {"_token": "x"}).status_code
        if role not in each.permit.staff:
            assert status == 403, each.name
        else:
            assert status in ((200, 303, 404, 422) if each.method == "GET" else (403, 404)), each.name


# --- The queue ----------------------------------------------------------------------------------------------------


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


# --- A ticket -----------------------------------------------------------------------------------------------------


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


# --- Billing ------------------------------------------------------------------------------------------------------


def test_a_practices_billing_note_is_set_and_removed(sam: Browser, admin: Browser, cast: Cast) -> None:
    practice_id = cast.site_admin.practice_id
    page = sam.press(sam.open("/console/staff/billing-notes"), "Show its note", practice_id=practice_id)
    assert page.heading == "Billing note of Elm Street Clinic"
    page = sam.press(page, "Save", billing_note="Billed by the group")
    assert "Nothing is quoted now." in page.text
    assert "Billed by the group" in admin.open("/console/licenses/agreement?physician=1").text
    page = sam.press(page, "Save", billing_note="")
    assert "prices are quoted" in page.text
    assert sam.open("/console/staff/billing-notes/prc_none").status == 404


def test_a_call_for_help_from_nobody_known_leads_to_no_billing_note(api: Api, sam: Browser, cast: Cast) -> None:
    call = {"subject": "Locked out", "body": "All of us.", "contact_email": "who@clinic.example", "contact_name": "Who"}
    for username in ("nobody", "ada"):
        assert api.post("/emergency-tickets", call | {"username": username}).status_code == 202
    assert "Billing note" not in sam.open(f"{QUEUE}/tkt_public_1").text
    ours = sam.open(f"{QUEUE}/{ticket_id(cast.site_admin.practice_id, 1)}")
    assert sam.follow(ours, "Billing note").status == 200


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


def test_a_note_page_shows_nothing_else_of_the_practice(sam: Browser, cast: Cast) -> None:
    text = sam.open(f"/console/staff/billing-notes/{cast.site_admin.practice_id}").text
    for hidden in ("ada", "Byron", "@clinic.example", "America/"):
        assert hidden not in text


def test_accounting_downloads_a_months_reconciliation(acc: Browser, cast: Cast) -> None:
    page = acc.open("/console/staff")
    assert page.heading == "Reconciliation"
    month = dict(page.fields("Download the CSV"))["month"]
    missing = acc.press(page, "Download the CSV")
    assert missing.status == 404
    assert missing.heading == "Reconciliation"
    assert "There is no report for this month." in missing.text
    nonsense = acc.press(page, "Download the CSV", month="July")
    assert nonsense.error("month")
    assert dict(nonsense.fields("Download the CSV"))["month"] == "July"
    day = reconciliation.last_month_end(clock.now())
    reconciliation.make_report(day, clock.now(), "test", "test", lambda: 60_000)
    answer = acc.send("GET", f"/console/staff/reconciliation.csv?month={month}")
    assert answer.status_code == 200
    assert str(answer.headers["Content-Type"]).startswith("text/csv")


def test_the_form_may_lead_on_to_where_a_large_report_is(
    acc: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconciliation.make_report(reconciliation.last_month_end(clock.now()), clock.now(), "test", "test", lambda: 60_000)
    monkeypatch.setattr(answers, "MOST_ANSWERED", 100)
    policy = str(acc.send("GET", "/console/staff/reconciliation").headers["Content-Security-Policy"])
    month = dict(acc.open("/console/staff/reconciliation").fields("Download the CSV"))["month"]
    answer = acc.send("GET", f"/console/staff/reconciliation.csv?month={month}")
    assert answer.status_code == 303
    scheme, _, host, *_ = str(answer.headers["Location"]).split("/")
    assert f"form-action 'self' {scheme}//{host};" in policy


# --- All of them --------------------------------------------------------------------------------------------------


def test_pages_of_staff_make_few_calls_and_show_hostile_text_as_text(
    sam: Browser, acc: Browser, api: Api, cast: Cast
) -> None:
    for text in HOSTILE:
        path = file(api, cast, subject=text, body=text, category="role_change", request=GIVE)
        ids = {"ticket_id": path.rpartition("/")[2], "practice_id": cast.site_admin.practice_id}
        seen = 0
        for page in STAFFS:
            visitor = sam if "support" in page.permit.staff else acc
            with calls_recorded() as calls:
                answer = visitor.send("GET", page.path.format(**ids))
            assert answer.status_code in (200, 303, 422), page.name
            assert len(calls) <= 3, (page.name, calls)
            if "text/html" in str(answer.headers.get("Content-Type")):
                shown = parsed(answer.body.decode())
                shown.check_inert()
                seen += shown.text.count(" ".join(text.split()))
        assert seen >= 4
