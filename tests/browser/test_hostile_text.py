"""Text that was meant to do harm, as long as its field takes it, is text on every screen: it runs nothing, and nothing
scrolls sideways because of it, on a telephone either."""

from typing import Any

from playwright.sync_api import Dialog

from tests.browser.conftest import Newcomer, Opened
from tests.browser.screens import SCREENS, furnished, place
from tests.e2e.running import Person, Running

NARROW = (390, 844)
HARM = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}&lt;b&gt; שלום مرحبا 😀👩‍⚕️ "
USERNAME = "שלום" + "w" * 60


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


def test_harm_is_text_on_every_screen(
    opened: Opened, system: Running, demo_staff: dict[str, str], newcomer: Newcomer
) -> None:
    person = newcomer()
    written(system, person, demo_staff["support"])
    ids = furnished(system, person.token, USERNAME, harmful)
    fired: list[Dialog] = []
    doors = {"": "", "practice": person.token, **demo_staff}
    pages = {door: opened("/console/sign-in", token) for door, token in doors.items()}
    for page in pages.values():
        page.on("dialog", lambda dialog: fired.append(dialog))
    for screen in SCREENS:
        page = pages[screen.staff or ("practice" if screen.signed_in else "")]
        page.goto(place(screen, ids))
        where = screen.path
        for size in ((1280, 800), NARROW):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, size)
        assert page.locator("main script, main img[src=x]").count() == 0, where
    assert fired == []
