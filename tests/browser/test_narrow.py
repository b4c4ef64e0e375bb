"""What stands where on a narrow screen."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opened
from tests.browser.looking import NARROW
from tests.browser.pages.codes import Codes
from tests.browser.pages.licenses import Reconciliation
from tests.browser.pages.providers import Provider
from tests.browser.pages.signing import RecoveryCodes, TwoFactor
from tests.browser.pages.support import Help
from tests.browser.test_providers import provider_of
from tests.e2e.running import Person, Running

LONG = "Bartholomew-Maximilian Featherstonehaugh-Cholmondeley of the Upper Valley"


def lines(text: Locator) -> int:
    """How many lines a text takes."""
    return int(text.evaluate("each => Math.round(each.offsetHeight / parseFloat(getComputedStyle(each).lineHeight))"))


def middle(page: Page, label: str) -> float:
    """How far down the middle of what has this label is."""
    box = page.get_by_text(label, exact=True).bounding_box()
    assert box
    return box["y"] + box["height"] / 2


def narrowed(page: Page) -> Page:
    """The page on a narrow screen."""
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    return page


def test_an_article_of_the_help_center_is_a_page_of_its_own(opened: Opened, somebody: Person) -> None:
    page = narrowed(opened("/console/help", somebody.token))
    page.locator("#found .hit").last.get_by_role("link").click()
    expect(page.locator("#found")).to_have_count(0)
    assert page.locator("#article h2").first.evaluate("each => each.getBoundingClientRect().top < innerHeight / 2")
    page.go_back()
    expect(page.locator("#found .hit").first).to_be_visible()
    Help.at(page, "?q=cancel+order&open=cancel-a-license-order")
    top, below = (page.locator(each).bounding_box() for each in ("#article", "#found"))
    assert top
    assert below
    assert top["y"] < below["y"]


def test_no_word_of_a_code_file_is_broken(opened: Opened, somebody: Person) -> None:
    provider_id = provider_of(somebody)["id"]
    payer = {"code": "AETNA-BETTER-HEALTH", "name": "Payer 0", "type": "commercial"}
    somebody.call("POST", f"/providers/{provider_id}/codes/payers", payer)
    codes = Codes(narrowed(opened(f"/console/access/{provider_id}/codes/payers", somebody.token)))
    cells = codes.row("Payer 0").locator("th, td")
    expect(cells).to_have_count(4)
    assert [lines(cell) for cell in cells.all()] == [1, 1, 1, 1]


def test_a_very_long_name_takes_two_lines_of_the_drop_down(opened: Opened, somebody: Person) -> None:
    page = narrowed(opened(f"/console/providers/{provider_of(somebody)['id']}", somebody.token))
    provider = Provider(page)
    provider.type(first_name=LONG, last_name=LONG)
    provider.press("Save")
    provider.says("Changes saved.")
    name = page.locator("[data-accounts] strong")
    expect(name).to_have_attribute("title", f"{LONG} {LONG}")
    assert lines(name) == 2


def test_print_stands_beside_what_else_one_does_with_a_page(opened: Opened, system: Running) -> None:
    person = Person(system, "narrow.printing")
    person.sign_up()
    person.sign_in()
    page = narrowed(opened("/console/two-factor", person.token))
    TwoFactor(page).enrol()
    RecoveryCodes(page).shows("Save your recovery codes")
    assert middle(page, "Download") == middle(page, "Print")
    Reconciliation.at(page)
    assert abs(middle(page, "Download CSV") - middle(page, "Print")) < 2
