"""The way through the console, in a browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Opened, keep_session
from tests.browser.pages import Licenses, SignIn, SignUp, TwoFactor
from tests.e2e.running import PASSWORD, Person


def test_somebody_signs_up_enrols_and_buys(opened: Opened) -> None:
    page = opened("/console/sign-up")
    SignUp(page).start("walker")
    SignIn(page).says("Birch Lane Clinic is ready.")
    SignIn(page).sign_in("walker")
    two_factor = TwoFactor(page)
    two_factor.shows("Set up two-factor")
    two_factor.enrol()
    two_factor.shows("Keep your recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    with page.expect_download() as download:
        two_factor.press("Download")
    assert download.value.suggested_filename == "recovery-codes.txt"
    two_factor.press("I have kept them")
    licenses = Licenses(page)
    licenses.shows("License Manager")
    licenses.choose(physician=2, midlevel=1)
    expect(page.locator("#quote")).to_contain_text("2 physician licenses")
    licenses.press("Add licenses…")
    with licenses.dialog() as dialog:
        expect(dialog).to_contain_text("You can cancel until")
        dialog.get_by_role("button", name="Not now").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    licenses.press("Add licenses…")
    with licenses.dialog() as dialog:
        dialog.get_by_role("button", name="Yes, I agree").click()
    licenses.says("2 physician licenses and 1 midlevel license added.")
    assert licenses.counts() == [[3, 1, 2], [1, 0, 1]]


def test_all_of_it_works_without_scripts(opened: Opened, somebody: Person) -> None:
    page = opened("/console/licenses", somebody._token, scripts=False)
    licenses = Licenses(page)
    licenses.type(physician="2")
    licenses.press("Add licenses…")
    licenses.shows("Add 2 physician licenses")
    licenses.press("Yes, I agree")
    assert licenses.counts()[0] == [3, 1, 2]
    licenses.press("Cancel the order of 2 physician licenses")
    licenses.press("Cancel the order")
    assert licenses.counts()[0] == [1, 1, 0]
    licenses.press("Sign out")
    SignIn(page).says("You are signed out.")
    SignIn(page).sign_in(somebody.username, password="not this one at all")
    SignIn(page).says("wrong")


def test_a_double_click_on_yes_i_agree_buys_once(opened: Opened, somebody: Person) -> None:
    licenses = Licenses(opened("/console/licenses", somebody._token))
    licenses.choose(physician=1)
    licenses.press("Add licenses…")
    with licenses.dialog() as dialog:
        dialog.get_by_role("button", name="Yes, I agree").dblclick()
    licenses.says("1 physician license added.")
    assert licenses.counts()[0] == [2, 1, 1]
    assert len(somebody.call("GET", "/license-orders").body["items"]) == 1


def test_who_signed_out_in_another_tab_is_led_back_after_signing_in(opened: Opened, somebody: Person) -> None:
    page = opened("/console/licenses/ledger", somebody._token)
    other = page.context.new_page()
    other.goto("/console/me")
    SignIn(other).press("Sign out")
    page.reload()
    SignIn(page).shows("Sign in")
    assert "next=%2Fconsole%2Flicenses%2Fledger" in page.url


def test_who_does_nothing_is_warned_and_can_stay(opened: Opened, somebody: Person) -> None:
    page = opened("/console/sign-in")
    page.clock.install()
    keep_session(page.context, "http://127.0.0.1", somebody._token)
    page.goto("/console/licenses")
    page.clock.fast_forward("13:30")
    warning = page.locator("#idle")
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("second")
    Licenses(page).press("Stay signed in")
    expect(warning).not_to_be_visible()


def test_the_back_button_after_buying_offers_nothing_that_buys_again(opened: Opened, somebody: Person) -> None:
    page = opened("/console/licenses/agreement?physician=1", somebody._token)
    Licenses(page).press("Yes, I agree")
    Licenses(page).says("1 physician license added.")
    page.go_back()
    Licenses(page).shows("Add 1 physician license")
    assert len(somebody.call("GET", "/license-orders").body["items"]) == 1


def test_the_password_is_in_no_page(opened: Opened) -> None:
    page = opened("/console/sign-in")
    SignIn(page).sign_in("nobody", password=PASSWORD)
    SignIn(page).says("wrong")
    assert PASSWORD not in page.content()
