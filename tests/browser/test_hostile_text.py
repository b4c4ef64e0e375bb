"""Text that was meant to do harm, as long as its field takes it, is text on every screen: it runs nothing, and nothing
scrolls sideways because of it, on a telephone either."""

from typing import Any

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Newcomer, Opened
from tests.browser.pages.support import Attach
from tests.browser.screens import SCREENS, furnished, place
from tests.e2e.running import Person, Running

NARROW = (390, 844)
HARM = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}&lt;b&gt; שלום مرحبا 😀👩‍⚕️ "
USERNAME = "שלום" + "w" * 60
OWNER = f"o'{{{{7*7}}}}&%{'e' * 40}@{'m' * 60}.example"
"""As much harm as an address takes."""
SEARCHES = "main form[method=get] :is(input[type=search], input[type=text], input:not([type]))"


def harmful(_: str, most: int) -> str:
    """Harm, and then one word as long as the field still takes."""
    return (HARM + "W" * most)[:most]


def written(system: Running, person: Person, support: str) -> None:
    """A practice with four accounts, of which one ended; and what is written about them."""

    def ask(method: str, path: str, body: Any, **headers: str) -> Any:
        answer = system.call(method, path, body, **{"Authorization": f"Bearer {person.token}"} | headers)
        assert answer.status < 300, answer
        return answer.body

    def edit(method: str, path: str, body: Any) -> None:
        ask(method, path, body, If_Match=person.call("GET", path).headers["ETag"])

    name, practice = harmful("", 100), person.call("GET", "/practice").body["id"]
    edit("PATCH", "/practice", {"name": name})
    note = {"billing_note": name}
    ask("PUT", f"/staff/practices/{practice}/billing-note", note, Authorization=f"Bearer {support}")
    person.order("one")
    person.order("another")
    for number in range(3):
        email = f"p{number}.{'e' * 50}@{'m' * 60}.example"
        body = {"first_name": name, "last_name": name, "credential": "MD", "email": email}
        account = f"/providers/{ask('POST', '/providers', body)['id']}"
        edit("PUT", f"{account}/configuration", {"default_location": name})
        ask("POST", f"{account}/patients", {"first_name": name, "last_name": name})
    ask("POST", f"{account}/deactivation", {"confirm": True})
    moved = {"subject": name, "body": name, "category": "owner_change", "request": {"owner_email": OWNER}}
    ask("POST", "/tickets", {**moved, "priority": "normal", "articles_do_not_help": True})


def test_harm_is_text_on_every_screen(
    opened: Opened, system: Running, demo_staff: dict[str, str], newcomer: Newcomer
) -> None:
    person = newcomer()
    written(system, person, demo_staff["support"])
    ids = furnished(system, person.token, USERNAME, harmful)
    file = harmful("", 96).replace("/", "") + ".txt"  # no name has a slash
    ticket = Attach.at(opened("/console/sign-in", person.token), number=ids["number"])
    ticket.attach(file, "text/plain", b"harmless")
    expect(ticket.main).to_contain_text("alert(2)<script>")
    fired: list[Dialog] = []
    asked = searched = 0
    doors = {"": "", "practice": person.token, **demo_staff}
    pages = {door: opened("/console/sign-in", token) for door, token in doors.items()}
    for page in pages.values():
        page.on("dialog", lambda dialog: fired.append(dialog))
    for screen in SCREENS:
        page = pages[screen.staff or ("practice" if screen.signed_in else "")]
        page.goto(place(screen, ids))
        where = screen.path
        is_text(page, where)
        asked += every_dialog_is_text(page, where)
        if page.locator(SEARCHES).count():
            for field in page.locator(SEARCHES).all():
                field.fill(harmful("", 100))
            page.locator(SEARCHES).first.press("Enter")
            page.wait_for_load_state()
            is_text(page, f"{where}, searched")
            searched += 1
    assert fired == []
    assert asked >= 8
    assert searched >= 8


def is_text(page: Page, where: str) -> None:
    """Nothing of it is markup, and nothing scrolls sideways."""
    for width, height in ((1280, 800), NARROW):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, width)
    assert page.locator(":is(main, dialog) :is(script, img[src=x])").count() == 0, where


def every_dialog_is_text(page: Page, where: str) -> int:
    """Opens the dialogs that a page leads to, one after the other; gives how many there are."""
    links = page.locator("main a[data-dialog]:visible")
    for number in range(links.count()):
        links.nth(number).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        is_text(page, f"{where}, dialog {number}")
        assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth"), (where, number)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    return links.count()
