"""Providers, in a browser: searched as one types, edited, pictured, ended and brought back."""

from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from local.demo_people import CLINICIANS
from tests.browser.conftest import Opened
from tests.browser.pages import Provider, Providers
from tests.e2e.running import Person


def provider_of(person: Person) -> dict[str, Any]:
    """The practice's first account."""
    return dict(person.call("GET", "/providers").body["items"][0])


def test_the_directory_follows_what_is_typed(opened: Opened, demo_token: str) -> None:
    providers = Providers(opened("/console/providers", demo_token))
    assert len(providers.names()) == 25
    providers.search("johns")
    expect(providers.page.locator("table.directory tbody tr")).to_have_count(2)
    assert sorted(providers.names()) == ["Johnson, Olivia", "Johnston, William"]
    assert providers.page.url.endswith("q=johns&status=")
    providers.page.reload()
    assert len(providers.names()) == 2
    assert len(CLINICIANS) == 29


def test_two_tabs_edit_one_account_and_nothing_is_lost(opened: Opened, somebody: Person) -> None:
    path = f"/console/providers/{provider_of(somebody)['id']}"
    first = Provider(opened(path, somebody._token))
    second = Provider(opened(path, somebody._token))
    second.type(first_name="Adele")
    second.press("Save")
    second.says("Changes saved.")
    first.type(last_name="Lovelace")
    first.press("Save")
    first.says("Somebody saved this meanwhile.")
    first.says("Adele")
    first.press("Save mine")
    first.shows("Ada Lovelace, MD")


def test_a_picture_is_chosen_seen_and_used(opened: Opened, somebody: Person) -> None:
    provider = Provider(opened(f"/console/providers/{provider_of(somebody)['id']}", somebody._token))
    provider.press("Change picture…")
    out = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    image = {"name": "face.png", "mimeType": "image/png", "buffer": out.getvalue()}
    provider.page.locator("#file").set_input_files(image)  # type: ignore[arg-type]  # a plain dictionary will do
    expect(provider.page.locator("[data-preview]")).to_be_visible()
    provider.press("Use this picture")
    provider.says("Picture saved.")
    picture = provider.page.get_by_role("img", name="Ada Byron")
    assert picture.evaluate("each => each.complete && each.naturalWidth > 0")


def test_an_account_ends_without_scripts_and_comes_back(opened: Opened, somebody: Person) -> None:
    provider = Provider(opened(f"/console/providers/{provider_of(somebody)['id']}", somebody._token, scripts=False))
    provider.deactivate()
    provider.says("Ada Byron is deactivated.")
    provider.page.get_by_role("link", name="Ada Byron").click()
    provider.press("Undo")
    provider.says("Ada Byron is active as before.")


def test_a_provider_is_added_by_buying_a_license_in_the_same_form(opened: Opened, somebody: Person) -> None:
    provider = Provider(opened("/console/providers/new", somebody._token))
    provider.type(first_name="Ann", last_name="Johnson", credential="NP", email="ann@oak.example")
    provider.press("Add the provider")
    provider.says("No midlevel license is left.")
    provider.press("Yes, I agree: buy one and add")
    provider.says("Ann Johnson is added.")
