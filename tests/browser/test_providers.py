"""Providers, in a browser: searched as one types, edited, pictured, ended and brought back."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from local.demo_people import CLINICIANS
from tests.browser.conftest import Opened
from tests.browser.pages.providers import (
    ConfirmEnd,
    EndProvider,
    LeftBehind,
    Move,
    NewPatient,
    NewProvider,
    Patients,
    Picture,
    Provider,
    Providers,
)
from tests.e2e.running import Person


def provider_of(person: Person) -> dict[str, Any]:
    """The practice's first account."""
    return dict(person.call("GET", "/providers").body["items"][0])


def second_provider_of(person: Person) -> str:
    """The id of another account, for which a license is bought."""
    person.order("for another")
    fields = {"first_name": "Ben", "last_name": "Stone", "credential": "DO", "email": "ben@oak.example"}
    return str(person.call("POST", "/providers", fields).body["id"])


def test_the_directory_follows_what_is_typed(opened: Opened, demo_token: str) -> None:
    providers = Providers(opened("/console/providers", demo_token))
    providers.has(25)
    providers.search("johns")
    providers.has(2)
    assert sorted(providers.names()) == ["Johnson, Olivia", "Johnston, William"]
    assert providers.page.url.endswith("q=johns&status=")
    providers.page.reload()
    providers.has(2)


def test_the_directory_is_paged_and_filtered(opened: Opened, demo_token: str) -> None:
    providers = Providers(opened("/console/providers", demo_token))
    providers.press("Next page")
    providers.has(len(CLINICIANS) + 1 - 25)
    providers.type(status="inactive")
    providers.lists("Brooks, Calvin")
    expect(providers.row("Brooks, Calvin")).to_contain_text("inactive")


def test_each_field_that_is_refused_is_named_on_top(opened: Opened, somebody: Person) -> None:
    new = NewProvider(opened("/console/providers/new", somebody.token))
    new.type(last_name="Stone", email="ben@oak")
    new.press("Add provider")
    assert new.page.locator(".trouble li").all_inner_texts() == [
        "First name: This field is required.",
        "Credential: This field is required.",
        "Email: This must be an email address.",
    ]


def test_two_tabs_edit_one_account_and_nothing_is_lost(opened: Opened, somebody: Person) -> None:
    path = f"/console/providers/{provider_of(somebody)['id']}"
    first = Provider(opened(path, somebody.token))
    second = Provider(first.page.context.new_page())
    second.page.goto(path)
    second.type(first_name="Adele")
    second.press("Save")
    second.says("Changes saved.")
    first.type(last_name="Lovelace")
    first.press("Save")
    first.says("Someone else saved this in the meantime.")
    first.says("Adele")
    first.press("Save mine")
    first.shows("Ada Lovelace, MD")


def test_a_picture_is_chosen_seen_and_used(opened: Opened, somebody: Person) -> None:
    provider = Provider(opened(f"/console/providers/{provider_of(somebody)['id']}", somebody.token))
    provider.press("Change picture…")
    provider.send_file("face.png", "image/png", b" " * (5 * 1024 * 1024 + 1), "Use this picture")
    provider.says("This file is larger than 5 MB.")
    expect(provider.main.locator("[data-preview]")).not_to_be_visible()
    out = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    Picture(provider.page).use(out.getvalue())
    provider.says("Picture saved.")
    picture = provider.page.get_by_role("img", name="Ada Byron")
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0


def test_the_configuration_is_saved(opened: Opened, somebody: Person) -> None:
    provider = Provider(opened(f"/console/providers/{provider_of(somebody)['id']}", somebody.token))
    provider.type(messaging_enabled="", default_location="Oak Park", outcome_threshold="4")
    provider.press("Save configuration")
    provider.says("saved")
    provider.page.reload()
    expect(provider.main.get_by_label("Default location")).to_have_value("Oak Park")
    expect(provider.main.get_by_label("Outcome threshold")).to_have_value("4")
    expect(provider.main.get_by_label("Messaging")).not_to_be_checked()


