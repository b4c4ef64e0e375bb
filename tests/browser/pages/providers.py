"""Providers."""

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.pages.screen import Screen


class Providers(Screen):
    """The directory."""

    path = "/console/providers"

    def has(self, count: int) -> None:
        """Require that it lists so many."""
        expect(self.main.locator("table.directory tbody tr")).to_have_count(count)

    def names(self) -> list[str]:
        """Those that it lists."""
        return self.main.locator("table.directory tbody th").all_inner_texts()


class NewProvider(Screen):
    """Opening an account."""

    path = "/console/providers/new"

    def add(self, **fields: str) -> None:
        self.type(**fields)
        self.press("Add provider")


class Provider(Screen):
    """One account."""

    path = "/console/providers/{provider_id}"

    def is_marked(self, badge: str) -> None:
        """Require this beside its name."""
        expect(self.main.locator(".head .badge")).to_have_text(badge)


class EndProvider(Screen):
    """When an account ends, and who takes its patients."""

    path = "/console/providers/{provider_id}/end"

    def choose(self, date: str = "", taker: str = "") -> None:
        """Now or on a day; as far as what will happen."""
        if date:
            self.main.get_by_label("At the start of a day").check()
            self.type(date=date)
        else:
            self.main.get_by_label("Now").check()
        if taker:
            self.main.get_by_label("Who takes the").select_option(label=taker)
        self.press("Show what will happen")


class ConfirmEnd(Screen):
    """What will happen."""

    path = "/console/providers/{provider_id}/end/confirm"

    def confirm_now(self) -> None:
        self.main.get_by_role("button", name="Deactivate ").click()


class Picture(Screen):
    """Choosing a picture."""

    def use(self, image: bytes) -> None:
        self.main.locator("#file").set_input_files(FilePayload(name="face.png", mimeType="image/png", buffer=image))
        expect(self.main.locator("[data-preview]")).to_be_visible()
        self.press("Use this picture")


class Patients(Screen):
    """An account's patients, and who takes them."""

    path = "/console/providers/{provider_id}/patients"

    def reassign(self, taker: str) -> None:
        self.main.get_by_label("Which provider gets them?").select_option(label=taker)
        self.main.get_by_role("button", name=re.compile("^Reassign [0-9]")).click()

    def reassign_chosen(self, patient: str, taker: str) -> None:
        self.main.get_by_role("checkbox", name=patient).check()
        self.main.get_by_label("Which provider gets those chosen?").select_option(label=taker)
        self.press("Reassign those chosen")


class NewPatient(Screen):
    """Registering a patient."""

    path = "/console/providers/{provider_id}/patients/new"


class Move(Screen):
    """How far a move of patients is."""

    path = "/console/providers/{provider_id}/moves/{reassignment_id}"


class LeftBehind(Screen):
    """Patients whose provider is inactive."""

    path = "/console/providers/left-behind"
