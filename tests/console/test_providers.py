"""Providers: the directory, one account, how it ends and comes back."""

import pytest

from tests.api import Api, calls_recorded
from tests.cast import Cast, Person
from tests.console.browser import Browser, Shown
from tests.identity.steps import later
from tests.providers.steps import licensed, opened, registered, seeded
from tests.uploads.pictures import picture
from tests.uploads.steps import posted

NEW = {"first_name": "Ann", "last_name": "Johnson", "credential": "MD", "email": "ann@clinic.example", "npi": ""}


def names(page: Shown) -> list[str]:
    """Those that the directory lists."""
    return [row.all("th")[0].text for body in page.root.all("tbody") for row in body.all("tr")]


def account(cast: Cast) -> str:
    return f"/console/providers/{cast.provider_id}"


def deactivated(browser: Browser, path: str, **choice: str) -> Shown:
    """Deactivate an account; gives the page that it leads to."""
    page = browser.press(browser.open(f"{path}/end"), "Show what will happen", **{"when": "now"} | choice)
    button = next(each.text for each in page.root.all("button") if "Deactivate" in each.text or "Schedule" in each.text)
    return browser.press(page, button)


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


def test_who_takes_the_patients_and_is_gone_before_is_told(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    ending = {"date": "2026-07-05", "confirm": True}
    assert api.post(f"/providers/{other['id']}/deactivation", ending, cast.site_admin.token).status_code == 202
    choice = {"when": "date", "date": "2026-07-06", "reassign_to": other["id"]}
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
    assert "Ann Johnson is to be deactivated on Jul 5, 2026" in page.text
    page = admin.press(page, "Schedule deactivation")
    assert "Ann Johnson , who is to be deactivated on Jul 5, 2026 : unless that changes" in page.text
    assert "Deactivate…" not in page.text
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice | {"date": "2026-07-04"})
    assert "is to be deactivated" not in page.text


