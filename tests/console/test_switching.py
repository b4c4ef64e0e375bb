"""The provider drop-down: which account a page acts on, and how one goes to another."""

import re
from urllib.parse import quote

from chalicelib.console.declared import PAGES
from chalicelib.console.navigation import ACCOUNT_ENTRIES
from chalicelib.console.screens.switching import MOST_OWN
from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import Cast, give_access
from tests.codes.steps import EXAMPLES, added
from tests.console.browser import Browser, Element, Shown
from tests.providers.steps import licensed, opened


def bar(page: Shown) -> Element:
    """What stands on top of the page."""
    return page.root.all("div", **{"class": "top noprint"})[0]


def ways(browser: Browser, on: str = "", wanted: str = "") -> dict[str, str]:
    """What the drop-down offers on a page: account and practice, and where they lead."""
    page = browser.open(f"/console/accounts?on={quote(on)}&q={quote(wanted)}")
    return {
        link.text: link.attributes["href"]
        for each in page.root.all("ul", **{"class": "ways"})
        for link in each.all("a")
    }


def test_every_page_about_an_account_names_it_with_its_practice_on_top(api: Api, cast: Cast) -> None:
    added(api, cast, "diagnosis", EXAMPLES["diagnosis"])
    known = {"file": "diagnosis", "code": "E11.9", "username": "cleo", "provider_id": cast.provider_id}
    eve, seen = Browser(api, cast.outsider.token), 0
    give_access("eve", cast.site_admin.practice_id, cast.provider_id)
    for each in PAGES:
        path = re.sub(r"{(\w+)}", lambda name: known.get(name[1], "x_1"), each.path)
        if "{provider_id}" in each.path and each.template and (page := eve.open(path)).status == 200:
            assert bar(page).all("summary")[0].text == "Provider account: Ada Byron Elm Street Clinic", path
            assert page.root.all("header")[0].all("summary")[0].text == "Oak Avenue Clinic"
            assert "Licenses" in page.root.all("header")[0].text
            seen += 1
    assert seen > 10
    page = eve.open("/console/licenses")
    assert "Choose a provider account" in bar(page).text
    assert bar(page).all("nav") == []


def test_what_there_is_of_an_account_is_what_ones_privileges_open(api: Api, admin: Browser, cast: Cast) -> None:
    declared = {page.path: page.permit for page in PAGES}
    assert {entry.path: entry.permit for entry in ACCOUNT_ENTRIES}.items() <= declared.items()
    place = f"/console/access/{cast.provider_id}"
    everything = [entry.label for entry in ACCOUNT_ENTRIES]
    assert [link.text for link in bar(admin.open(place)).all("nav")[0].all("a")] == everything
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    pat = Browser(api, cast.plain_user.token)
    links = bar(pat.open(place)).all("nav")[0].all("a")
    assert [link.text for link in links] == ["Codes", "Usernames"]
    assert [link.text for link in links if "aria-current" in link.attributes] == ["Usernames"]
    assert all(pat.open(link.attributes["href"]).status == 200 for link in links)


def test_one_goes_to_the_same_kind_of_page_of_any_account_in_reach(api: Api, cast: Cast) -> None:
    master = Browser(api, cast.master.token)
    give_access("max", cast.outsider.practice_id, cast.their_provider_id, Privileges(codes="view"))
    ours, theirs = cast.provider_id, cast.their_provider_id
    for on, kind in [
        (f"/console/access/{ours}/codes/billing/99213/delete", "/console/access/{}/codes/billing"),
        (f"/console/access/{ours}/usernames/cleo", "/console/access/{}"),
        ("/console/tickets", "/console/access/{}"),
        ("//elsewhere.example/console/access/x", "/console/access/{}"),
    ]:
        found = ways(master, on)
        assert found == {
            "Byron, Ada Elm Street Clinic": kind.format(ours),
            "Byron, Ada Oak Avenue Clinic": kind.format(theirs),
        }
        assert ways(master, on, "ada byron") == ways(master, on, "Byron, A") == found
    found = ways(master, f"/console/providers/{ours}/patients")
    assert found["Byron, Ada Elm Street Clinic"] == f"/console/providers/{ours}/patients"
    assert found["Byron, Ada Oak Avenue Clinic"] == f"/console/access/{theirs}"
    for place in found.values():
        assert master.open(place).status == 200


def test_a_site_admin_goes_to_all_active_accounts_of_the_practice_and_finds_one_of_many(
    api: Api, admin: Browser, cast: Cast
) -> None:
    licensed(api, cast, physician=MOST_OWN + 2)
    ids = {name: opened(api, cast, first_name=name, last_name="Many")["id"] for name in ("Ann", "Ben", "Gone")}
    api.post(f"/providers/{ids['Gone']}/deactivation", {"confirm": True}, cast.site_admin.token)
    give_access("ada", cast.outsider.practice_id, cast.their_provider_id)
    names = ["Byron, Ada Elm Street Clinic", "Many, Ann Elm Street Clinic", "Many, Ben Elm Street Clinic"]
    assert list(ways(admin, f"/console/providers/{ids['Ann']}")) == [*names, "Byron, Ada Oak Avenue Clinic"]
    assert ways(admin, f"/console/providers/{ids['Ann']}", "BEN") == {names[2]: f"/console/providers/{ids['Ben']}"}
    page = admin.open(f"/console/accounts?on=/console/access/{ids['Ann']}")
    assert [link.text for link in page.root.all("a", **{"aria-current": "true"})] == ["Many, Ann Elm Street Clinic"]
    assert "No account with this name" in admin.open("/console/accounts?q=gone").text
    for number in range(MOST_OWN - 2):
        opened(api, cast, first_name=f"Zoe{number:02}", last_name="More")
    assert "There may be more" in admin.open("/console/accounts").text
    assert list(ways(admin, wanted="zoe47")) == ["More, Zoe47 Elm Street Clinic"]


def test_the_menu_itself_costs_a_page_no_call_and_opening_it_three(api: Api, cast: Cast) -> None:
    master = Browser(api, cast.master.token)
    for path, calls in [("/console/access-find", 1), ("/console/accounts", 3), ("/console/accounts?q=oak", 3)]:
        with calls_recorded() as made:
            assert master.open(path).status in (200, 403)
        assert len(made) <= calls, (path, made)


def test_who_reaches_nothing_is_told_what_to_do(api: Api, cast: Cast) -> None:
    page = Browser(api, cast.plain_user.token).open("/console/accounts")
    assert "You don’t have access to any provider account yet." in page.text
