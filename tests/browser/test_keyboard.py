"""With the keyboard alone: Tab, letters and Enter."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.pages.licenses import YES, Licenses
from tests.e2e.running import PASSWORD, Person

_MOST_TABS = 60


def tab_to(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Press Tab until that has the focus, and can be seen to have it."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # one of its words
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each == document.activeElement"):
            break
    expect(wanted).to_be_focused()
    assert wanted.evaluate(
        "each => getComputedStyle(each).outlineStyle != 'none' || getComputedStyle(each).boxShadow != 'none'"
    )


def test_somebody_signs_in_and_buys(opened: Opened, somebody: Person) -> None:
    page = opened("/console/sign-in")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(somebody.username)
    tab_to(page, "textbox", "Password")
    page.keyboard.type(PASSWORD)
    tab_to(page, "textbox", "Two-factor code optional")
    page.keyboard.type(somebody.code())
    page.keyboard.press("Enter")
    licenses = Licenses(page)
    licenses.shows("License Manager")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "button", "One more physician license")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Add licenses…")
    page.keyboard.press("Enter")
    with licenses.dialog() as dialog:
        expect(dialog).to_contain_text("Add 1 physician license")
        page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
    expect(page.get_by_role("button", name="Add licenses…")).to_be_focused()
    page.keyboard.press("Enter")
    with licenses.dialog():
        tab_to(page, "button", YES)
    page.keyboard.press("Enter")
    licenses.says("1 physician license added.")
    licenses.has((2, 1, 1))
