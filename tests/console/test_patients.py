"""Patients of an account: listed, registered, moved; and those whom inactive accounts have left behind."""

import pytest
from msgspec.structs import replace

from chalicelib.console import choices
from chalicelib.dynamo import Rows
from chalicelib.identity.model import Privileges
from chalicelib.providers.tables import ListingRow, ProviderRow
from tests.api import Api
from tests.cast import Cast, give_access
from tests.console.browser import Browser
from tests.providers.endings import deactivated
from tests.providers.steps import closed, licensed, opened, registered, seeded


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


def test_patients_are_listed_and_registered(api: Api, cast: Cast, admin: Browser) -> None:
    here = f"/console/providers/{cast.provider_id}/patients"
    page = admin.follow(admin.open(here), "Register a patient")
    page = admin.press(page, "Register", first_name="Max", last_name="Sample", date_of_birth="2999-01-01")
    assert (page.status, bool(page.error("date_of_birth"))) == (422, True)
    page = admin.press(page, "Register", date_of_birth="1980-02-03", mrn="A-1", rtm_status="eligible")
    assert page.path == here
    assert "The patient is registered." in page.text
    assert page.root.all("tbody")[0].text == "Sample , Max Feb 3, 1980 A-1 Eligible"


def test_who_takes_patients_is_chosen_from_the_first_accounts_and_that_is_said(
    api: Api, cast: Cast, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    licensed(api, cast, physician=2)
    for name in ("Ann", "Bob"):
        opened(api, cast, first_name=name)
    registered(api, cast)
    pages = [f"/console/providers/{cast.provider_id}/{page}" for page in ("patients", "end")]
    assert not any("these are the first" in admin.open(page).text for page in pages)
    monkeypatch.setattr(choices, "PAGE", 1)
    monkeypatch.setattr(choices, "MOST", 2)
    assert all("There are more than 2: these are the first." in admin.open(page).text for page in pages)


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


def test_a_move_that_was_undone_leads_to_the_one_that_brings_its_patients_back(
    admin: Browser, api: Api, cast: Cast
) -> None:
    taker = str(opened(api, cast)["id"])
    seeded(cast, cast.provider_id, 3)
    here = f"/console/providers/{cast.provider_id}"
    move = deactivated(api, cast, cast.provider_id, reassign_to=taker).json_body["reassignment_id"]
    first = admin.open(f"{here}/moves/{move}")
    assert "0 of 3 patients moved so far" in first.text
    admin.press(admin.open(here), "Undo deactivation")
    undone = admin.open(first.path)
    assert "The deactivation was undone: they come back" in undone.text
    back = admin.follow(undone, "they come back")
    assert "0 of 3 patients moved so far" in back.text
    api.tick("continue_reassignments")
    over = admin.open(back.path)
    assert "0 of 3 patients came back. Done. The others had not left yet, or were moved on since" in over.text
