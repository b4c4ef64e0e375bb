"""Every path works without scripts, in a browser that runs none."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.pages.codes import CodeCopy, Codes
from tests.browser.pages.licenses import Agreement, CancelOrder, Licenses
from tests.browser.pages.providers import ConfirmEnd, EndProvider, Provider, Providers
from tests.browser.pages.signing import SignIn
from tests.browser.pages.support import Attach, NewTicket, Ticket
from tests.browser.test_providers import provider_of
from tests.e2e.running import Person, until


def test_signing_in_buying_and_cancelling(opened: Opened, somebody: Person) -> None:
    page = opened("/console/sign-in", scripts=False)
    SignIn(page).sign_in(somebody.username, password="not this one at all")
    SignIn(page).says("wrong")
    SignIn(page).sign_in(somebody.username, somebody.code())
    licenses = Licenses(page)
    licenses.type(physician="2")
    licenses.press("Add licenses…")
    Agreement(page).shows("Add 2 physician licenses")
    Agreement(page).agree()
    licenses.has((3, 1, 2))
    licenses.press("Cancel the order of 2 physician licenses")
    CancelOrder(page).press("Cancel the order")
    licenses.has((1, 1, 0))
    licenses.press("Sign out")
    SignIn(page).says("You are signed out.")


def test_searching_editing_and_picturing(opened: Opened, somebody: Person) -> None:
    page = opened("/console/providers", somebody.token, scripts=False)
    Providers(page).type(q="ada")
    Providers(page).press("Search")
    Providers(page).follow("Byron, Ada")
    provider = Provider(page)
    provider.type(first_name="Adele")
    provider.press("Save")
    provider.shows("Adele Byron, MD")
    provider.press("Change picture…")
    out = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        provider.send_file("face.png", "image/png", out.getvalue(), "1. Upload it")
    provider.press("2. Use it")
    provider.says("Picture saved.")


def test_an_account_ends_and_comes_back(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/providers/{provider_of(somebody)['id']}", somebody.token, scripts=False)
    provider = Provider(page)
    provider.press("Deactivate…")
    EndProvider(page).choose()
    ConfirmEnd(page).confirm_now()
    provider.says("Ada Byron is deactivated.")
    provider.follow("Profile")
    provider.press("Undo deactivation")
    provider.says("Ada Byron is active as before.")


def test_filing_and_attaching(opened: Opened, somebody: Person) -> None:
    page = opened("/console/tickets/new", somebody.token, scripts=False)
    new = NewTicket(page)
    new.file("cancel an order", "It is of John Doe, SSN 123-45-6789.")
    new.says("These articles may help:", "Cancel a license order")
    new.file("cancel an order", "It is the second of today.", articles_do_not_help="yes")
    ticket = Ticket(page)
    ticket.says("Ticket 1 is filed.")
    ticket.comment("It is out.")
    ticket.says("Your comment is sent.")
    ticket.follow("Attach a file")
    Attach(page).type(name="words.txt")
    Attach(page).press("Continue")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        Attach(page).send_file("words.txt", "text/plain", b"It burns.", "1. Upload it")
    Attach(page).press("2. Attach it")
    expect(ticket.main.get_by_role("link", name="words.txt")).to_be_visible()


def test_codes_are_imported(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/access/{provider_of(somebody)['id']}/codes/diagnosis", somebody.token, scripts=False)
    codes = Codes(page)
    codes.press("Import a CSV file…")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        codes.send_file("codes.csv", "text/csv", b"code,description\nI10,Hypertension\n", "1. Upload it")
    codes.press("2. Check it")
    codes.press("Import now")
    copy = CodeCopy(page)
    copy.shows("Import to Ada Byron")
    until(lambda: page.reload() and "1 imported." in copy.main.inner_text(), "the import")
