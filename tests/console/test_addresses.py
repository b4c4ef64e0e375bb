"""Where forms and links lead: to what is declared, by names, however odd the ids are that stand in a path."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.auth import PUBLIC
from chalicelib.console.declared import ACTIONS, PAGES, Action, Page, called
from chalicelib.console.pages import page
from chalicelib.console.rendering import TEMPLATES
from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser, parsed
from tests.console.steps import walk
from tests.console.test_bad_forms import forms_of, of_staff, places
from tests.staff.people import staff_person

ON_ANOTHER_PAGE = {"close_session", "deactivate", "begin_import", "check_import", "edit_ticket"}
"""Actions of which also another page has a form than the one that shows it again."""
ODD = "zoë.o+brien@elm"


def found(endpoints: list[Any], place: str) -> list[Any]:
    """Which of them are at a place."""
    path = place.partition("?")[0]
    return [each for each in endpoints if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each.path), path)]


def page_of(method: str, place: str) -> set[str]:
    """The paths of the pages that may be shown there: also those of an action's answer, or with its form refused."""
    shown: list[Page | Action] = found(PAGES if method == "GET" else ACTIONS, place)
    return {each.path if isinstance(each, Page) else each.on.path for each in shown}


class Noting(Browser):
    """A browser that notes where the forms lead that it is shown."""

    def __init__(self, api: Api, token: str = "") -> None:
        super().__init__(api, token)
        self.noted: set[tuple[str, str, str]] = set()

    def send(self, method: str, path: str, *rest: Any, **more: Any) -> HTTPResponse:
        """Send it, and note: how and where the page was asked for, where one of its forms leads."""
        answer = super().send(method, path, *rest, **more)
        if "text/html" in str(answer.headers.get("Content-Type")):
            self.noted |= {(method, path, action) for action in forms_of(parsed(answer.body.decode()))}
        return answer

    def look(self, paths: list[str]) -> None:
        """Open them all."""
        for path in paths:
            self.send("GET", path)


def astray(browser: Noting) -> Iterator[tuple[str, str, str]]:
    """The forms that lead to no action of their page."""
    for method, place, leads in browser.noted:
        actions: list[Action] = found(ACTIONS, leads)
        pages = page_of(method, place)
        if not any(each.on.path in pages or each.handler.__name__ in ON_ANOTHER_PAGE for each in actions):
            yield method, place, leads


def test_every_form_leads_to_an_action_that_its_page_shows_again(
    api: Api, cast: Cast, furnished: dict[str, str]
) -> None:
    admin, staff, new = Noting(api, cast.site_admin.token), Noting(api, staff_person("sam").token), Noting(api)
    admin.look(places(False, **furnished))
    staff.look(places(True, **of_staff(api, cast)))
    walk(new)
    for browser, most in ((admin, 40), (staff, 6), (new, 40)):
        assert len({leads for _, _, leads in browser.noted}) > most
        assert list(astray(browser)) == []


def test_every_name_that_a_template_goes_by_is_one() -> None:
    sources = "".join(path.read_text() for path in TEMPLATES.iterdir())
    names = re.findall(r's\.(?:to|form)\("(\w+)"', sources)
    for call in re.findall(r"s\.refused\(([^)]*)\)", sources):
        names += re.findall(r'"(\w+)"', call)
    assert len(names) > 130
    declared = {each.handler.__name__ for each in (*PAGES, *ACTIONS)}
    assert set(names) <= declared


def test_a_name_is_one_pages_or_actions_of_its_room() -> None:
    with pytest.raises(ValueError, match="GET /console/elsewhere is called show_user, as GET /console/users/"):

        @page("/console/elsewhere", permit=PUBLIC)
        def show_user() -> None:
            """Not shown."""

    assert called("console", "open_session") is not called("staff", "open_session")


def test_what_an_id_has_that_means_something_in_an_address_is_quoted() -> None:
    address = called("console", "deactivate_user").address({"username": "a/b?c#d%e f", "more": "x"})
    assert address == "/console/users/a%2Fb%3Fc%23d%25e%20f/deactivate"


def test_who_is_called_oddly_is_found_edited_and_deleted(api: Api, admin: Browser) -> None:
    fields = {"username": ODD, "email": "zoe@clinic.example", "password": PASSWORD}
    admin.press(admin.open("/console/new-user"), "Add user", **fields)
    user = admin.follow(admin.open("/console/users"), ODD)
    assert user.heading.startswith(ODD)
    changed = admin.press(admin.follow(user, "Change"), "Change email", email="brien@clinic.example")
    assert "brien@clinic.example" in changed.text
    deleted = admin.press(admin.follow(changed, "Delete unused username"), f"Delete {ODD}")
    assert f"{ODD} is deleted." in deleted.text
