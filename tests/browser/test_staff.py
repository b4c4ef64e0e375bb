"""The console of the vendor's own people, in a browser; and what a practice sees of what they decide."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened, mailed
from tests.browser.pages.licenses import Agreement, Licenses
from tests.browser.pages.signing import (
    Recovery,
    RecoveryCodes,
    RecoveryLink,
    SignIn,
    StaffSetPassword,
    StaffSignIn,
    StaffTwoFactor,
    VerifyOwner,
)
from tests.browser.pages.staff import BillingNote, BillingNotes, DeskTicket, Queue, Redact, StaffReconciliation
from tests.browser.pages.support import Ticket, Tickets
from tests.e2e.running import PASSWORD, Person, Running, calm_step

BILLING_ZONE = ZoneInfo("America/New_York")
"""Where a month ends for Accounting, hours after it does in UTC."""
ASKED: dict[str, Any] = {"body": "Since noon.", "priority": "normal", "articles_do_not_help": True}


def filed(person: Person, subject: str, **others: Any) -> str:
    """The id of a ticket that they file."""
    answer = person.call("POST", "/tickets", {"category": "question", **ASKED, "subject": subject, **others})
    assert answer.status == 201, answer
    return str(answer.body["id"])


@pytest.fixture
def desk(opened: Opened, demo_staff: dict[str, str]) -> Page:
    """The browser of somebody of Support."""
    return opened("/console/staff", demo_staff["support"])


def hired(system: Running, page: Page, name: str) -> None:
    """Another login of Support, who sets a password behind the mailed link and signs in."""
    facts = {
        "command": "add_staff",
        "staff": "local",
        "name": name,
        "role": "support",
        "email": f"{name}@vendor.example",
    }
    assert system.call("POST", "/_local/staff", facts).status == 200
    StaffSetPassword.at(page, token=mailed(system, facts["email"], "Set your password")).set(PASSWORD)
    StaffSignIn(page).says("Your password is set.")
    StaffSignIn(page).sign_in(name)
    StaffTwoFactor(page).shows("Set up two-factor")


def from_queue(page: Page, person: Person, subject: str) -> DeskTicket:
    """Find a practice's ticket in the queue, and open it."""
    queue = Queue.at(page, query=f"?practice_id={person.call('GET', '/practice').body['id']}")
    queue.follow(subject)
    return DeskTicket(page)


def test_staff_enrol_at_their_own_door_and_sign_in_with_a_code(opened: Opened, system: Running) -> None:
    page, colleague = opened("/console/staff/sign-in"), "second.support"
    hired(system, page, colleague)
    secret = StaffTwoFactor(page).enrol()
    RecoveryCodes(page).codes()
    RecoveryCodes(page).press("I’ve saved them")
    Queue(page).shows("Queue")
    Queue(page).press("Sign out")
    StaffSignIn(page).says("You are signed out.")
    SignIn.at(page).sign_in(colleague)
    SignIn(page).says("wrong")  # not at this one
    StaffSignIn.at(page).sign_in(colleague)
    StaffSignIn(page).says("Enter the current code")
    StaffSignIn(page).sign_in(colleague, pyotp.TOTP(secret).generate_otp(calm_step()))
    Queue(page).shows("Queue")


def test_support_answer_and_the_practice_reads_it(opened: Opened, desk: Page, somebody: Person) -> None:
    filed(somebody, "Printer is on fire")
    ticket = from_queue(desk, somebody, "Printer is on fire")
    ticket.answer("Where is it?", "waiting_on_you")
    ticket.says("Your answer is sent.", "waiting on them")
    theirs = Ticket(opened("/console/tickets/1", somebody.token))
    theirs.says("waiting on you", "Where is it?", "Support ·")


def test_a_role_is_asked_for_approved_and_used(opened: Opened, desk: Page, somebody: Person) -> None:
    request = {"username": somebody.username, "role": "support_user", "action": "add"}
    filed(somebody, "I run the desk, too", category="role_change", request=request)
    ticket = from_queue(desk, somebody, "I run the desk, too")
    ticket.approve("It is done at once")
    ticket.says("It is approved and done.", "It was approved.")
    tickets = Tickets(opened("/console/tickets", somebody.token))
    tickets.follow("Team")
    tickets.lists("I run the desk, too")