def test_an_account_ends_on_a_day_that_is_changed_and_then_cancelled(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/providers/{provider_of(somebody)['id']}", somebody.token)
    provider = Provider(page)
    today = datetime.now(UTC).date()
    for way, days in (("Deactivate…", 20), ("Change", 30)):
        day = today + timedelta(days=days)
        provider.press(way)
        EndProvider(page).choose(date=day.isoformat())
        shown = f"{day:%b} {day.day}, {day.year}"
        ConfirmEnd(page).shows(f"Deactivate Ada Byron on {shown}?")
        ConfirmEnd(page).press("Schedule deactivation")
        provider.is_marked(f"ends {shown}")
    provider.press("Cancel deactivation")
    provider.is_marked("active")


def test_a_patient_is_registered(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/providers/{provider_of(somebody)['id']}/patients", somebody.token)
    patients = Patients(page)
    patients.says("No patients yet")
    patients.press("Register a patient")
    NewPatient(page).type(first_name="Mary", last_name="Jones", date_of_birth="1980-02-29")
    NewPatient(page).press("Register")
    patients.says("The patient is registered.")
    patients.lists("Jones, Mary")
    expect(patients.row("Jones, Mary")).to_contain_text("Feb 29, 1980")


def test_a_chosen_patient_moves_and_the_others_stay(opened: Opened, somebody: Person) -> None:
    mine = f"/providers/{provider_of(somebody)['id']}/patients"
    for name in ("Adams", "Zeller"):
        assert somebody.call("POST", mine, {"first_name": "Ann", "last_name": name}).status == 201
    second_provider_of(somebody)
    patients = Patients(opened(f"/console{mine}", somebody.token))
    patients.reassign_chosen("Zeller, Ann", "Stone, Ben, DO")
    move = Move(patients.page)
    move.shows("Moving patients to Ben Stone")
    move.says("moved. Done.")
    patients.page.go_back()
    patients.page.reload()
    patients.lists("Adams, Ann")


def test_ending_on_a_day_asks_which_day(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/providers/{provider_of(somebody)['id']}/end", somebody.token)
    ending = EndProvider(page)
    ending.main.get_by_label("At the start of a day").check()
    ending.press("Show what will happen")
    ending.says("Choose the day, or deactivate now.")


def test_an_account_ends_now_its_patients_move_and_come_back_by_undo(opened: Opened, demo_token: str) -> None:
    """In the demo practice, whose accounts have patients."""
    providers = Providers(opened("/console/providers?q=farooq", demo_token))
    providers.follow("Farooq, Umar")
    page, provider = providers.page, Provider(providers.page)
    provider.press("Deactivate…")
    EndProvider(page).choose()
    ConfirmEnd(page).says(
        "The physician license becomes available", "patients stay on this account", "Accounting is notified"
    )
    ConfirmEnd(page).confirm_now()
    patients = Patients(page)
    patients.says("Umar Farooq is deactivated.", "are still on this inactive account")
    LeftBehind.at(page).says("Farooq, Umar")
    page.go_back()
    patients.reassign("Zhao, Xin, MD")
    move = Move(page)
    move.shows("Moving patients to Xin Zhao")
    move.says("moved. Done.")
    move.follow("Umar Farooq")
    provider.is_marked("inactive")
    provider.press("Undo deactivation")
    provider.says("Umar Farooq is active as before.")
    provider.is_marked("active")


def test_an_account_that_is_reactivated_takes_a_free_license(opened: Opened, somebody: Person) -> None:
    provider_id = second_provider_of(somebody)
    assert somebody.call("POST", f"/providers/{provider_id}/deactivation", {"confirm": True}).status == 200
    provider = Provider(opened(f"/console/providers/{provider_id}", somebody.token))
    provider.press("Undo deactivation")
    provider.says("Ben Stone is active as before.")
    assert somebody.call("GET", "/licenses").body["physician"]["in_use"] == 2


def test_a_provider_is_added_by_buying_a_license_in_the_same_form(opened: Opened, somebody: Person) -> None:
    provider = NewProvider(opened("/console/providers/new", somebody.token))
    provider.add(first_name="Ann", last_name="Johnson", credential="NP", email="ann@oak.example")
    provider.says("No midlevel license is left.")
    provider.press("Yes, I agree: buy one and add")
    provider.says("Ann Johnson is added.")
