"""Providers: the directory, and one account."""

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.console.browser import Browser
from tests.console.steps import account, names
from tests.providers.steps import licensed, opened
from tests.uploads.pictures import picture
from tests.uploads.steps import posted

NEW = {"first_name": "Ann", "last_name": "Johnson", "credential": "MD", "email": "ann@clinic.example", "npi": ""}


def test_the_directory_is_searched_filtered_and_paged(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast, physician=30)
    for number in range(26):
        opened(api, cast, first_name=f"Ann{number:02}", last_name="Zoller", email=f"z{number}@clinic.example")
    assert names(admin.open("/console/providers"))[0] == "Byron , Ada"
    page = admin.open("/console/providers")
    assert len(names(page)) == 25
    assert names(admin.follow(page, "Next page")) == ["Zoller , Ann24", "Zoller , Ann25"]
    assert names(admin.open("/console/providers?q=ann0&status=active")) == [f"Zoller , Ann0{n}" for n in range(10)]
    assert "No providers found" in admin.open("/console/providers?q=nobody").text
    assert names(admin.open("/console/providers?status=inactive")) == []


def test_a_provider_is_added_with_a_license_that_is_there(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    page = admin.press(admin.open("/console/providers/new"), "Add provider", **NEW)
    assert "Ann Johnson is added." in page.text
    assert page.heading == "Ann Johnson , MD"


def test_where_no_license_is_left_one_is_bought_without_typing_again(admin: Browser) -> None:
    page = admin.press(admin.open("/console/providers/new"), "Add provider", **NEW)
    assert page.status == 409
    assert "No physician license is left. Buy one now?" in page.text
    assert "$95.81" in page.text
    assert dict(page.fields("Yes, I agree: buy one and add"))["last_name"] == "Johnson"
    page = admin.press(page, "Yes, I agree: buy one and add")
    assert "Ann Johnson is added." in page.text
    assert "1 physician license" in admin.open("/console/licenses/orders").text


def test_bad_values_stand_beside_their_fields_with_what_was_typed(admin: Browser) -> None:
    typed = NEW | {"first_name": "", "email": "nowhere", "npi": "123"}
    page = admin.press(admin.open("/console/providers/new"), "Add provider", **typed)
    assert page.status == 422
    assert all(page.error(field) for field in ("first_name", "email", "npi"))
    assert dict(page.fields("Add provider"))["email"] == "nowhere"
    assert "ten digits" in page.error("npi")


def test_an_edit_is_saved_and_a_stale_one_shows_both_versions(admin: Browser, api: Api, cast: Cast) -> None:
    page = admin.open(account(cast))
    theirs = admin.open(account(cast))
    assert "Changes saved." in admin.press(theirs, "Save", first_name="Adele").text
    page = admin.press(page, "Save", last_name="Lovelace")
    assert page.status == 412
    rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in page.root.all("tr")]
    assert ["First name", "Adele", "Ada"] in rows
    assert ["Last name", "Byron", "Lovelace"] in rows
    page = admin.press(page, "Save mine")
    assert page.heading == "Ada Lovelace , MD"


def test_what_a_credential_does_to_the_license_is_told_before_and_after(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast, physician=1, midlevel=1)
    page = admin.open(f"/console/providers/{opened(api, cast)['id']}")
    moves = "It holds a physician license. A midlevel credential takes a midlevel license"
    assert moves in page.error("credential")
    assert "license" not in admin.press(page, "Save", credential="DO").root.all("div", role="status")[0].text
    page = admin.press(admin.open(page.path), "Save", credential="NP")
    assert "A midlevel license is taken, a physician license is available again." in page.text
    page = admin.open(account(cast))
    assert "trial license, which becomes a midlevel license" in page.error("credential")
    assert "Its trial license is a midlevel license now." in admin.press(page, "Save", credential="PA").text


def test_the_configuration_is_saved(admin: Browser, cast: Cast) -> None:
    page = admin.press(
        admin.open(account(cast)), "Save configuration", outcome_threshold="5", default_location="North wing"
    )
    fields = dict(page.fields("Save configuration"))
    assert (fields["outcome_threshold"], fields["default_location"]) == ("5", "North wing")
    page = admin.press(page, "Save configuration", messaging_enabled="false")
    assert dict(page.fields("Save configuration"))["messaging_enabled"] == "false"


def test_a_picture_is_chosen_sent_and_used(admin: Browser, cast: Cast) -> None:
    page = admin.press(admin.open(account(cast)), "Change picture…")
    policy = str(page.headers["Content-Security-Policy"])
    form = page.form("1. Upload it")
    origin = "/".join(form.attributes["action"].split("/")[:3])
    assert f"form-action 'self' {origin}" in policy
    fields = {name: value for name, value in page.fields("1. Upload it") if name != "file"}
    assert posted({"url": form.attributes["action"], "fields": fields}, picture()) == 204
    page = admin.press(page, "2. Use it")
    assert "Picture saved." in page.text
    (shown,) = [each for each in page.root.all("img") if each.attributes["alt"] == "Ada Byron"]
    origin = "/".join(shown.attributes["src"].split("/")[:3])
    assert f"img-src 'self' data: blob: {origin}" in str(page.headers["Content-Security-Policy"])
    page = admin.press(page, "Remove")
    assert "Picture removed." in page.text


def test_a_picture_that_is_none_is_refused_in_words(admin: Browser, cast: Cast) -> None:
    page = admin.press(admin.open(account(cast)), "Change picture…")
    form = page.form("1. Upload it")
    fields = {name: value for name, value in page.fields("1. Upload it") if name != "file"}
    posted({"url": form.attributes["action"], "fields": fields}, b"no picture at all")
    page = admin.press(page, "2. Use it")
    assert page.status == 422
    assert "JPEG" in page.text


@pytest.mark.parametrize("who", ["clinician", "master"])
def test_who_reaches_an_account_by_a_grant_sees_it_and_saves_its_configuration(api: Api, cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    browser = Browser(api, person.token)
    page = browser.open(account(cast))
    assert page.status == 200
    assert "Deactivate" not in page.text
    page = browser.press(page, "Save configuration", default_location="Room 7")
    assert dict(page.fields("Save configuration"))["default_location"] == "Room 7"
    assert browser.send("POST", account(cast), page.fields("Save configuration")).status_code == 403


def test_others_accounts_look_like_none(admin: Browser, cast: Cast) -> None:
    for path in (f"/console/providers/{cast.their_provider_id}", "/console/providers/prv_none"):
        assert admin.open(path).status == 404
