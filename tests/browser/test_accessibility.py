"""axe finds nothing wrong on any screen, light and dark, wide and narrow."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.console import routes
from chalicelib.console.pages import PAGES
from tests.browser.conftest import WIDE, Opened
from tests.browser.screens import SCREENS, Screen, place
from tests.e2e.running import Running

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
NARROW = (390, 844)


def test_every_page_that_is_drawn_is_looked_at() -> None:
    assert routes.SCREENS
    assert {screen.path for screen in SCREENS} == {page.path for page in PAGES if page.template}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path)
def test_axe_finds_nothing(screen: Screen, opened: Opened, system: Running, demo_token: str) -> None:
    where = place(screen, system, demo_token)
    for scheme, size in (("light", WIDE), ("dark", WIDE), ("light", NARROW)):
        page = opened(where, demo_token if screen.signed_in else "", scheme=scheme, size=size)
        found: dict[str, Any] = page.evaluate(f"{AXE}; axe.run()")
        troubles = [
            f"{each['id']}: {node['html'][:120]} {node['any'][:1] and node['any'][0]['message']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert troubles == [], (scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
