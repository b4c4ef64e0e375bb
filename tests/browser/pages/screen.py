"""Any screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from playwright.sync_api import FilePayload, Locator, Page, expect


class Screen:
    """What all screens have in common. `path`: where it is found, as the console declares it; empty for one that only
    a form leads to."""

    path: ClassVar[str] = ""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.locator("main")

    @classmethod
    def at(cls, page: Page, query: str = "", **parameters: Any) -> Self:
        """Go there."""
        page.goto(re.sub(r"{(\w+)}", lambda name: str(parameters[name[1]]), cls.path) + query)
        return cls(page)

    # --- What somebody does ---------------------------------------------------------------------------------------

    def press(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=link, exact=True).click()

    def type(self, **fields: str) -> None:
        """Type into fields, choose in lists, tick boxes, by their names."""
        for name, text in fields.items():
            field = self.main.locator(f'[name="{name.replace("__", ".")}"]:not([type=hidden])').first
            kind = field.evaluate("each => each.tagName == 'SELECT' ? 'list' : each.type")
            if kind == "list":
                field.select_option(text)
            elif kind == "checkbox":
                field.set_checked(bool(text))
            else:
                field.fill(text)

    def search(self, text: str) -> None:
        """Type into the search, without pressing anything."""
        self.main.get_by_role("searchbox").press_sequentially(text)

    def send_file(self, name: str, kind: str, content: bytes, button: str) -> None:
        """Choose a file, and send it."""
        self.main.locator("#file").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))
        self.press(button)

    def download(self, link: str) -> tuple[str, str]:
        """Follow a link to a file; gives its name and its text."""
        with self.page.expect_download() as download:
            self.main.locator("a[download]").filter(has_text=link).click()
        return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8-sig")

    @contextmanager
    def dialog(self) -> Iterator[Locator]:
        """The dialog that is open."""
        found = self.page.locator("dialog[open]")
        expect(found).to_be_visible()
        yield found

    def confirm(self, button: str | re.Pattern[str], *says: str) -> None:
        """Require that the open dialog says this, and press its button."""
        with self.dialog() as dialog:
            for text in says:
                expect(dialog).to_contain_text(text)
            dialog.get_by_role("button", name=button, exact=True).click()

    # --- What is required of it -----------------------------------------------------------------------------------

    def shows(self, heading: str | re.Pattern[str]) -> None:
        """Require that the screen of this heading is there."""
        exact = isinstance(heading, str)
        expect(self.page.get_by_role("heading", level=1, name=heading, exact=exact)).to_be_visible()

    def says(self, *texts: str) -> None:
        """Require that the screen says this."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def says_no(self, text: str) -> None:
        """Require that the screen does not say this."""
        expect(self.main).not_to_contain_text(text)

    def lists(self, *rows: str) -> None:
        """Require that its first table has these rows, each with this text, and no others."""
        expect(self.main.locator("table").first.locator("tbody tr")).to_contain_text(list(rows))

    def row(self, text: str) -> Locator:
        """The row of a table, or entry of a list, with this text."""
        return self.main.locator("tr, .entry").filter(has_text=text)
