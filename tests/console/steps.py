"""Ways through the console that several tests go."""

from unittest.mock import patch

from chalicelib import answers, clock
from chalicelib.identity.tables import UsernameRow
from chalicelib.mail import AddressRow
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser, Shown
from tests.identity.steps import WRONG, code_of
from tests.uploads.pictures import picture
from tests.uploads.steps import posted

SIGN_UP = {
    "practice_name": "Birch Lane Clinic",
    "owner_email": "owner@birch.example",
    "provider__first_name": "Zoë",
    "provider__last_name": "Smith",
    "provider__credential": "MD",
    "provider__email": "zoe@birch.example",
    "username": "zelda",
    "password": PASSWORD,
}


def alert(page: Shown) -> str:
    """Why the form was refused."""
    return page.root.all("div", role="alert")[0].text


def signed_up(browser: Browser) -> Shown:
    """Start a trial; gives the sign-in page that it leads to."""
    return browser.press(browser.open("/console/sign-up"), "Start the trial", **SIGN_UP)


def signed_in(browser: Browser, username: str = "zelda", totp: str = "") -> Shown:
    """Sign in; gives the page that it leads to."""
    page = browser.open("/console/sign-in")
    return browser.press(page, "Sign in", username=username, password=PASSWORD, totp=totp)


def enrolled(browser: Browser) -> Shown:
    """Set up two-factor; gives the page with the recovery codes."""
    page = browser.press(browser.open("/console/two-factor"), "Show me the code to scan")
    secret = page.root.all("code")[0].text.replace(" ", "")
    return browser.press(page, "Turn two-factor on", code=code_of(secret))


def bought(browser: Browser, **counts: int) -> Shown:
    """Buy licenses; gives the page that it leads to."""
    page = browser.press(browser.open("/console/licenses"), "Add licenses…", **counts)
    return browser.press(page, yes(page))


def yes(page: Shown) -> str:
    """The words of the button that buys; it says for how much."""
    return next(each.text for each in page.root.all("button") if each.text.startswith("Yes, I agree: buy"))


def keep_a_provider(browser: Browser) -> None:
    """Open an account with a license that is bought, edit it, picture it, end it, and take that back."""
    new = {"first_name": "Ann", "last_name": "Johnson", "credential": "MD", "email": "ann@birch.example"}
    page = browser.press(browser.open("/console/providers/new"), "Add provider", **new)
    page = browser.press(page, "Yes, I agree: buy one and add")
    page = browser.press(page, "Save", credential="NP")
    path = page.path
    page = browser.press(page, "Save configuration", outcome_threshold="5")
    for _ in range(2):
        page = browser.press(page, "Change picture…")
        form, fields = page.form("1. Upload it"), dict(page.fields("1. Upload it"))
        fields.pop("file")
        assert posted({"url": form.attributes["action"], "fields": fields}, picture()) == 204
        page = browser.press(page, "2. Use it")
    fields = {"username": "temp", "email": "temp@birch.example", "password": PASSWORD}
    account = f"/console/access/{path.rpartition('/')[2]}"
    browser.press(browser.open(f"{account}/new-username"), "Allow access", **fields)
    first = browser.open("/console/providers?q=smith").root.all("tbody")[0].all("a")[0].attributes["href"]
    page = browser.open(f"{path}/end/confirm?when=date&date=2026-07-20")
    browser.press(page, "Schedule deactivation")
    page = browser.open(f"{path}/end/confirm?when=now&reassign_to={first.rpartition('/')[2]}")
    browser.press(page, "Deactivate Ann Johnson")
    browser.press(browser.open(path), "Undo deactivation")


def send_csv(browser: Browser, page: Shown, content: bytes) -> Shown:
    """Send a CSV file from a code file's page; gives what checking it shows."""
    page = browser.press(page, "Import a CSV file…")
    form, fields = page.form("1. Upload it"), dict(page.fields("1. Upload it"))
    fields.pop("file")
    assert posted({"url": form.attributes["action"], "fields": fields}, content) == 204
    return browser.press(page, "2. Check it")


def keep_codes(browser: Browser) -> None:
    """Add, change, find, import, copy and delete codes, and take the copy back."""
    page = browser.open("/console/copy-codes")
    source, target = (each.attributes["value"] for each in page.root.all("select", id="from")[0].all("option")[1:3])
    path = f"/console/access/{source}/codes/diagnosis"
    browser.press(browser.open(f"{path}/new"), "Add", code="e119", description="Diabetes")
    browser.press(browser.open(f"{path}/E11.9"), "Save", description="Type 2 diabetes")
    page = send_csv(browser, browser.open(f"{path}?q=type"), b"code,description\nI10,Hypertension\n")
    browser.press(page, "Import now")
    with patch.object(answers, "MOST_ANSWERED", 10):  # so that it is given out by S3
        assert browser.send("GET", f"{path}/export.csv").status_code == 303
    page = browser.press(browser.open("/console/copy-codes"), "Choose what to copy", **{"from": source, "to": target})
    page = browser.press(page, "Preview the copy", all="diagnosis")
    browser.press(browser.press(page, "Copy now"), "Undo")
    browser.press(browser.open(f"{path}/E11.9/delete"), "Delete E11.9")


