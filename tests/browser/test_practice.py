"""The practice's people, its settings and its audit trail, in a browser."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.pages.practice import Audit, NewUser, Practice, User, Users
from tests.browser.pages.support import NewTicket, Ticket
from tests.e2e.running import PASSWORD, Person, Running


def test_a_user_is_added_mailed_elsewhere_ended_and_let_in_again(opened: Opened, somebody: Person) -> None:
    page = opened("/console/users", somebody.token)
    Users(page).says("Ask Support")  # there is but one site admin
    Users(page).press("Add user")
    NewUser(page).add("front.desk", "short")
    expect(page.get_by_role("alert")).to_be_visible()
    NewUser(page).add("front.desk", PASSWORD)
    user = User(page)
    user.says("front.desk can sign in.")
    user.follow("Change")
    with user.dialog() as dialog:
        dialog.get_by_label("Email").fill("desk@oak.example")
    user.confirm("Change email")
    user.says("is mailed at the new address", "desk@oak.example")
    user.press("Keep active")
    user.says("stays active for another 30 days")
    user.press("Deactivate")
    user.confirm("Deactivate front.desk", "They are signed out right away")
    user.says("is inactive.", "This user can’t sign in.")
    user.press("Reactivate")
    user.says("front.desk can sign in again.")


def test_who_was_blocked_for_not_signing_in_is_let_in_again(
    opened: Opened, system: Running, somebody: Person, demo_token: str
) -> None:
    fields = {"username": "sleeper", "email": "sleeper@oak.example", "password": PASSWORD}
    somebody.call("POST", "/users", fields)
    later = (datetime.now(UTC) + timedelta(days=31)).isoformat()
    assert system.call("POST", "/_local/tick", {"name": "block_dormant", "at": later}).status == 200
    try:
        user = User(opened("/console/users/sleeper", somebody.token))
        user.says("dormant", "Nobody has signed in for 30 days, so this user is blocked.")
        user.press("Reactivate")
        user.says("sleeper can sign in again.")
    finally:  # all practices of the system have grown older
        headers = {"Authorization": f"Bearer {demo_token}"}
        for each in system.call("GET", "/users?limit=100", **headers).body["items"]:
            if each["status"] == "dormant":
                system.call("POST", f"/users/{each['username']}/reactivate", {}, **headers)


def test_another_role_is_asked_of_support_by_a_ticket_that_is_filled_in(opened: Opened, somebody: Person) -> None:
    somebody.call("POST", "/users", {"username": "riser", "email": "riser@oak.example", "password": PASSWORD})
    page = opened("/console/users/riser", somebody.token)
    User(page).main.get_by_role("link", name="ask Support to add it").last.click()
    ticket = NewTicket(page)
    expect(ticket.main.get_by_label("Username to change")).to_have_value("riser")
    expect(ticket.main.get_by_label("What to do")).to_have_value("add")
    ticket.file("Riser runs the desk", "She was trained.", articles_do_not_help="yes")
    Ticket(page).says("Ticket 1 is filed.", "username: riser", "role: support user")


def test_the_audit_trail_is_filtered(opened: Opened, somebody: Person) -> None:
    somebody.order("order")
    audit = Audit(opened("/console/audit", somebody.token))
    audit.ask(type="license_order.")
    audit.lists("license order: placed")
    audit.ask(actor="nobody")
    audit.says("No changes found")
    audit.follow("Show everything")
    audit.ask(type="session.", actor=somebody.username)
    expect(audit.row("session:").first).to_be_visible()
    audit.says_no("license order:")


def test_times_are_told_in_the_practices_zone(opened: Opened, somebody: Person) -> None:
    page = opened("/console/practice", somebody.token)
    practice = Practice(page)
    practice.type(time_zone="Mars/Olympus")
    practice.press("Save")
    expect(practice.main.get_by_role("alert")).to_be_visible()
    practice.type(name="Saguaro Clinic", time_zone="America/Phoenix")
    practice.press("Save")
    practice.says("Changes saved.")
    practice.shows("Saguaro Clinic")
    Audit.at(page).says(" MST")
