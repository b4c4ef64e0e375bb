"""Page objects: what somebody does on a screen, in the screen's own words."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from playwright.sync_api import Locator, Page, expect

from tests.e2e.running import PASSWORD, _calm_step


class Screen:
    """Any screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=link, exact=True).click()

    def type(self, **fields: str) -> None:
        """Type into fields, by their names."""
        for name, text in fields.items():
            field = self.page.locator(f'[name="{name.replace("__", ".")}"]:not([type=hidden])')
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)

    def shows(self, heading: str) -> None:
        """Require that the screen of this heading is there."""
        expect(self.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()

    def says(self, text: str) -> None:
        """Require that the screen says this."""
        expect(self.page.locator("main")).to_contain_text(text)

    @contextmanager
    def dialog(self) -> Iterator[Locator]:
        """The dialog that is open."""
        found = self.page.locator("dialog[open]")
        expect(found).to_be_visible()
        yield found


class SignUp(Screen):
    """Starting a trial."""

    def start(self, username: str) -> None:
        self.type(
            practice_name="Birch Lane Clinic",
            owner_email="owner@birch.example",
            provider__first_name="Zoë",
            provider__last_name="Smith",
            provider__credential="MD",
            provider__email="zoe@birch.example",
            username=username,
            password=PASSWORD,
        )
        self.press("Start the trial")


class SignIn(Screen):
    """Signing in."""

    def sign_in(self, username: str, totp: str = "", password: str = PASSWORD) -> None:
        self.type(username=username, password=password, totp=totp)
        self.press("Sign in")


class TwoFactor(Screen):
    """Setting up two-factor."""

    def enrol(self) -> str:
        """Set it up as far as the recovery codes; gives the secret."""
        self.press("Show me the code to scan")
        details = self.page.get_by_text("I can’t scan it")
        details.click()
        secret = self.page.locator(".secret").inner_text().replace(" ", "")
        self.type(code=pyotp.TOTP(secret).generate_otp(_calm_step() - 1))
        self.press("Turn two-factor on")
        return secret


class Licenses(Screen):
    """The License Manager."""

    def counts(self) -> list[list[int]]:
        """Active, in use, available of each type."""
        rows = self.page.locator("table.counts tbody tr").all()
        return [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]

    def choose(self, physician: int = 0, midlevel: int = 0) -> None:
        """Choose how many, with the steppers."""
        for name, number in (("physician", physician), ("midlevel", midlevel)):
            for _ in range(number):
                self.page.get_by_role("button", name=f"One {name} license more").click()


class Providers(Screen):
    """The directory."""

    def search(self, text: str) -> None:
        """Type into the search, without pressing anything."""
        self.page.get_by_role("searchbox").press_sequentially(text)

    def names(self) -> list[str]:
        """Those that it lists."""
        return self.page.locator("table.directory tbody th").all_inner_texts()


class Provider(Screen):
    """One account."""

    def deactivate(self) -> None:
        """Deactivate it now, as far as the question who takes the patients."""
        self.press("Deactivate…")
        self.press("Show what will happen")
        self.page.get_by_role("button", name="Deactivate ").click()
