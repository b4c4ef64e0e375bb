"""axe finds nothing wrong on what only a form or a click shows: forms that were refused, dialogs, answers with secrets,
what two people saved at once."""

from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer, Opened
from tests.browser.looking import AXE, look_at
from tests.browser.pages.access import Account, AccountInvitations, FindAccounts, Found, NewUsername
from tests.browser.pages.codes import CheckedImport, Codes, CopyEntries, CopyPreview, Import, NewCode, SendCsv
from tests.browser.pages.licenses import FewerLicenses, Licenses, Orders
from tests.browser.pages.practice import NewUser, Practice, User
from tests.browser.pages.providers import NewProvider, Provider
from tests.browser.pages.screen import Screen
from tests.browser.pages.signing import (
    Me,
    Recovery,
    RecoveryCodes,
    SetPassword,
    SignIn,
    SignUp,
    TwoFactor,
    TwoFactorSecret,
)
from tests.browser.pages.staff import DeskTicket, Redact
from tests.browser.pages.support import Attach, EditTicket, Emergency, NewTicket
from tests.browser.test_providers import provider_of, second_provider_of
from tests.browser.test_staff import filed
from tests.e2e.running import PASSWORD, Person, Running


@pytest.fixture
def looked_at(opened: Opened) -> Opened:
    """Opens pages with axe in them."""
    return partial(opened, script=AXE)


def refused(screen: Screen) -> None:
    """Require that its form was refused, and look at it."""
    expect(screen.main.get_by_role("alert").first).to_be_visible()
    look_at(screen.page)


def in_dialog(screen: Screen) -> None:
    """Look at the dialog that is open, and close it."""
    with screen.dialog() as dialog:
        look_at(screen.page)
        screen.page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()


def test_ways_in(looked_at: Opened, system: Running) -> None:
    page = looked_at("/console/sign-in")
    SignIn(page).sign_in("nobody")
    refused(SignIn(page))
    for screen, button in (
        (SignUp, "Start the trial"),
        (Recovery, "Email me a link"),
        (Emergency, "Send to Support"),
    ):
        screen.at(page).press(button)
        refused(screen(page))
    SetPassword.at(page, token="x").set("short")
    refused(SetPassword(page))
    person = Person(system, "looked.at.enrolling")
    person.sign_up()
    person.sign_in()
    page = looked_at("/console/two-factor", person.token)
    TwoFactor(page).press("Show me the code to scan")
    TwoFactorSecret(page).shows("Scan this code")
    look_at(page)
    TwoFactorSecret(page).type(code="000000")
    TwoFactorSecret(page).press("Turn two-factor on")
    refused(TwoFactorSecret(page))
    TwoFactor(page).enrol()
    RecoveryCodes(page).shows("Save your recovery codes")
    look_at(page)
    Me.at(page).press("Change password")
    refused(Me(page))
    page.evaluate("document.querySelector('#idle').showModal()")
    look_at(page)


def test_licenses_and_providers(looked_at: Opened, system: Running, somebody: Person) -> None:
    somebody.order("order")
    page = looked_at("/console/licenses", somebody.token)
    licenses = Licenses(page)
    licenses.choose(physician=1)
    licenses.press("Add licenses…")
    in_dialog(licenses)
    Orders.at(page).follow("Cancel")
    in_dialog(Orders(page))
    FewerLicenses.at(page).ask(physician="9")
    refused(FewerLicenses(page))
    new = NewProvider.at(page)
    new.press("Add provider")
    refused(new)
    new.add(first_name="Ann", last_name="Johnson", credential="NP", email="ann@oak.example")
    new.says("No midlevel license is left.")
    look_at(page)
    provider_id = provider_of(somebody)["id"]
    provider = Provider.at(page, provider_id=provider_id)
    change(system, somebody, f"/providers/{provider_id}", {"first_name": "Adele"})
    provider.type(last_name="Lovelace")
    provider.press("Save")
    provider.says("Someone else saved this in the meantime.")
    look_at(page)
    provider.follow("Keep what was saved")
    provider.press("Change picture…")
    provider.shows("Change picture")
    look_at(page)
    practice = Practice.at(page)
    change(system, somebody, "/practice", {"name": "Oak Street Clinic"})
    practice.press("Save")
    practice.says("Someone else saved changes in the meantime.")
    look_at(page)


