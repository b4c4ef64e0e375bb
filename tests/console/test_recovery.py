"""The screens of the owner's recovery."""

from chalicelib.support.rules import ticket_id
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser
from tests.identity.steps import mailed_link, mailed_page
from tests.staff.people import staff_person
from tests.world import World

OWNER = "owner.ada@clinic.example"


def test_the_owner_has_a_link_mailed_and_asks_for_a_site_admin(
    browser: Browser, api: Api, cast: Cast, world: World
) -> None:
    api.post(mailed_link(api, world, OWNER))
    page = browser.follow(browser.open("/console/sign-in"), "No site admin can sign in? Owner’s recovery")
    page = browser.press(page, "Email me a link", owner_email=OWNER, username="ada")
    assert "a link is on its way" in page.text
    place = mailed_page(api, world, OWNER)
    assert place.startswith("/console/recovery/")
    page = browser.press(browser.open(place), "Send request", action="reactivate", username="ada")
    assert page.status == 422
    assert "This username is active" in page.error("username")
    assert dict(page.fields("Send request"))["username"] == "ada"
    page = browser.press(page, "Send request", action="appoint", username="pat")
    assert "Support has a ticket now." in page.text
    page = browser.press(browser.open(place), "Send request", action="appoint", username="pat")
    assert page.status == 404


def test_what_the_owner_asks_for_takes_two_of_support_and_the_first_is_told_so(
    browser: Browser, api: Api, cast: Cast, world: World
) -> None:
    api.post(mailed_link(api, world, OWNER))
    browser.press(browser.open("/console/recovery"), "Email me a link", owner_email=OWNER, username="ada")
    page = browser.open(mailed_page(api, world, OWNER))
    browser.press(page, "Send request", action="appoint", username="pat")
    sam, kim = (Browser(api, staff_person(name).token) for name in ("sam", "kim"))
    page = sam.open(f"/console/staff/tickets/{ticket_id(cast.site_admin.practice_id, 1)}")
    assert "by the owner’s link" in page.text
    approving = sam.follow(page, "Approve…")
    assert "Yours is the first of two approvals" in approving.text
    page = sam.press(approving, "Approve")
    assert "Approve…" not in page.text
    assert "Someone else at Support has to approve it, too." in page.text
    for again in (sam.open(approving.path), sam.press(approving, "Approve", body="Again.")):
        assert again.heading == "Someone else has to approve it, too"
        assert "at once" not in again.text
        assert not again.root.all("main")[0].all("button")
    page = kim.open(approving.path)
    assert "It is done at once" in page.text
    assert "It is approved and done." in kim.press(page, "Approve").text


def test_one_of_practice_and_username_is_named(browser: Browser, cast: Cast) -> None:
    page = browser.press(browser.open("/console/recovery"), "Email me a link", owner_email=OWNER)
    assert page.status == 422
    assert page.error("practice_id") == "Name either the practice or a username of it."


def test_the_answer_does_not_tell_what_there_is(browser: Browser, cast: Cast) -> None:
    for username in ("ada", "nobody.here"):
        page = browser.press(browser.open("/console/recovery"), "Email me a link", owner_email=OWNER, username=username)
        assert "If this is the verified address" in page.text