def walk(browser: Browser) -> None:
    """What anybody does here, once: all that the console's function is allowed."""
    signed_up(browser)
    signed_in(browser)
    browser.press(browser.open("/console/sign-in"), "Sign in", username="zelda", password=WRONG)
    signed_in(browser)
    enrolled(browser)
    bought(browser, physician=2)
    browser.press(browser.follow(browser.open("/console/licenses"), "Cancel"), "Cancel the order")
    bought(browser, midlevel=1)
    browser.press(browser.open("/console/licenses/fewer"), "Ask Support", midlevel=1)
    browser.open("/console/licenses/reconciliation")
    shared(browser)
    asked(browser)
    keep_a_user(browser)
    browser.open("/console/audit")
    keep_a_provider(browser)
    keep_codes(browser)
    browser.press(browser.open("/console"), "Sign out")


def keep_a_user(browser: Browser) -> None:
    """Let mail to somebody go on, mail them elsewhere, and delete the username."""
    fields = {"username": "brief", "email": "brief@birch.example", "password": PASSWORD}
    page = browser.press(browser.open("/console/new-user"), "Add user", **fields)
    practice_id = UsernameRow.get("username#brief", "username").practice_id
    stopped = {"reason": "bounce", "at": clock.to_text(clock.now()), "practice_id": practice_id}
    AddressRow.key("brief@birch.example").row(**stopped).save()
    page = browser.press(browser.open(page.path), "Send mail again")
    page = browser.press(browser.follow(page, "Change"), "Change email", email="short@birch.example")
    browser.press(browser.follow(page, "Delete unused username"), "Delete brief")


def shared(browser: Browser) -> None:
    """Let somebody in to one's account, and look for another login's."""
    path = browser.follow(browser.open("/console/access"), "Zoë Smith").path
    fields = {"username": "desk", "email": "desk@birch.example", "password": PASSWORD, "privileges__profile": "full"}
    browser.press(browser.open(f"{path}/new-username"), "Allow access", **fields)
    browser.press(browser.open("/console/access-find"), "Find accounts", username="desk", password=WRONG)
    browser.press(browser.open(f"{path}/usernames/desk/remove"), "Remove access")
    browser.press(browser.open(f"{path}/invitations"), "Invite", username="desk")
    browser.open("/console/invitations")


def asked(browser: Browser) -> None:
    """Ask Support for several things, and look for what was asked."""
    browser.press(browser.open("/console/help"), "Search", q="cancel an order")
    fields = {"subject": "Printer is on fire", "body": "Since noon.", "articles_do_not_help": "true"}
    page = browser.press(browser.open("/console/tickets/new"), "File the ticket", **fields)
    ticket = page.path
    browser.press(page, "Send", body="It is out.")
    browser.press(browser.open(f"{ticket}/edit"), "Save", subject="Printer was on fire")
    attached(browser, ticket, "words.txt", b"It burns.")
    role = {"request__username": "zelda", "request__role": "support_user", "request__action": "add"}
    page = browser.open("/console/tickets/new?category=role_change")
    browser.press(page, "File the ticket", **(fields | role))
    for query in ("status=new", "category=question", "status=new&category=question", "q=printer"):
        browser.open(f"/console/tickets?{query}")


def attached(browser: Browser, ticket: str, name: str, content: bytes) -> Shown:
    """Attach a file to the ticket at this place; gives the page that it leads to."""
    page = browser.press(browser.open(f"{ticket}/attach"), "Continue", name=name)
    form, fields = page.form("1. Upload it"), dict(page.fields("1. Upload it"))
    fields.pop("file")
    assert posted({"url": form.attributes["action"], "fields": fields}, content) == 204
    return browser.press(page, "2. Attach it")


def names(page: Shown) -> list[str]:
    """Those that the directory lists."""
    return [row.all("th")[0].text for body in page.root.all("tbody") for row in body.all("tr")]


def account(cast: Cast) -> str:
    """Where the first account is shown."""
    return f"/console/providers/{cast.provider_id}"


def deactivated(browser: Browser, path: str, **choice: str) -> Shown:
    """Deactivate an account; gives the page that it leads to."""
    page = browser.press(browser.open(f"{path}/end"), "Show what will happen", **{"when": "now"} | choice)
    button = next(each.text for each in page.root.all("button") if "Deactivate" in each.text or "Schedule" in each.text)
    return browser.press(page, button)
