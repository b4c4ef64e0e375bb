"""How much a browser has to fetch."""

from playwright.sync_api import Page

from tests.browser.conftest import Opened

FIRST_LOAD = 60 * 1024
LATER_REQUESTS = 2


def fetched(page: Page) -> dict[str, int]:
    """What the page fetched over the network, and in how many bytes; not what the browser had kept."""
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = page.evaluate(
        """() => Object.fromEntries(["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
             .filter((each) => each.transferSize > 0).map((each) => [each.name, each.transferSize]))"""
    )
    return sizes


def test_the_first_visit_is_light_and_the_next_ones_fetch_one_page(opened: Opened, demo_token: str) -> None:
    page = opened("/console/licenses", demo_token)
    first = fetched(page)
    assert len(first) >= 5
    assert sum(first.values()) <= FIRST_LOAD, first
    for path in ("/console/licenses/orders", "/console/me", "/console/licenses"):
        page.goto(path)
        assert len(fetched(page)) <= LATER_REQUESTS, fetched(page)
