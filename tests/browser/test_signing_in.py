"""The ways in and out, in a browser."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Newcomer, Opened, keep_session, mailed
from tests.browser.pages.access import Access
from tests.browser.pages.licenses import Ledger, Licenses, Orders
from tests.browser.pages.practice import NewUser, User
from tests.browser.pages.providers import Providers
from tests.browser.pages.signing import (
    ForgottenPassword,
    Me,
    RecoveryCodes,
    Session,
    SetPassword,
    SignIn,
    SignUp,
    TwoFactor,
)
from tests.browser.pages.support import NewTicket
from tests.e2e.running import PASSWORD, Person, Running

OTHER_PASSWORD = "two owls above the old mill"


def test_somebody_signs_up_and_enrols(opened: Opened) -> None:
    page = opened("/console/sign-up")
    SignUp(page).start("walker")
    SignIn(page).says("Birch Lane Clinic is ready.")
    SignIn(page).sign_in("walker")
    two_factor = TwoFactor(page)
    two_factor.shows("Set up two-factor")
    page.goto("/console/licenses")  # nothing else is open yet
    two_factor.shows("Set up two-factor")
    two_factor.enrol()
    kept = RecoveryCodes(page)
    kept.shows("Save your recovery codes")
    codes = kept.codes()
    with page.expect_download() as download:
        kept.press("Download")
    assert download.value.suggested_filename == "recovery-codes.txt"
    assert set(codes) <= set(download.value.path().read_text().splitlines())
    kept.press("I’ve saved them")
    Licenses(page).shows("License Manager")


def test_who_is_asked_for_a_code_need_not_type_the_password_again(opened: Opened, somebody: Person) -> None:
    sign_in = SignIn(opened("/console/sign-in?next=/console/practice"))
    password = sign_in.main.get_by_label("Password")
    sign_in.sign_in(somebody.username, password="wrong for sure")
    sign_in.says("wrong")
    expect(password).to_have_value("")
    expect(sign_in.main.get_by_role("alert")).to_be_focused()
    sign_in.sign_in(somebody.username)
    sign_in.says("Enter the current code from your authenticator app, too.")
    expect(password).to_have_value(PASSWORD)
    code = sign_in.main.get_by_label("Two-factor code")
    expect(code).to_be_focused()
    code.fill(somebody.code())
    sign_in.press("Sign in")
    expect(sign_in.page).to_have_url(re.compile("/console/practice$"))


def test_a_recovery_code_signs_in_once(opened: Opened, somebody: Person) -> None:
    sign_in = SignIn(opened("/console/sign-in"))
    sign_in.sign_in_with_recovery_code(somebody.username, somebody.recovery_codes[0])
    Licenses(sign_in.page).shows("License Manager")
    Me.at(sign_in.page).says("9 recovery codes left.")
    sign_in.press("Sign out")
    sign_in.says("You are signed out.")
    sign_in.sign_in_with_recovery_code(somebody.username, somebody.recovery_codes[0])
    sign_in.says("wrong")
    sign_in.sign_in(somebody.username, somebody.code())
    sign_in.says("Give a code or a recovery code, not both.")
    sign_in.type(recovery_code="")
    sign_in.sign_in(somebody.username, somebody.code())
    Licenses(sign_in.page).shows("License Manager")


def test_a_forgotten_password_is_set_behind_the_mailed_link(opened: Opened, system: Running, somebody: Person) -> None:
    page = opened("/console/sign-in")
    SignIn(page).follow("Forgot your password?")
    ForgottenPassword(page).ask(somebody.username)
    SignIn(page).says("link")
    token = mailed(system, somebody.email, "Set your password")
    choosing = SetPassword.at(page, token=token)
    choosing.set("short")
    choosing.says("12")
    choosing.set(OTHER_PASSWORD)
    SignIn(page).says("Your password is set.")
    SignIn(page).sign_in(somebody.username, somebody.code())
    SignIn(page).says("wrong")
    SignIn(page).sign_in(somebody.username, somebody.code(), OTHER_PASSWORD)
    Licenses(page).shows("License Manager")
    SetPassword.at(page, token=token).set(PASSWORD)
    choosing.says("Get a new link")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_new_user_sets_the_first_password_behind_the_mailed_link(
    opened: Opened, system: Running, somebody: Person
) -> None:
    page = opened("/console/new-user", somebody.token)
    NewUser(page).add("first.password")
    User(page).says("first.password is mailed a link to set a password.")
    page = opened("/console/sign-in")
    SetPassword.at(page, token=mailed(system, "first.password@oak.example", "Set your password")).set(OTHER_PASSWORD)
    SignIn(page).says("Your password is set.")
    SignIn(page).sign_in("first.password", password=OTHER_PASSWORD)
    Access(page).says("You don’t have access to any provider account yet")


def test_whose_session_ended_in_another_tab_signs_in_and_goes_on(opened: Opened, somebody: Person) -> None:
    page = opened("/console/licenses/ledger", somebody.token)
    other = page.context.new_page()
    Me.at(other).press("Sign out")
    SignIn(other).says("You are signed out.")
    Ledger(page).follow("Orders")
    SignIn(page).shows("Sign in")
    SignIn(page).sign_in(somebody.username, somebody.code())
    Orders(page).says("No orders yet")


def test_what_was_typed_when_a_session_ended_is_there_again_for_who_typed_it(opened: Opened, somebody: Person) -> None:
    page = opened("/console/tickets/new", somebody.token)
    new = NewTicket(page)
    new.type(body="Since noon, on the second floor.", priority="high")
    page.context.clear_cookies()  # signed out in another tab
    new.file("Printer is on fire", "Since noon, on the second floor.")
    sign_in = SignIn(page)
    sign_in.says("This session has ended. Sign in again.")
    sign_in.sign_in(somebody.username, somebody.code())
    new.shows("New ticket")
    new.says("What you had typed is here again. It is not sent yet.")
    expect(new.main.get_by_label("Subject")).to_have_value("Printer is on fire")
    expect(new.main.locator("[name=body]")).to_have_value("Since noon, on the second floor.")
    expect(new.main.locator("[name=priority]")).to_have_value("high")
    page.reload()
    expect(new.main.locator("[name=body]")).to_have_value("")


def test_what_somebody_typed_is_not_there_for_the_next_one(opened: Opened, newcomer: Newcomer) -> None:
    first, second = newcomer(), newcomer()
    page = opened("/console/new-user", first.token)
    NewUser(page).type(username="somebody.new")
    page.context.clear_cookies()
    NewUser(page).press("Add user")
    SignIn(page).sign_in(second.username, second.code())
    NewUser(page).shows("Add user")
    expect(page.locator("[name=username]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('practice-admin typed')") is None


def test_a_search_of_whose_session_ended_leads_to_signing_in(opened: Opened, somebody: Person) -> None:
    page = opened("/console/providers", somebody.token)
    assert somebody.call("DELETE", "/sessions/current").status == 204
    Providers(page).search("a")
    SignIn(page).shows("Sign in")


def test_who_does_nothing_is_warned_and_can_stay(opened: Opened, system: Running, somebody: Person) -> None:
    page = opened("/console/sign-in")
    page.clock.install()
    keep_session(page.context, system.url, somebody.token)
    page.goto("/console/licenses")
    page.clock.fast_forward("13:30")
    warning = page.locator("#idle")
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("second")
    Licenses(page).press("Stay signed in")
    expect(warning).not_to_be_visible()


def test_who_did_nothing_for_long_signs_in_and_types_on(opened: Opened, system: Running, somebody: Person) -> None:
    page = opened("/console/sign-in")
    page.clock.install()
    keep_session(page.context, system.url, somebody.token)
    new = NewTicket.at(page)
    new.type(body="Since noon.")
    assert somebody.call("DELETE", "/sessions/current").status == 204
    page.clock.fast_forward("15:10")
    SignIn(page).says("This session has ended. Sign in again.")
    SignIn(page).sign_in(somebody.username, somebody.code())
    expect(new.main.locator("[name=body]")).to_have_value("Since noon.")


def test_the_session_says_how_long_it_lasts(opened: Opened, demo_token: str) -> None:
    Session(opened("/console/session", demo_token)).says("Unless you continue, your session ends")


def test_another_session_begins_in_the_same_browser(opened: Opened, newcomer: Newcomer) -> None:
    """A form of the session before is shown again, to be looked at, and then does what it says."""
    first, second = newcomer(), newcomer()
    page = opened("/console/practice", first.token)
    keep_session(page.context, str(page.evaluate("location.origin")), second.token)
    screen = Licenses(page)
    screen.type(name="Whose is this?")
    screen.press("Save")
    screen.says("You have signed in anew since this form was opened.")
    assert second.call("GET", "/practice").body["name"] == "Oak Avenue Clinic"


def test_the_password_is_in_no_page(opened: Opened) -> None:
    page = opened("/console/sign-in")
    SignIn(page).sign_in("nobody", password=PASSWORD)
    SignIn(page).says("wrong")
    assert PASSWORD not in page.content()
