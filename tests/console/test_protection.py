"""What every answer of the console carries, and which posts it refuses."""

import re

import pytest

from chalicelib.console.declared import ACTIONS, PAGES
from tests.api import Api, under_stage
from tests.cast import PASSWORD, Cast
from tests.console.browser import ORIGIN, Browser, parsed
from tests.world import World

FILLED = {"provider_id": "prv_1", "token": "x"}


def filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda name: FILLED.get(name[1], "x_1"), path)


def test_every_page_and_refusal_has_the_headers_that_guard_it(admin: Browser, browser: Browser) -> None:
    answers = [visitor.send("GET", filled(page.path)) for page in PAGES for visitor in (admin, browser)]
    answers += [admin.send("POST", filled(action.path), {}) for action in ACTIONS]
    for answer in answers:
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.status_code < 500
        policy = str(headers["Content-Security-Policy"])
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        if str(headers.get("Content-Type")).startswith("text/html"):
            assert "script-src 'self'; style-src 'self'; " in policy
            assert "base-uri 'none'" in policy


@pytest.mark.parametrize("name", ["..", "../../me", "..\\me", "%2E%2e", ".\t.", "a/b", "\n", "."])
def test_what_would_lead_a_form_elsewhere_names_nothing(admin: Browser, name: str) -> None:
    holes = [(page, hole) for page in PAGES for hole in re.findall(r"{(\w+)}", page.path)]
    assert len(holes) > 30
    for page, hole in holes:
        there = page.address(dict.fromkeys(re.findall(r"{(\w+)}", page.path), "x_1") | {hole: name})
        assert admin.send("GET", there).status_code == 404, (page.name, hole)


def test_no_page_has_a_script_or_style_of_its_own(admin: Browser, browser: Browser) -> None:
    for page in PAGES:
        for visitor in (admin, browser):
            html = visitor.send("GET", filled(page.path)).body.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html), page.name


def test_files_are_kept_for_ever_under_the_name_of_their_content(browser: Browser) -> None:
    html = browser.send("GET", "/console/sign-in").body.decode()
    names = sorted(set(re.findall(r'(?:href|src)="(/console/assets/[^"]+)"', html)))
    assert len(names) == 5
    for name in names:
        answer = browser.send("GET", name)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
    for wrong in (names[0][:-1], "/console/assets/000000000000-console.css", "/console/assets/..%2Fpages.py"):
        answer = browser.send("GET", wrong)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": f"{ORIGIN}.evil.example"},
    ],
    ids=str,
)
def test_a_post_from_elsewhere_is_refused_and_changes_nothing(
    browser: Browser, cast: Cast, world: World, headers: dict[str, str]
) -> None:
    page = browser.open("/console/sign-in")
    fields = dict(page.fields("Sign in")) | {"username": "pat", "password": PASSWORD}
    before = world.everything()
    answer = browser.send("POST", "/console/sign-in", fields, headers=headers)
    assert answer.status_code == 403
    assert "It came from another site." in answer.body.decode()
    assert world.everything() == before


def test_a_form_of_another_session_is_shown_again_and_changes_nothing(
    admin: Browser, api: Api, cast: Cast, world: World
) -> None:
    other = Browser(api, cast.support_user.token)
    fields = other.open("/console/me").fields("Change password")
    before = world.everything()
    answer = admin.send("POST", "/console/me/password", fields)
    assert answer.status_code == 403
    assert "signed in anew" in answer.body.decode()
    assert world.everything() == before


def test_a_post_without_a_token_is_refused(browser: Browser, cast: Cast) -> None:
    for token in ("", "x", "é"):
        fields = {"_token": token, "username": "pat", "password": PASSWORD}
        assert browser.send("POST", "/console/sign-in", fields).status_code == 403


def test_a_post_of_another_kind_is_refused(browser: Browser) -> None:
    for content_type in ("application/json", "multipart/form-data; boundary=x"):
        answer = browser.send("POST", "/console/sign-in", {}, headers={"Content-Type": content_type})
        assert answer.status_code == 415
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_under_a_stage_every_link_stays_under_it(browser: Browser) -> None:
    with under_stage("/v1"):
        root = parsed(browser.send("GET", "/console/sign-up").body.decode())
        led = browser.send("GET", "/console/licenses")
    kinds = (("a", "href"), ("link", "href"), ("script", "src"), ("form", "action"))
    places = [each.attributes[name] for tag, name in kinds for each in root.all(tag)]
    assert len(places) > 5
    assert all(place.startswith(("/v1/console/", "#")) for place in places)
    assert led.headers["Location"] == "/v1/console/sign-in?next=%2Fconsole%2Flicenses"


def test_a_script_that_asks_for_a_part_is_sent_to_sign_in_as_a_whole(browser: Browser) -> None:
    answer = browser.send("GET", "/console/licenses", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.body) == (200, b"")
    assert answer.headers["HX-Redirect"] == "/console/sign-in?next=%2Fconsole%2Flicenses&ended=true"
