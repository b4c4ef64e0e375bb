"""The screens of account access: one's accounts, finding and joining others, who reaches an account, invitations."""

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api
from tests.cast import PASSWORD, Cast, give_access
from tests.console.browser import Browser, Shown
from tests.console.steps import alert
from tests.identity.steps import WRONG


@pytest.fixture
def manager(api: Api, cast: Cast) -> Browser:
    """The browser of a plain user who manages our account."""
    return Browser(api, cast.clinician.token)


def rows(page: Shown) -> list[str]:
    """The table's rows as they are read."""
    return [row.text for row in page.root.all("tbody")[0].all("tr")]


def test_ones_accounts_are_listed_with_practice_and_privileges(api: Api, cast: Cast) -> None:
    page = Browser(api, cast.master.token).open("/console/access")
    assert sorted(rows(page)) == [
        "Ada Byron Elm Street Clinic · Codes Full Full Full Full Full",
        "Ada Byron Oak Avenue Clinic · Codes Full Full Full Full Full",
    ]
    assert (
        "You don’t have access to any provider account yet"
        in Browser(api, cast.plain_user.token).open("/console/access").text
    )


def test_accounts_of_another_login_are_found_and_joined(api: Api, cast: Cast) -> None:
    pat = Browser(api, cast.plain_user.token)
    page = pat.press(pat.open("/console/access-find"), "Find accounts", username="cleo", password=PASSWORD)
    assert page.heading == "Accounts found"
    page = pat.press(page, "Join these accounts")
    assert "You now have access to 1 more account with your own login." in page.text
    assert rows(page) == ["Ada Byron Elm Street Clinic · Codes Full Full Full Full Full"]


def test_whatever_is_wrong_with_the_other_login_the_same_is_said(api: Api, cast: Cast) -> None:
    pat = Browser(api, cast.plain_user.token)
    for name in ("cleo", "nobody"):
        page = pat.press(pat.open("/console/access-find"), "Find accounts", username=name, password=WRONG)
        assert page.status == 404
        assert alert(page) == "No account was found with this username, password and code."
        assert WRONG not in page.html


def test_a_join_that_comes_twice_is_told_why_it_is_refused(api: Api, cast: Cast) -> None:
    pat = Browser(api, cast.plain_user.token)
    page = pat.press(pat.open("/console/access-find"), "Find accounts", username="cleo", password=PASSWORD)
    fields = dict(page.fields("Join these accounts"))
    pat.press(page, "Join these accounts")
    fields["_key"] = "another"
    answer = pat.send("POST", "/console/access-join", fields)
    assert answer.status_code == 404
    assert "Find the account again" in answer.body.decode()


def test_access_is_allowed_to_a_new_username_with_its_privileges(manager: Browser, cast: Cast) -> None:
    page = manager.open(f"/console/access/{cast.provider_id}/new-username")
    fields = {"username": "desk", "email": "desk@clinic.example", "privileges__reports": "none"}
    page = manager.press(page, "Allow access", **fields)
    assert "desk now has access to this account." in page.text
    assert "desk View Full Full Full – Change Remove" in rows(page)


def test_privileges_are_changed_and_two_who_change_them_see_both(manager: Browser, admin: Browser, cast: Cast) -> None:
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    path = f"/console/access/{cast.provider_id}/usernames/pat"
    mine, theirs = manager.open(path), admin.open(path)
    assert "pat – View View – – Change Remove" in rows(admin.press(theirs, "Save", patients="view"))
    page = manager.press(mine, "Save", reports="full")
    assert page.status == 412
    assert "Now they are: profile none, patients view, codes view" in page.text
    assert "pat – – View – Full Change Remove" in rows(manager.press(page, "Save"))


def test_access_is_taken_away_after_asking_but_not_the_last_managers(manager: Browser, cast: Cast) -> None:
    path = f"/console/access/{cast.provider_id}"
    page = manager.open(f"{path}/usernames/max/remove")
    assert page.heading == "Remove max from Ada Byron?"
    page = manager.press(page, "Remove access")
    assert "max no longer has access to this account." in page.text
    manager.press(manager.open(f"{path}/usernames/ada/remove"), "Remove access")
    page = manager.press(manager.open(f"{path}/usernames/cleo/remove"), "Remove access")
    assert page.status == 409
    assert "the last active username" in page.text


def test_an_account_out_of_reach_is_not_found_and_one_without_the_privilege_is_closed(api: Api, cast: Cast) -> None:
    pat = Browser(api, cast.plain_user.token)
    assert pat.open(f"/console/access/{cast.provider_id}").status == 404
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    assert pat.open(f"/console/access/{cast.provider_id}/new-username").status == 403
    page = pat.open(f"/console/access/{cast.provider_id}")
    assert rows(page) == ["pat – – View – – Remove"]


def test_an_invitation_is_approved_and_accepted(manager: Browser, admin: Browser, api: Api, cast: Cast) -> None:
    path = f"/console/access/{cast.provider_id}/invitations"
    page = manager.press(manager.open(path), "Invite", username="eve", access_until="2026-08-31")
    assert "The invitation of eve waits for a site admin to approve." in page.text
    assert "access until Sep 1, 2026, 12:00 AM CDT" in page.text
    page = admin.press(admin.open("/console/invitations"), "Approve")
    assert "The invited username can accept it now." in page.text
    eve = Browser(api, cast.outsider.token)
    page = eve.press(eve.open("/console/invitations"), "Accept")
    assert "You now have access to the account of Ada Byron." in page.text
    assert "Ada Byron Elm Street Clinic · until Sep 1, 2026" in " ".join(rows(page))


def test_an_invitation_is_declined_or_taken_back(manager: Browser, admin: Browser, cast: Cast) -> None:
    path = f"/console/access/{cast.provider_id}/invitations"
    manager.press(manager.open(path), "Invite", username="eve")
    assert "Declined." in admin.press(admin.open("/console/invitations"), "Decline").text
    page = manager.press(manager.open(path), "Invite", username="eve")
    assert "There are no open invitations." in manager.press(page, "Withdraw").text
    page = manager.press(page, "Invite", username="x", access_until="9999-12-31")
    assert page.status == 422
    assert page.error("username")