def test_what_is_asked_for_is_declined_with_a_reason(opened: Opened, desk: Page, somebody: Person) -> None:
    request = {"username": somebody.username, "role": "support_user", "action": "add"}
    filed(somebody, "A role, please", category="role_change", request=request)
    ticket = from_queue(desk, somebody, "A role, please")
    ticket.decline("Ask the owner first.")
    ticket.says("It is declined.", "It was declined.")
    Ticket(opened("/console/tickets/1", somebody.token)).says("declined", "Ask the owner first.")


def test_text_is_taken_out_for_good(opened: Opened, desk: Page, somebody: Person) -> None:
    filed(somebody, "About a patient", body="He is John Doe of Elm Street.")
    ticket = from_queue(desk, somebody, "About a patient")
    ticket.follow("Redact…")
    Redact(desk).press("Take it out for good")
    expect(Redact(desk).main.get_by_role("alert")).to_be_visible()
    Redact(desk).redact("John Doe", "It names a patient.")
    ticket.says("The text is gone for good.", "It names a patient.")
    theirs = Ticket(opened("/console/tickets/1", somebody.token))
    theirs.says("It names a patient.")
    theirs.says_no("John Doe")


def test_a_billing_note_stands_in_place_of_prices(opened: Opened, desk: Page, somebody: Person) -> None:
    filed(somebody, "What do we pay?")
    from_queue(desk, somebody, "What do we pay?").follow("Billing note")
    BillingNote(desk).save("Net 60, by arrangement of May.")
    BillingNote(desk).says("The note is saved. Nothing is quoted now.")
    page = opened("/console/licenses", somebody.token)
    Licenses(page).says("Custom billing. Net 60, by arrangement of May.")
    Agreement.at(page, query="?physician=1").says("Billed by arrangement")
    notes = BillingNotes.at(desk)
    notes.type(practice_id=somebody.call("GET", "/practice").body["id"])
    notes.press("Show its note")
    BillingNote(desk).save("")
    BillingNote(desk).says("There is no note: prices are quoted.")


def test_accounting_downloads_the_reconciliation_of_a_month(
    opened: Opened, system: Running, demo_staff: dict[str, str]
) -> None:
    last = datetime.now(BILLING_ZONE).date().replace(day=1) - timedelta(days=1)
    report = {"command": "make_report", "staff": "local", "day": last.isoformat()}
    assert system.call("POST", "/_local/staff", report).status == 200
    screen = StaffReconciliation(opened("/console/staff", demo_staff["accounting"]))
    screen.shows("Reconciliation")
    with screen.page.expect_download() as download:
        screen.press("Download the CSV")
    assert f"{last:%Y-%m}" in download.value.suggested_filename
    assert download.value.path().read_text(encoding="utf-8-sig").startswith("practice")


def test_an_owner_brings_a_site_admin_back_by_two_of_support(
    opened: Opened, system: Running, desk: Page, second_desk: Page, somebody: Person
) -> None:
    owner = f"owner.{somebody.email}"
    page = opened("/console/sign-in")
    VerifyOwner.at(page, token=mailed(system, owner, "Verify your address")).verify()
    SignIn.at(page).follow("No site admin can sign in? Owner’s recovery")
    Recovery(page).ask(owner, somebody.username)
    SignIn(page).says("link")
    RecoveryLink.at(page, token=mailed(system, owner, "Owner's recovery")).ask("reset_totp", somebody.username)
    SignIn(page).shows("Sign in")
    practice = str(somebody.call("GET", "/practice").body["id"])
    for number, each in enumerate((desk, second_desk)):
        queue = Queue.at(each, query=f"?practice_id={practice}")
        queue.main.locator("tbody th a").click()
        ticket = DeskTicket(each)
        ticket.says("it takes two different people of Support")
        ticket.approve("Yours is the first of two approvals" if number == 0 else "It is done at once")
        ticket.says("It takes another person's." if number == 0 else "It is approved and done.")
    SignIn(page).sign_in(somebody.username)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up two-factor")


@pytest.fixture
def second_desk(opened: Opened, system: Running) -> Page:
    """The browser of a second person of Support."""
    page = opened("/console/staff/sign-in")
    hired(system, page, "third.support")
    StaffTwoFactor(page).enrol()
    RecoveryCodes(page).shows("Save your recovery codes")
    return page
