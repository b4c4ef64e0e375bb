"""The Help Center and tickets, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.pages.signing import SignIn
from tests.browser.pages.staff import Queue
from tests.browser.pages.support import Attach, EditTicket, Emergency, Help, NewTicket, Ticket, TicketHistory, Tickets
from tests.e2e.running import PASSWORD, Person

ASKED = {
    "subject": "Printer is on fire",
    "body": "Since noon.",
    "category": "problem",
    "priority": "normal",
    "articles_do_not_help": True,
}


def test_help_is_found_as_one_types_and_read_beside_the_list(opened: Opened, demo_token: str) -> None:
    page = opened("/console/help", demo_token)
    help_center = Help(page)
    help_center.search("cancel order")
    hit = page.locator("#found .hit").first
    expect(hit).to_contain_text("Cancel a license order")
    expect(hit.locator("mark").first).to_be_visible()
    hit.get_by_role("link").click()
    article = page.locator("#article h2").first
    expect(article).to_have_text("Cancel a license order")
    page.reload()
    expect(article).to_have_text("Cancel a license order")
    page.locator("#found .hit").nth(1).get_by_role("link").click()
    expect(article).not_to_have_text("Cancel a license order")
    page.go_back()
    expect(article).to_have_text("Cancel a license order")
    help_center.follow("None of these help: ask Support")
    ticket = NewTicket(page)
    ticket.shows("New ticket")
    expect(ticket.main.get_by_label("its articles don’t help")).to_have_count(0)  # the search is named instead


def test_a_ticket_is_filed_after_articles_and_a_warning(opened: Opened, somebody: Person) -> None:
    page = opened("/console/tickets/new", somebody.token)
    new = NewTicket(page)
    new.main.get_by_label("Subject").press_sequentially("cancel an order")
    expect(page.locator("#suggested")).to_contain_text("Cancel a license order")
    new.file("cancel an order", "It is of John Doe, SSN 123-45-6789.")
    new.says("Look at these articles first, or confirm below that they don’t help.")
    new.type(articles_do_not_help="yes")
    new.press("File the ticket")
    new.says("This looks like patient data")
    new.file("cancel an order", "It is the second of today.", articles_do_not_help="yes")
    Ticket(page).says("Ticket 1 is filed.", "It is the second of today.")


def test_a_ticket_is_talked_about_edited_and_solved(opened: Opened, somebody: Person) -> None:
    assert somebody.call("POST", "/tickets", ASKED).status == 201
    page = opened("/console/tickets/1", somebody.token)
    ticket = Ticket(page)
    ticket.comment("It is out.")
    ticket.says("Your comment is sent.", "It is out.")
    ticket.follow("Attach a file")
    Attach(page).attach("words.txt", "text/plain", b"It burns.")
    ticket.says("The file is attached.")
    with page.expect_download() as download:
        ticket.follow("words.txt")
    assert download.value.path().read_bytes() == b"It burns."
    ticket.follow("Edit")
    EditTicket(page).type(subject="Printer was on fire", priority="high")
    EditTicket(page).press("Save")
    ticket.shows("1 Printer was on fire")
    ticket.press("Mark as solved")
    ticket.says("solved", "Add a comment and reopen")
    ticket.follow("History")
    TicketHistory(page).lists("status: new solved", "priority: normal high", "attached", "commented", "filed")
    expect(TicketHistory(page).row("normal high")).to_contain_text("fields: priority, subject")


def test_a_file_that_is_too_large_or_not_taken_is_told_of_on_its_page(opened: Opened, somebody: Person) -> None:
    assert somebody.call("POST", "/tickets", ASKED).status == 201
    page = opened("/console/tickets/1/attach", somebody.token)
    attach = Attach(page)
    attach.attach("words.txt", "text/plain", b" " * (20 * 1024 * 1024 + 1))
    attach.says("This file is larger than 20 MB.")
    attach.send_file("words.txt", "text/plain", b"", "Attach this file")
    attach.says("This file is empty.")
    # A bucket that takes less than the page knows of.
    refusal = "<Error><Code>EntityTooLarge</Code></Error>"
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(re.compile("-uploads/?$"), lambda route: route.fulfill(status=400, body=refusal, headers=headers))
    attach.send_file("words.txt", "text/plain", b"It burns.", "Attach this file")
    attach.says("This file is larger than 20 MB.")
    page.unroute_all()
    attach.send_file("words.txt", "text/plain", b"It burns.", "Attach this file")
    Ticket(page).says("The file is attached.")


def test_tickets_are_found_by_number_words_and_filters(opened: Opened, demo_token: str) -> None:
    tickets = Tickets(opened("/console/tickets", demo_token))
    tickets.search("invoice")
    tickets.lists("Purchase order on invoices", "Invoice of March")
    tickets.main.get_by_role("searchbox").fill("3")
    tickets.lists("Invoice of March")
    tickets.main.get_by_role("searchbox").fill("")
    tickets.type(status="waiting_on_you", category="billing")
    tickets.lists("Purchase order on invoices")


def test_who_reads_along_finds_the_ticket_under_cced(opened: Opened, plain: Page, somebody: Person) -> None:
    name = f"{somebody.username[:30]}.plain"
    assert somebody.call("POST", "/tickets", ASKED | {"cc": [name]}).status == 201
    tickets = Tickets.at(plain)
    tickets.says("No tickets yet")
    tickets.follow("CC’ed")
    tickets.lists("Printer is on fire")
    tickets.follow("Printer is on fire")
    Ticket(plain).comment("I saw it.")
    Ticket(plain).says("I saw it.")


def test_who_may_not_file_is_told_whom_to_ask(plain: Page, somebody: Person) -> None:
    tickets = Tickets.at(plain)
    tickets.follow("Who can file a ticket")
    asking = NewTicket(plain)
    asking.shows("Who to ask")
    asking.says(somebody.username)
    asking.follow("search the Help Center")
    Help(plain).shows("Help Center")


def test_a_call_for_help_reaches_the_queue_unverified(opened: Opened, demo_staff: dict[str, str]) -> None:
    emergency = Emergency(opened("/console/emergency"))
    emergency.type(contact_email="nobody", subject="Nobody gets in", body="Since this morning.")
    emergency.press("Send to Support")
    expect(emergency.main.get_by_role("alert")).to_be_visible()
    emergency.type(contact_email="desk@oak.example", username="demo.admin")
    emergency.press("Send to Support")
    SignIn(emergency.page).shows("Sign in")
    queue = Queue(opened("/console/staff/tickets?priority=emergency", demo_staff["support"]))
    expect(queue.row("Nobody gets in").first).to_contain_text("not verified")


@pytest.fixture
def plain(opened: Opened, somebody: Person) -> Page:
    """The browser of a user without a role."""
    name = f"{somebody.username[:30]}.plain"
    fields = {"username": name, "email": f"{name}@oak.example", "password": PASSWORD}
    assert somebody.call("POST", "/users", fields).status == 201
    page = opened("/console/sign-in")
    SignIn(page).sign_in(name)
    SignIn(page).shows("Account access")
    return page
