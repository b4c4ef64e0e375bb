"""What axe finds wrong with a page, light and dark, wide and narrow."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.browser.conftest import WIDE

AXE = Path(__file__).with_name("axe.min.js")
NARROW = (390, 844)
_LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], list[str] | None], ...] = (
    ("light", WIDE, None),
    ("dark", WIDE, ["color-contrast", "link-in-text-block"]),
    ("dark", NARROW, None),
)
"""Colours, size, and the rules that they may break: all, or those alone."""
_RUN = """rules => axe.run({resultTypes: ["violations"], ...(rules && {runOnly: rules})})
  .then(found => found.violations)"""
_FITS = "document.documentElement.scrollWidth <= innerWidth"


def look_at(page: Page) -> None:
    """Require that axe finds nothing wrong, and that nothing scrolls sideways. The page has axe in it."""
    assert page.get_by_text("If you ask for help, name this request").count() == 0
    for scheme, size, rules in _LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        troubles = [
            f"{each['id']}: {node['html'][:120]} {node['any'][:1] and node['any'][0]['message']}"
            for each in page.evaluate(_RUN, rules)
            for node in each["nodes"]
        ]
        assert troubles == [], (page.url, scheme, size)
        assert page.evaluate(_FITS), f"{page.url} scrolls sideways"
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
