"""axe finds nothing wrong on any screen."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.console import routes, staff_routes
from chalicelib.console.declared import PAGES
from tests.browser.conftest import keep_session
from tests.browser.looking import AXE, look_at
from tests.browser.pages import access, codes, licenses, practice, providers, signing, staff, support
from tests.browser.pages.screen import Screen as PageObject
from tests.browser.screens import SCREENS, Screen, place
from tests.e2e.running import Running

Looking = Callable[[str], Page]


@pytest.fixture(scope="module")
def looking(chromium: Browser, system: Running) -> Iterator[Looking]:
    """A page with axe in it, signed in by a token; one for each token."""
    pages: dict[str, Page] = {}

    def of(token: str) -> Page:
        if token not in pages:
            context = chromium.new_context(base_url=system.url, reduced_motion="reduce")
            context.add_init_script(path=AXE)
            if token:
                keep_session(context, system.url, token)
            pages[token] = context.new_page()
        return pages[token]

    yield of
    for page in pages.values():
        page.context.close()


def test_every_page_that_is_drawn_is_looked_at_and_has_a_page_object() -> None:
    assert {*routes.SCREENS, *staff_routes.SCREENS}
    drawn = {page.path for page in PAGES if page.template}
    assert {screen.path for screen in SCREENS} == drawn
    modules = (access, codes, licenses, practice, providers, signing, staff, support)
    objects = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    assert {each.path for each in objects if issubclass(each, PageObject) and each.path} == drawn


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path + screen.query)
def test_axe_finds_nothing(
    screen: Screen, looking: Looking, demo_token: str, demo_staff: dict[str, str], demo_ids: dict[str, str]
) -> None:
    token = demo_staff[screen.staff] if screen.staff else demo_token
    page = looking(token if screen.signed_in else "")
    page.goto(place(screen, demo_ids))
    look_at(page)
