"""Addresses of the console that are no pages."""

import pytest

import app
from chalicelib.console.declared import ACTIONS, PAGES, is_page
from local.gateway import Gateway, Request
from tests.console.browser import Browser, Shown
from tests.console.test_protection import filled

PATHS = {page.path for page in PAGES}
ASTRAY = [action for action in ACTIONS if action.path not in PATHS]


@pytest.mark.parametrize("path", ["/console/nothing", "/console/nothing.php"])
def test_an_address_of_nothing_is_told_in_a_page_with_a_way_on(browser: Browser, path: str) -> None:
    answer = browser.send("GET", path)
    page = Shown(path, answer)
    assert (page.status, page.heading) == (404, "There is no such page")
    assert str(answer.headers["Content-Security-Policy"]).startswith("default-src 'none'; ")
    assert [each.attributes["href"] for each in page.root.all("a") if each.text == "Go to the home page"] == [
        "/console"
    ]


def test_a_long_address_of_nothing_is_told_alike_and_others_are_problems_as_ever() -> None:
    gateway = Gateway(app.app)
    for target in ("/console/tickets/1/nothing/at/all?q=x", "/console/staff/nothing/at/all"):
        answer = gateway.answer(Request("GET", target, {"accept": "text/html"}))
        assert answer.status == 404
        assert b"There is no such page" in answer.body
    assert b'href="/console/staff"' in answer.body
    assert b"GET /openapi.json" in gateway.answer(Request("GET", "/nothing/at/all", {})).body


def test_the_address_of_an_action_leads_to_its_page(browser: Browser, admin: Browser) -> None:
    for path, page in (
        ("/console/two-factor/confirm", "/console/two-factor"),
        ("/console/me/password", "/console/me"),
        ("/console/tickets/1/comments", "/console/tickets/1"),
        ("/console/tickets/a%2Fb/comments", "/console/tickets/a%2Fb"),
        ("/console/sign-out", "/console/session"),
    ):
        for visitor in (browser, admin):
            answer = visitor.send("GET", path)
            assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_every_action_can_be_asked_for_and_leads_to_a_page(admin: Browser) -> None:
    assert len(ASTRAY) > 20
    for action in ASTRAY:
        answer = admin.send("GET", filled(action.path))
        assert answer.status_code == 303, action.path
        assert is_page(str(answer.headers["Location"])), action.path
