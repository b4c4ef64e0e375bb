"""One running system and one Chromium for all tests in a browser; each test has a browser profile of its own."""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from local.logins import ADMIN, PASSWORD, STAFF, Logins
from tests.browser.screens import furnished
from tests.e2e.running import Person, Running, until

WIDE = (1280, 800)
expect.set_options(timeout=20_000)  # only a test that fails waits so long; a busy machine may be slow
Opened = Callable[..., Page]
Newcomer = Callable[[], Person]
# Chromium without a window takes a third of the processor that the whole of it takes.
ON_PATH = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running system with the demo practice."""
    running = Running(tmp_path_factory.mktemp("system"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium: the one on the PATH, or Playwright's own."""
    found = next((path for name in ON_PATH if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_token(system: Running) -> str:
    """A session of the demo practice's site admin."""
    code = Logins.load(system.home).next_code(system.home, lasting=5)
    answer = system.call("POST", "/sessions", {"username": ADMIN, "password": PASSWORD, "totp": code})
    assert answer.status == 201, answer
    return str(answer.body["token"])


@pytest.fixture(scope="session")
def demo_staff(system: Running) -> dict[str, str]:
    """Sessions of the demo logins of staff, by their role."""
    tokens: dict[str, str] = {}
    for name, role in STAFF.items():
        code = Logins.load(system.home).next_code(system.home, lasting=5, name=name)
        answer = system.call("POST", "/staff/sessions", {"username": name, "password": PASSWORD, "totp": code})
        assert answer.status == 201, answer
        tokens[role] = str(answer.body["token"])
    return tokens


@pytest.fixture(scope="session")
def demo_ids(system: Running, demo_token: str) -> dict[str, str]:
    """What the screens of the demo practice are about."""
    return furnished(system, demo_token)


@pytest.fixture
def somebody(newcomer: Newcomer) -> Person:
    """The site admin of a practice of the test's own, signed in over the API."""
    return newcomer()


@pytest.fixture
def newcomer(system: Running, request: pytest.FixtureRequest) -> Newcomer:
    """Makes such people, each with a practice of their own."""
    stem = "".join(filter(str.isalnum, request.node.name.removeprefix("test_")))[:40]
    numbers = count(1)

    def make() -> Person:
        person = Person(system, f"{stem}{next(numbers)}")
        person.sign_up()
        person.sign_in()
        person.enrol()
        return person

    return make


@pytest.fixture
def opened(chromium: Browser, system: Running) -> Iterator[Opened]:
    """Opens a page of a new browser profile: `token` signs it in, `scripts` False switches JavaScript off, `script` is
    run in each page. A test fails when a page reports an error, such as something that its policy forbids."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_(path: str, token: str = "", *, scripts: bool = True, script: Path | None = None) -> Page:
        context = chromium.new_context(
            base_url=system.url,
            java_script_enabled=scripts,
            viewport={"width": WIDE[0], "height": WIDE[1]},
            reduced_motion="reduce",
        )
        contexts.append(context)
        if script:
            context.add_init_script(path=script)
        if token:
            keep_session(context, system.url, token)
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        context.on("console", lambda message: trouble.append(message.text) if _is_trouble(message) else None)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            page.locator("html").wait_for(state="attached")  # what it has reported comes before this is answered
    reported = list(trouble)
    for context in contexts:
        context.close()  # what is under way ends then, and a script may report that
    assert reported == []


def keep_session(context: BrowserContext, url: str, token: str) -> None:
    """Give a browser profile a session that was opened over the API; each door takes it or not."""
    # The address by which Chromium lets a Secure cookie in; it sends it to http://127.0.0.1, too.
    https = url.replace("http://", "https://")
    for name in ("__Host-session", "__Host-staff"):
        context.add_cookies([{"name": name, "value": token, "url": https, "secure": True, "httpOnly": True}])


def mailed(system: Running, to: str, subject: str) -> str:
    """The token in the link of the newest such mail to this address, once it is there."""
    letters = until(lambda: [each for each in system.mail(subject) if each["to"] == to], f"a mail to {to}: {subject}")
    links: list[str] = re.findall(r"https?://\S+", letters[0]["body"])
    return urlsplit(links[-1]).path.rpartition("/")[2]


def _is_trouble(message: ConsoleMessage) -> bool:
    # A refused form is answered 4xx, which Chromium reports as an error, too; and what a script was asking for when its
    # page was left is aborted.
    aborted = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return message.type == "error" and "status of 4" not in message.text and not aborted
