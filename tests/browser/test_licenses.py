"""The License Manager, in a browser: bought once, cancelled, fewer asked for, and what is kept of it."""

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.pages.licenses import YES, Agreement, FewerLicenses, Ledger, Licenses, Orders, Reconciliation
from tests.e2e.running import Person


def orders_of(person: Person) -> list[str]:
    """The statuses of their orders."""
    return [each["status"] for each in person.call("GET", "/license-orders").body["items"]]


def test_licenses_are_bought_after_their_price_is_seen(opened: Opened, somebody: Person) -> None:
    licenses = Licenses(opened("/console/licenses", somebody.token))
    licenses.choose(physician=2, midlevel=1)
    expect(licenses.page.locator("#quote")).to_contain_text("2 physician licenses")
    licenses.press("Add licenses…")
    licenses.confirm("Not now", "You can cancel until")
    expect(licenses.page.locator("dialog[open]")).to_have_count(0)
    licenses.press("Add licenses…")
    licenses.confirm(YES)
    licenses.says("2 physician licenses and 1 midlevel license added.")
    licenses.has((3, 1, 2), (1, 0, 1))


def test_what_cannot_be_bought_has_no_price_and_is_refused_beside_its_field(opened: Opened, somebody: Person) -> None:
    licenses = Licenses(opened("/console/licenses", somebody.token))
    quote = licenses.page.locator("#quote")
    for physician in ("200", "101", "-1", "1.5"):
        licenses.type(physician="2")
        expect(quote).to_contain_text("2 physician licenses")
        licenses.type(physician=physician)
        expect(quote.get_by_role("alert")).to_be_visible()
        expect(quote).not_to_contain_text("2 physician licenses")
    licenses.type(physician="60", midlevel="60")
    licenses.press("Add licenses…")
    licenses.shows("License Manager")
    expect(licenses.main.locator("#show_agreement-physician-below")).to_have_text("Ask for 1 to 100 licenses in all.")
    expect(licenses.main.get_by_label("Midlevel", exact=True)).to_have_value("60")
    licenses.choose(physician=1)
    licenses.type(physician="2", midlevel="0")
    expect(quote).to_contain_text("2 physician licenses")


def test_a_double_click_on_yes_i_agree_buys_once(opened: Opened, somebody: Person) -> None:
    licenses = Licenses(opened("/console/licenses", somebody.token))
    licenses.choose(physician=1)
    licenses.press("Add licenses…")
    with licenses.dialog() as dialog:
        dialog.get_by_role("button", name=YES).dblclick()
    licenses.says("1 physician license added.")
    licenses.has((2, 1, 1))
    assert orders_of(somebody) == ["pending"]


def test_the_back_button_after_buying_offers_nothing_that_buys_again(opened: Opened, somebody: Person) -> None:
    page = opened("/console/licenses/agreement?physician=1", somebody.token)
    Agreement(page).agree()
    Licenses(page).says("1 physician license added.")
    page.go_back()
    Agreement(page).shows("Add 1 physician license")
    assert orders_of(somebody) == ["pending"]
    page.go_forward()
    page.reload()
    Licenses(page).has((2, 1, 1))
    assert orders_of(somebody) == ["pending"]


def test_an_order_is_cancelled_while_its_time_runs(opened: Opened, somebody: Person) -> None:
    somebody.order("order")
    licenses = Licenses(opened("/console/licenses", somebody.token))
    expect(licenses.row("2 physician licenses")).to_contain_text("left, until")
    licenses.press("Cancel the order of 2 physician licenses")
    licenses.confirm("Keep the order")
    licenses.press("Cancel the order of 2 physician licenses")
    licenses.confirm("Cancel the order", "nothing is charged")
    licenses.says("The order of 2 physician licenses is canceled.", "No open orders.")
    licenses.has((1, 1, 0))
    licenses.follow("Orders")
    Orders(licenses.page).lists("canceled")


def test_fewer_licenses_are_asked_of_support(opened: Opened, somebody: Person) -> None:
    somebody.order("order")
    fewer = FewerLicenses(opened("/console/licenses/fewer", somebody.token))
    fewer.ask(physician="3")
    fewer.says("Licenses are in use.")
    fewer.ask(physician="1")
    fewer.says("You asked Support to remove 1 physician license: ticket 1.")
    expect(fewer.row("1 physician license to give up")).to_contain_text("requested")


def test_ledger_and_reconciliation_show_what_was_bought_and_give_it_as_files(opened: Opened, somebody: Person) -> None:
    somebody.order("order")
    ledger = Ledger(opened("/console/licenses/ledger", somebody.token))
    ledger.lists("Ordered", "Trial license")
    name, text = ledger.download("This month as CSV")
    assert name.endswith(".csv")
    assert len(text.splitlines()) == 3
    ledger.follow("Reconciliation")
    reconciliation = Reconciliation(ledger.page)
    expect(reconciliation.row("Variance").first).to_contain_text("0")
    name, text = reconciliation.download("CSV")
    assert name.endswith(".csv")
    assert "physician" in text
    reconciliation.type(as_of="2026-01-05")
    reconciliation.press("Show")
    reconciliation.says("Choose a day from the practice's first one to today.")
