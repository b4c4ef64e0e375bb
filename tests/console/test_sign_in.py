"""Signing up, in and out, two-factor, passwords."""

import re

from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser
from tests.console.steps import SIGN_UP, alert, enrolled, signed_in, signed_up
from tests.identity.steps import WRONG


def test_somebody_signs_up_sets_up_two_factor_and_sees_the_licenses(browser: Browser) -> None:
    page = signed_up(browser)
    assert "Birch Lane Clinic is ready" in page.text
    assert dict(page.fields("Sign in"))["username"] == "zelda"
    assert signed_in(browser).heading == "Set up two-factor"
    page = browser.press(browser.open("/console/two-factor"), "Show me the code to scan")
    page = browser.press(page, "Turn two-factor on", code="000000")
    assert page.status == 422
    assert "present code" in page.error("code")
    page = enrolled(browser)
    assert len(page.root.all("ul")[-1].all("li")) == 10
    assert browser.open("/console").heading == "License Manager"
    page = browser.press(browser.open("/console"), "Sign out")
    assert "You are signed out." in page.text
    assert browser.open("/console/licenses").heading == "Sign in"


def test_a_form_sent_twice_makes_one_practice(browser: Browser) -> None:
    page = browser.open("/console/sign-up")
    first, second = (browser.press(page, "Start the trial", **SIGN_UP) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert first.text == second.text
    again = browser.press(browser.open("/console/sign-up"), "Start the trial", **SIGN_UP)
    assert again.status == 409
    assert "taken" in again.text
    assert dict(again.fields("Start the trial"))["practice_name"] == "Birch Lane Clinic"


def test_a_sign_in_leads_back_to_where_one_wanted(browser: Browser, cast: Cast) -> None:
    page = browser.open("/console/licenses")
    assert page.path == "/console/sign-in?next=%2Fconsole%2Flicenses"
    page = browser.press(page, "Sign in", username="ada", password="none of these", totp="")
    assert page.status == 401
    assert "ada" in page.html
    assert "Two-factor code optional" in page.text
    assert "none of these" not in page.html
    page = browser.press(page, "Sign in", username="ada", password=PASSWORD)
    assert page.status == 401
    assert "authenticator" in page.text
    assert "required" in page.root.all("input", name="totp")[0].attributes
    assert "Leave it empty" not in page.text
    page = browser.press(page, "Sign in", username="ada", password=PASSWORD, totp=cast.site_admin.code())
    assert page.path == "/console/licenses"


def test_a_form_whose_session_ended_leads_back_to_its_page_and_says_so(browser: Browser, admin: Browser) -> None:
    ticket = dict(admin.open("/console/tickets/new").fields("File the ticket"))
    page = browser.open(str(browser.send("POST", "/console/tickets/new?category=billing", ticket).headers["Location"]))
    assert page.path == "/console/sign-in?next=%2Fconsole%2Ftickets%2Fnew%3Fcategory%3Dbilling&ended=true"
    assert "This session has ended. Sign in again." in page.text
    assert "This session has ended" in browser.open(page.path).text  # another tab may have asked before
    answer = browser.send("POST", "/console/tickets/1/comments", ticket)
    assert answer.headers["Location"] == "/console/sign-in?next=%2Fconsole%2Ftickets%2F1&ended=true"


def test_what_is_said_once_is_said_on_a_page_and_not_to_a_script_that_asks_before_it(admin: Browser) -> None:
    admin.send("POST", "/console/sign-out", dict(admin.open("/console").fields("Sign out")))
    assert "signed out" not in admin.send("GET", "/console/sign-in", headers={"HX-Request": "true"}).body.decode()
    assert "You are signed out." in admin.open("/console/sign-in").text
    assert "signed out" not in admin.open("/console/sign-in").text


def test_a_script_whose_session_ended_leads_back_to_the_page_it_works_for(browser: Browser) -> None:
    filing = "?next=%2Fconsole%2Ftickets%2Fnew&ended=true"
    for shown, query in (("/console/tickets/new#x", filing), ("//evil.example/", "?ended=true")):
        headers = {"HX-Request": "true", "HX-Current-URL": f"https://console.example{shown}"}
        answer = browser.send("GET", "/console/tickets/suggestions?subject=x", headers=headers)
        assert answer.headers["HX-Redirect"] == f"/console/sign-in{query}"


def test_nobody_is_led_out_of_the_console(browser: Browser, cast: Cast) -> None:
    for next_ in (
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/licenses",
        "/console/../x",
        "/console/sign-out",
    ):
        page = browser.open(f"/console/sign-in?next={next_}")
        assert "_next" not in dict(page.fields("Sign in"))


def test_the_session_cookie_is_out_of_reach(browser: Browser, api: Api, cast: Cast) -> None:
    page = browser.open("/console/sign-in")
    fields = dict(page.fields("Sign in")) | {"username": "pat", "password": PASSWORD}
    answer = browser.send("POST", "/console/sign-in", fields)
    form = r"__Host-session=[\w-]+; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert [bool(re.fullmatch(form, cookie)) for cookie in answer.headers["Set-Cookie"]] == [True]


def test_a_wrong_password_and_a_blocked_username_are_told_in_one_sentence_each(
    browser: Browser, api: Api, cast: Cast
) -> None:
    page = browser.press(browser.open("/console/sign-in"), "Sign in", username="pat", password=WRONG)
    assert alert(page) == "Username, password or code is wrong."
    assert api.post("/users/pat/deactivate", token=cast.site_admin.token).status_code == 200
    page = browser.press(page, "Sign in", username="pat", password=PASSWORD)
    assert page.status == 403
    assert alert(page) == "This username is inactive. Ask a site admin of your practice."


def test_whoever_failed_too_often_is_told_how_long_to_wait(browser: Browser, cast: Cast) -> None:
    page = browser.open("/console/sign-in")
    for _ in range(6):
        page = browser.press(page, "Sign in", username="pat", password=WRONG)
    assert re.search(r"Try again in 3\d seconds\.", page.text)


def test_those_who_are_shut_out_find_the_emergency_form(browser: Browser) -> None:
    page = browser.follow(browser.open("/console/sign-in"), "Nothing helps? Emergency form")
    assert page.path == "/console/emergency"
