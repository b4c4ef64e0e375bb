"""The pages behind mailed links: a first or new password, the owner's address."""

from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser
from tests.identity.steps import NEW_PASSWORD, mailed_page
from tests.world import World

PAT = "pat@clinic.example"


def test_a_forgotten_password_is_set_by_the_mailed_link_which_works_once(
    browser: Browser, api: Api, cast: Cast, world: World
) -> None:
    page = browser.press(browser.open("/console/forgotten-password"), "Email me a link", username="pat")
    assert "If this username exists" in page.text
    link = mailed_page(api, world, PAT)
    before = world.everything()
    page = browser.open(link)
    assert page.heading == "Set your password"
    assert "For the username" in page.text
    assert world.everything() == before
    page = browser.press(page, "Set password", password="short")
    assert page.status == 422
    assert "12" in page.error("password")
    page = browser.press(page, "Set password", password=NEW_PASSWORD)
    assert "Your password is set." in page.text
    assert ("username", "pat") in page.fields("Sign in")
    assert browser.press(page, "Sign in", username="pat", password=NEW_PASSWORD).status == 200
    again = Browser(api)
    page = again.press(again.open(link), "Set password", password=NEW_PASSWORD)
    assert page.status == 404
    assert "used already" in page.text


def test_an_unknown_username_is_answered_alike(browser: Browser, cast: Cast) -> None:
    page = browser.press(browser.open("/console/forgotten-password"), "Email me a link", username="nobody.at.all")
    assert "If this username exists" in page.text


def test_the_owner_verifies_the_address_with_a_button(browser: Browser, api: Api, cast: Cast, world: World) -> None:
    link = mailed_page(api, world, "owner.ada@clinic.example")
    before = world.everything()
    page = browser.open(link)
    assert world.everything() == before
    assert browser.press(page, "Yes, I own this practice").heading == "Thank you"
    assert browser.press(browser.open(link), "Yes, I own this practice").status == 404
