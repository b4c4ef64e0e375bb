"""Code files, and copies between them."""

from tests.browser.pages.screen import Screen


class Codes(Screen):
    """One file of an account."""

    path = "/console/access/{provider_id}/codes/{file}"

    def edit(self, code: str, **fields: str) -> None:
        self.follow(f"Edit {code}")
        with self.dialog() as dialog:
            for name, text in fields.items():
                dialog.locator(f"[name={name}]").fill(text)
        self.confirm("Save")


class NewCode(Screen):
    """Adding an entry."""

    path = "/console/access/{provider_id}/codes/{file}/new"

    def add(self, **fields: str) -> None:
        self.type(**fields)
        self.press("Add")


class EditCode(Screen):
    """Changing an entry."""

    path = "/console/access/{provider_id}/codes/{file}/{code}"


class DeleteCode(Screen):
    """Taking an entry out."""

    path = "/console/access/{provider_id}/codes/{file}/{code}/delete"


class SendCsv(Screen):
    """Sending a file to be imported."""

    def send(self, text: str) -> None:
        self.send_file("codes.csv", "text/csv", text.encode(), "Check this file")


class Import(Screen):
    """What is wrong with it."""

    path = "/console/access/{provider_id}/codes/{file}/import/{upload_id}"


class CheckedImport(Screen):
    """What it would change."""


class CopyCodes(Screen):
    """From where to where."""

    path = "/console/copy-codes"

    def choose(self, source: str, target: str) -> None:
        self.main.get_by_label("From", exact=True).select_option(source)
        self.main.get_by_label("To", exact=True).select_option(target)
        self.press("Choose what to copy")


class CopyEntries(Screen):
    """Which entries."""

    path = "/console/copy-codes/entries"

    def choose(self, *labels: str) -> None:
        for label in labels:
            self.main.get_by_label(label).check()
        self.press("Preview the copy")


class CopyPreview(Screen):
    """What the copy would meet."""


class CodeCopy(Screen):
    """What it has done."""

    path = "/console/code-copies/{copy_id}"
