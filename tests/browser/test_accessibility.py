"""axe finds nothing wrong on any screen, light and dark, wide and narrow."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.console import routes, staff_routes
from chalicelib.console.pages import PAGES
from tests.browser.conftest import WIDE, keep_session
from tests.browser.screens import SCREENS, Screen, place
from tests.e2e.running import Running

AXE = Path(__file__).with_name("axe.min.js")
NARROW = (390, 844)
LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], list[str] | None], ...] = (
    ("light", WIDE, None),
    ("dark", WIDE, ["color-contrast", "link-in-text-block"]),
    ("dark", NARROW, None),
)
"""Colours, size, and the rules that they may break: all, or those alone."""
RUN = """rules => axe.run({resultTypes: ["violations"], ...(rules && {runOnly: rules})})
  .then(found => found.violations)"""
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


def test_every_page_that_is_drawn_is_looked_at() -> None:
    assert {*routes.SCREENS, *staff_routes.SCREENS}
    assert {screen.path for screen in SCREENS} == {page.path for page in PAGES if page.template}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path + screen.query)
def test_axe_finds_nothing(
    screen: Screen, looking: Looking, demo_token: str, demo_staff: dict[str, str], demo_ids: dict[str, str]
) -> None:
    token = demo_staff[screen.staff] if screen.staff else demo_token
    page = looking(token if screen.signed_in else "")
    page.goto(place(screen, demo_ids))
    assert page.get_by_text("If you ask for help, name this request").count() == 0
    for scheme, size, rules in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        troubles = [
            f"{each['id']}: {node['html'][:120]} {node['any'][:1] and node['any'][0]['message']}"
            for each in page.evaluate(RUN, rules)
            for node in each["nodes"]
        ]
        assert troubles == [], (scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