def change(system: Running, person: Person, path: str, body: Any) -> None:
    """Save something, faster than somebody who edits it, too."""
    etag = person.call("GET", path).headers["ETag"]
    answer = system.call("PATCH", path, body, Authorization=f"Bearer {person.token}", If_Match=etag)
    assert answer.status == 200, answer


def test_access_and_codes(looked_at: Opened, newcomer: Newcomer) -> None:
    mine, theirs = newcomer(), newcomer()
    source, target = provider_of(mine)["id"], second_provider_of(mine)
    for account, words in ((source, "Hypertension"), (target, "High blood pressure")):
        mine.call("POST", f"/providers/{account}/codes/diagnosis", {"code": "I10", "description": words})
    page = looked_at("/console/access-find", mine.token)
    FindAccounts(page).find("nobody")
    refused(FindAccounts(page))
    FindAccounts(page).find(theirs.username, totp=theirs.code())
    Found(page).shows("Accounts found")
    look_at(page)
    NewUsername.at(page, provider_id=source).press("Allow access")
    refused(NewUsername(page))
    NewUsername(page).allow("looked.at.too")
    account = Account(page)
    account.follow("Change the privileges of looked.at.too")
    in_dialog(account)
    account.follow("Remove looked.at.too")
    in_dialog(account)
    page.locator(".accounts summary").click()
    expect(page.locator("#accounts a").first).to_be_visible()
    look_at(page)
    AccountInvitations.at(page, provider_id=source).press("Invite")
    refused(AccountInvitations(page))
    NewCode.at(page, provider_id=source, file="billing").press("Add")
    refused(NewCode(page))
    codes = Codes.at(page, provider_id=source, file="diagnosis")
    codes.follow("Edit I10")
    in_dialog(codes)
    codes.press("Import a CSV file…")
    SendCsv(page).shows("Import diagnoses")
    look_at(page)
    SendCsv(page).send("code,description\nnonsense,What\n")
    Import(page).lists("Line 2")
    look_at(page)
    Import(page).press("Upload another file")
    SendCsv(page).send("code,description\nI10,Something else\n")
    CheckedImport(page).shows("Every line is valid")
    look_at(page)
    entries = CopyEntries.at(page, query=f"?from={source}&to={target}")
    entries.press("Preview the copy")
    refused(entries)
    entries.choose("All of this file (1)")
    CopyPreview(page).says("Nothing has been copied yet.")
    look_at(page)


def test_tickets_and_people(looked_at: Opened, system: Running, somebody: Person) -> None:
    filed(somebody, "Printer is on fire")
    page = looked_at("/console/tickets/new", somebody.token)
    new = NewTicket(page)
    new.file("cancel an order", "It is of John Doe, SSN 123-45-6789.")
    refused(new)
    new.type(articles_do_not_help="yes")
    new.press("File the ticket")
    new.says("This looks like patient data")
    look_at(page)
    edit = EditTicket.at(page, number=1)
    change(system, somebody, "/tickets/1", {"priority": "high"})
    edit.press("Save")
    edit.says("This ticket was changed in the meantime.")
    look_at(page)
    attach = Attach.at(page, number=1)
    attach.type(name="words.txt")
    attach.press("Continue")
    expect(page.locator("#file")).to_be_visible()
    look_at(page)
    NewUser.at(page).press("Add user")
    refused(NewUser(page))
    NewUser(page).add("dialog.user", PASSWORD)
    user = User(page)
    for button in ("Deactivate", "Delete unused username"):
        user.press(button)
        in_dialog(user)
    user.follow("Change")
    in_dialog(user)


def test_the_desk_of_support(looked_at: Opened, somebody: Person, demo_staff: dict[str, str]) -> None:
    request = {"username": somebody.username, "role": "support_user", "action": "add"}
    ticket_id = filed(somebody, "A role, please", category="role_change", request=request)
    page = looked_at(f"/console/staff/tickets/{ticket_id}", demo_staff["support"])
    ticket = DeskTicket(page)
    for button in ("Approve…", "Decline…"):
        ticket.press(button)
        in_dialog(ticket)
    ticket.press("Send")
    refused(ticket)
    redact = Redact.at(page, ticket_id=ticket_id)
    redact.press("Take it out for good")
    refused(redact)
