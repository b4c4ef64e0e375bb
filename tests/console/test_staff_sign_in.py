"""The door of staff: signing in, two-factor, the link that sets a password."""

from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser
from tests.console.desk import QUEUE
from tests.identity.steps import WRONG, code_of, mailed_page
from tests.staff.people import staff_person
from tests.world import World


def test_staff_sign_in_at_a_door_of_their_own_and_set_up_two_factor_first(browser: Browser, cast: Cast) -> None:
    staff_person("new", enrolled=False)
    page = browser.open(f"{QUEUE}?status=new")
    assert page.heading == "Staff sign-in"
    assert browser.press(page, "Sign in", username="new", password=WRONG).status == 401
    page = browser.press(browser.open("/console/staff"), "Sign in", username="new", password=PASSWORD)
    assert page.heading == "Set up two-factor"
    assert "__Host-session" not in browser.cookies
    page = browser.press(page, "Show me the code to scan")
    assert page.root.all("img", alt="QR code of your two-factor secret")
    page = browser.press(page, "Turn two-factor on", code=code_of(page.root.all("code")[0].text.replace(" ", "")))
    assert page.heading == "Save your recovery codes"
    page = browser.follow(page, "I’ve saved them")
    assert (page.path, page.heading) == (QUEUE, "Queue")
    page = browser.press(page, "Sign out")
    assert page.heading == "Staff sign-in"
    assert "__Host-staff" not in browser.cookies


def test_the_link_mailed_to_a_new_login_of_staff_sets_its_password_once_by_a_button(
    browser: Browser, api: Api, cast: Cast, world: World
) -> None:
    api.staff("add_staff", name="kim", email="kim@vendor.example", role="accounting")
    link = mailed_page(api, world, "kim@vendor.example")
    assert link.startswith("/console/staff/set-password/")
    before = world.everything()
    page = browser.open(link)
    assert world.everything() == before
    page = browser.press(page, "Set password", password="short")
    assert page.status == 422
    assert "12" in page.error("password")
    page = browser.press(page, "Set password", password=PASSWORD)
    assert (page.path, page.heading) == ("/console/staff/sign-in", "Staff sign-in")
    assert browser.press(page, "Sign in", username="kim", password=PASSWORD).heading == "Set up two-factor"
    again = Browser(api)
    page = again.press(again.open(link), "Set password", password=PASSWORD)
    assert page.status == 404
    api.staff("begin_staff_anew", name="kim")
    page = again.press(
        again.open(mailed_page(api, world, "kim@vendor.example").replace("/staff", "")),
        "Set password",
        password=PASSWORD,
    )
    assert page.status == 404


def test_no_name_opens_the_other_door(browser: Browser, cast: Cast) -> None:
    staff_person("sam")
    for path, username in (("/console/sign-in", "staff:sam"), ("/console/sign-in", "sam"), (QUEUE, "ada")):
        page = browser.press(browser.open(path), "Sign in", username=username, password=PASSWORD)
        assert page.status == 401