def test_an_account_ends_after_its_consequences_are_told_and_is_undone(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", when="now", reassign_to=other["id"])
    assert page.heading == "Deactivate Ada Byron now?"
    for said in ("trial license ends", "1 patient moves to Ann Johnson", "cleo", "undo this within 24 hours"):
        assert said in page.text, said
    page = admin.press(page, "Deactivate Ada Byron")
    assert page.heading == "Moving patients to Ann Johnson"
    page = admin.open(account(cast))
    assert "inactive" in page.text
    assert "Byron , Ada" in names(admin.open("/console/providers?status=inactive"))
    page = admin.press(page, "Undo deactivation")
    assert "Ada Byron is active as before. The patients are coming back." in page.text


def test_an_account_ends_on_a_day_to_come_which_can_be_cancelled(admin: Browser, cast: Cast) -> None:
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", when="date", date="")
    assert "Choose the day" in page.text
    page = deactivated(admin, account(cast), when="date", date="2026-07-20")
    assert "will be deactivated." in page.text
    assert "ends Jul 20, 2026" in page.text
    assert "ends Jul 20, 2026" in admin.open("/console/providers").text
    assert "stays" in admin.press(page, "Cancel deactivation").text


def test_a_scheduled_account_says_its_last_day_and_who_gets_its_patients_and_is_changed(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast)
    other = opened(api, cast, first_name="Ann", last_name="Johnson")
    seeded(cast, cast.provider_id, 3)
    choice = {"when": "date", "date": "2026-07-20", "reassign_to": other["id"]}
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
    assert "Its last day is Jul 19, 2026" in page.text
    assert "after that you have 24 hours to undo it" in page.text
    admin.press(page, "Schedule deactivation")
    with calls_recorded() as calls:
        page = admin.open(account(cast))
    assert len(calls) <= 3
    assert (
        "Last day: Jul 19, 2026 . Deactivated at the start of Jul 20, 2026 . 3 patients go to Ann Johnson" in page.text
    )
    page = admin.follow(page, "Change")
    assert dict(page.fields("Show what will happen")) == choice
    deactivated(admin, account(cast), when="date", date="2026-07-21")
    assert "Last day: Jul 20, 2026" in admin.open(account(cast)).text
    assert "3 patients stay where they are" in admin.open(account(cast)).text
    assert "Last day" not in admin.press(admin.open(account(cast)), "Cancel deactivation").text


def test_a_day_on_which_an_account_cant_end_is_refused_beside_its_field_before_anything_is_told(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    for day, said in (
        ("", "Choose the day"),
        ("2020-01-01", "This must be after 2026-07-02"),
        ("2026-07-02", "This must be after 2026-07-02"),
        ("2040-01-01", "at the latest"),
    ):
        choice = {"when": "date", "date": day, "reassign_to": other["id"]}
        page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
        assert page.heading == "Deactivate Ada Byron"
        assert said in page.error("date")
        assert dict(page.fields("Show what will happen")) == choice
    page = admin.press(page, "Show what will happen", when="date", date="2026-07-03", reassign_to="")
    assert page.heading == "Deactivate Ada Byron on Jul 3, 2026 ?"


def test_when_an_account_ends_is_chosen_and_a_day_that_is_typed_is_never_passed_over(
    admin: Browser, cast: Cast
) -> None:
    fresh = admin.open(f"{account(cast)}/end")
    assert "when" not in dict(fresh.fields("Show what will happen"))
    page = admin.press(fresh, "Show what will happen")
    assert (page.heading, page.error("date")) == ("Deactivate Ada Byron", "Choose now, or a day.")
    page = admin.press(fresh, "Show what will happen", when="now", date="2026-07-20")
    assert "You chose now, and a day." in page.error("date")
    assert dict(page.fields("Show what will happen")) == {"when": "now", "date": "2026-07-20"}
    page = admin.press(fresh, "Show what will happen", date="2026-07-20")
    assert page.heading == "Deactivate Ada Byron on Jul 20, 2026 ?"
    page = admin.follow(page, "Change the selection")
    assert dict(page.fields("Show what will happen")) == {"when": "date", "date": "2026-07-20"}


def test_who_decided_later_is_asked_to_reassign_and_sees_the_progress(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    seeded(cast, cast.provider_id, 60)
    page = deactivated(admin, account(cast))
    assert "60 patients are still on this inactive account" in page.text
    left = admin.open("/console/providers/left-behind")
    assert "Byron , Ada 60 See and reassign them" in left.text
    assert admin.follow(left, "See and reassign them").path == page.path
    page = admin.press(page, "Reassign 60 patients", to=other["id"])
    assert "0 of 60 patients" in page.text
    api.tick("continue_reassignments")
    assert "60 of 60 patients moved. Done." in admin.open(page.path).text


def test_it_can_be_reactivated_without_its_patients_while_it_could_be_undone(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast, physician=2)
    other = opened(api, cast)
    registered(api, cast)
    deactivated(admin, account(cast), reassign_to=other["id"])
    api.tick("continue_reassignments")
    page = admin.press(admin.open(account(cast)), "Reactivate")
    assert "Ada Byron is active again." in page.text
    assert "no patients" in admin.open(f"{account(cast)}/patients").text.casefold()


def test_no_other_word_is_taken_for_now(admin: Browser, cast: Cast) -> None:
    page = admin.open(f"{account(cast)}/end/confirm?when=at+once")
    assert page.heading == "Deactivate Ada Byron"
    assert "Choose now, or a day." in page.text


def test_a_day_later_it_can_only_be_reactivated_with_a_license(admin: Browser, api: Api, cast: Cast) -> None:
    deactivated(admin, account(cast))
    with later(hours=25):
        fresh = Browser(api, cast.site_admin.token)
        assert fresh.open(account(cast)).heading == "Sign in"
    page = admin.open(account(cast))
    answer = admin.send("POST", f"{account(cast)}/reactivate", dict(page.fields("Undo deactivation")))
    assert answer.status_code == 409
    assert "No physician license is available." in answer.body.decode()


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


def test_nothing_is_promised_that_will_be_refused(admin: Browser, api: Api, cast: Cast) -> None:
    taker = str(opened(api, cast)["id"])
    deactivated(admin, f"/console/providers/{taker}")
    for target in (taker, cast.provider_id):
        page = admin.open(f"{account(cast)}/end/confirm?when=now&reassign_to={target}")
        assert page.status == 422
        assert not [each for each in page.root.all("button") if "Deactivate" in each.text]
