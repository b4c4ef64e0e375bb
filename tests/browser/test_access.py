"""Who reaches which account, in a browser."""

from playwright.sync_api import Page, expect

from chalicelib.model import SECTIONS
from tests.browser.conftest import Newcomer, Opened
from tests.browser.pages.access import (
    Access,
    Account,
    AccountInvitations,
    FindAccounts,
    Found,
    Invitations,
    NewUsername,
)
from tests.browser.pages.codes import Codes
from tests.browser.pages.practice import User, Users
from tests.browser.pages.signing import SignIn
from tests.browser.test_providers import provider_of, second_provider_of
from tests.e2e.running import PASSWORD, Person


def signed_in(opened: Opened, username: str) -> Page:
    """The browser of a plain user, who has no two-factor."""
    page = opened("/console/sign-in")
    SignIn(page).sign_in(username)
    Access(page).shows("Account access")
    return page


def test_access_is_allowed_changed_and_taken_away(opened: Opened, somebody: Person) -> None:
    provider_id = provider_of(somebody)["id"]
    page = opened(f"/console/access/{provider_id}", somebody.token)
    account = Account(page)
    account.press("Allow account access")
    NewUsername(page).allow("reader.of.all", privileges__profile="full", privileges__reports="none")
    account.says("reader.of.all now has access to this account.")
    account.grants("reader.of.all", "Full", "Full", "Full", "Full", "–")
    theirs = signed_in(opened, "reader.of.all")
    account.change("reader.of.all", codes="view", reports="view")
    account.grants("reader.of.all", "Full", "Full", "View", "Full", "View")
    codes = Codes.at(theirs, provider_id=provider_id, file="diagnosis")
    codes.says("Nobody has added an entry yet.")  # they see it, and can't add
    account.change("reader.of.all", codes="none")
    account.says("–")
    codes.page.reload()
    codes.shows("You may not do this")
    account.remove("reader.of.all")
    account.says_no("reader.of.all View")
    Access.at(theirs)  # it was all that they had
    SignIn(theirs).says("This session has ended.")


def test_the_last_who_manages_an_account_stays(opened: Opened, somebody: Person) -> None:
    account = Account(opened(f"/console/access/{provider_of(somebody)['id']}", somebody.token))
    account.remove(somebody.username)
    expect(account.main.get_by_role("alert")).to_be_visible()


def test_accounts_of_another_login_are_found_and_joined(opened: Opened, newcomer: Newcomer) -> None:
    mine, theirs = newcomer(), newcomer()
    page = opened("/console/access-find", mine.token)
    finding = FindAccounts(page)
    finding.find(theirs.username, password="not this one at all")
    finding.says("No account was found with this username, password and code.")
    finding.find(theirs.username, totp=theirs.code())
    found = Found(page)
    found.shows("Accounts found")
    found.press("Join these accounts")
    Access(page).says("You now have access to 1 more account with your own login.")
    Access(page).lists("Ada Byron", "Ada Byron")
    account = Account(opened(f"/console/access/{provider_of(theirs)['id']}", theirs.token))
    expect(account.row(mine.username)).to_contain_text("another practice")


def test_an_invitation_is_asked_for_approved_and_accepted(opened: Opened, newcomer: Newcomer) -> None:
    host, guest = newcomer(), newcomer()
    provider_id = provider_of(host)["id"]
    manager = f"{host.username[:20]}.manager"
    fields = {"username": manager, "email": f"{manager}@oak.example", "password": PASSWORD}
    assert (
        host.call(
            "POST", f"/providers/{provider_id}/usernames", fields | {"privileges": dict.fromkeys(SECTIONS, "full")}
        ).status
        < 300
    )
    asking = AccountInvitations.at(signed_in(opened, manager), provider_id=provider_id)
    asking.invite(guest.username, privileges__codes="full", access_until="2030-12-31")
    expect(asking.row(guest.username)).to_contain_text("waiting for a site admin")
    approving = Invitations(opened("/console/invitations", host.token))
    approving.answer("Ada Byron", "Approve")
    approving.says("No invitations")
    accepting = Invitations(opened("/console/invitations", guest.token))
    expect(accepting.row("Oak Avenue Clinic")).to_contain_text("until Jan 1, 2031, 12:00 AM")
    accepting.answer("Oak Avenue Clinic", "Accept")
    accounts = Access.at(accepting.page)
    accounts.lists("Ada Byron", "Ada Byron")
    accounts.says("until")


def test_an_invitation_is_taken_back_or_declined(opened: Opened, newcomer: Newcomer) -> None:
    host, guest = newcomer(), newcomer()
    inviting = AccountInvitations(opened(f"/console/access/{provider_of(host)['id']}/invitations", host.token))
    inviting.invite(guest.username)
    inviting.press("Withdraw")
    inviting.says("There are no open invitations.")
    inviting.invite(guest.username)
    expect(inviting.row(guest.username)).to_contain_text("waiting for them")
    declining = Invitations(opened("/console/invitations", guest.token))
    declining.answer("Oak Avenue Clinic", "Decline")
    declining.says("No invitations")


def test_an_unused_username_is_deleted(opened: Opened, somebody: Person) -> None:
    somebody.call("POST", "/users", {"username": "brief", "email": "brief@oak.example", "password": PASSWORD})
    user = User(opened("/console/users/brief", somebody.token))
    user.press("Delete unused username")
    user.confirm("Delete brief", "the name is never given to anyone else")
    Users(user.page).says("brief is deleted.")
    Users(user.page).lists(somebody.username)


def test_two_tabs_on_two_accounts_do_not_mix(opened: Opened, somebody: Person) -> None:
    """What each tab sends goes to the account that it shows, whichever was opened last."""
    ids = [provider_of(somebody)["id"], second_provider_of(somebody)]
    first = opened(f"/console/access/{ids[0]}/codes/diagnosis", somebody.token)
    second = first.context.new_page()
    second.goto(f"/console/access/{ids[1]}/codes/diagnosis")
    for page, code in ((first, "I10"), (second, "Z23"), (first, "E11.9")):
        codes = Codes(page)
        codes.press("Add a diagnosis")
        codes.type(code=code, description=f"{code} it is")
        codes.press("Add")
        expect(codes.row(code)).to_be_visible()
    kept = [somebody.call("GET", f"/providers/{each}/codes/diagnosis").body["items"] for each in ids]
    assert [[entry["code"] for entry in each] for each in kept] == [["E11.9", "I10"], ["Z23"]]
