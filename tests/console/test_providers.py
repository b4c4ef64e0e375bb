"""Providers: the directory, one account, how it ends and comes back."""

import pytest
from msgspec.structs import replace

from chalicelib.dynamo import Rows
from chalicelib.identity.model import Privileges
from chalicelib.providers.tables import ListingRow, ProviderRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, give_access
from tests.console.browser import Browser, Shown
from tests.identity.steps import later
from tests.providers.steps import closed, licensed, opened, registered, seeded
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


def test_only_inactive_accounts_with_patients_are_left_behind_page_by_page(
    admin: Browser, api: Api, cast: Cast
) -> None:
    for last_name, patients in (("Zeller", 2), ("Moss", 0), ("Adams", 1)):
        left = str(opened(api, cast, last_name=last_name)["id"])
        seeded(cast, left, patients)
        closed(cast, left)
    seeded(cast, cast.provider_id, 3)
    first = admin.open("/console/providers/left-behind?limit=1")
    assert [row.text for row in first.root.all("tbody")[0].all("tr")] == ["Zeller , Ann 2 See and reassign them"]
    second = admin.follow(first, "Next page")
    assert [row.text for row in second.root.all("tbody")[0].all("tr")] == ["Adams , Ann 1 See and reassign them"]
    assert "Next page" not in second.text


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


def test_patients_are_listed_and_registered(api: Api, cast: Cast, admin: Browser) -> None:
    here = f"/console/providers/{cast.provider_id}/patients"
    page = admin.follow(admin.open(here), "Register a patient")
    page = admin.press(page, "Register", first_name="Max", last_name="Sample", date_of_birth="2999-01-01")
    assert (page.status, bool(page.error("date_of_birth"))) == (422, True)
    page = admin.press(page, "Register", date_of_birth="1980-02-03", mrn="A-1", rtm_status="eligible")
    assert page.path == here
    assert "The patient is registered." in page.text
    assert page.root.all("tbody")[0].text == "Sample , Max Feb 3, 1980 A-1 Eligible"


def test_chosen_patients_move_and_the_others_stay(api: Api, cast: Cast, admin: Browser) -> None:
    licensed(api, cast, physician=1)
    other = opened(api, cast, first_name="Ann", last_name="Hart")["id"]
    here = f"/console/providers/{cast.provider_id}/patients"
    registered(api, cast, last_name="Adams")
    zeller = registered(api, cast, last_name="Zeller")["id"]
    page = admin.press(admin.open(here), "Reassign those chosen", to=other)
    assert (page.status, "Choose at least one patient in the list." in page.text) == (422, True)
    page = admin.press(page, "Reassign those chosen", to="prv_none", patient_ids=zeller)
    assert page.status == 404
    assert ("patient_ids", zeller) in page.fields("Reassign those chosen")
    assert "moved. Done." in admin.press(page, "Reassign those chosen", to=other).text
    assert [row.text.split(" ,")[0] for row in admin.open(here).root.all("tbody")[0].all("tr")] == ["Adams"]


def test_whoever_chose_on_a_later_page_finds_the_choice_there_again(api: Api, cast: Cast, admin: Browser) -> None:
    licensed(api, cast, physician=1)
    opened(api, cast, first_name="Ann", last_name="Hart")
    ids = [registered(api, cast, last_name=f"No{number:02}")["id"] for number in range(26)]
    page = admin.follow(admin.open(f"/console/providers/{cast.provider_id}/patients"), "Next page")
    page = admin.press(page, "Reassign those chosen", patient_ids=ids[25])
    assert page.status == 422
    assert ("patient_ids", ids[25]) in page.fields("Reassign those chosen")


def test_all_of_a_large_practice_can_be_chosen(api: Api, cast: Cast, admin: Browser) -> None:
    practice_id = cast.site_admin.practice_id
    row = Rows().find(ProviderRow.key(practice_id, cast.provider_id))
    assert row is not None
    with ListingRow.batch_write() as batch:
        for number in range(101):
            other = replace(row.as_provider(), id=f"prv_{number:026}")
            for listing in ListingRow.all_of(practice_id, other).values():
                batch.save(listing)
    registered(api, cast)
    page = admin.open(f"/console/providers/{cast.provider_id}/patients")
    assert len(page.root.all("option")) == 2 * (1 + 101)


def test_who_may_only_look_at_patients_is_told_of_no_other_accounts(api: Api, cast: Cast) -> None:
    licensed(api, cast, physician=1)
    opened(api, cast, first_name="Ann", last_name="Elsewhere")
    registered(api, cast, cast.provider_id)
    give_access("eve", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view"))
    page = Browser(api, cast.outsider.token).open(f"/console/providers/{cast.provider_id}/patients")
    assert "Sample" in page.text
    assert "Elsewhere" not in page.html
    assert "Register" not in page.html
    assert Browser(api, cast.outsider.token).open(f"{page.path}/new").status == 403


def test_who_reaches_some_accounts_moves_patients_between_them_and_is_told_of_no_others(api: Api, cast: Cast) -> None:
    ours, full = cast.site_admin.practice_id, Privileges(patients="full")
    licensed(api, cast, physician=3)
    ids = {name: opened(api, cast, first_name=name, last_name="Hart")["id"] for name in ("Open", "Seen", "Other")}
    registered(api, cast, cast.provider_id)
    give_access("eve", ours, cast.provider_id, full)
    eve, here = Browser(api, cast.outsider.token), f"/console/providers/{cast.provider_id}/patients"
    assert "There is no other active provider to move them to." in eve.open(here).text
    give_access("eve", ours, ids["Open"], full)
    give_access("eve", ours, ids["Seen"], Privileges(patients="view"))
    page = eve.open(here)
    assert [each.text for each in page.root.all("option")] == ["Choose…", "Hart, Open"] * 2
    assert "moved. Done." in eve.press(page, "Reassign 1 patient", to=ids["Open"]).text
