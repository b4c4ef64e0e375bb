"""axe finds nothing wrong on any screen, light and dark, wide and narrow."""

from pathlib import Path
from typing import Any, Literal

import pytest

from chalicelib.console import routes, staff_routes
from chalicelib.console.pages import PAGES
from tests.browser.conftest import WIDE, Opened
from tests.browser.screens import SCREENS, Screen, place

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
NARROW = (390, 844)
LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int]], ...] = (
    ("light", WIDE),
    ("dark", WIDE),
    ("dark", NARROW),
)


def test_every_page_that_is_drawn_is_looked_at() -> None:
    assert {*routes.SCREENS, *staff_routes.SCREENS}
    assert {screen.path for screen in SCREENS} == {page.path for page in PAGES if page.template}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path + screen.query)
def test_axe_finds_nothing(
    screen: Screen, opened: Opened, demo_token: str, demo_staff: dict[str, str], demo_ids: dict[str, str]
) -> None:
    token = demo_staff[screen.staff] if screen.staff else demo_token
    page = opened(place(screen, demo_ids), token if screen.signed_in else "")
    assert page.get_by_text("If you ask for help, name this request").count() == 0
    page.evaluate(AXE)
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found: dict[str, Any] = page.evaluate("axe.run()")
        troubles = [
            f"{each['id']}: {node['html'][:120]} {node['any'][:1] and node['any'][0]['message']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert troubles == [], (scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
