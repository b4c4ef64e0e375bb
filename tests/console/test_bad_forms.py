"""Every form of every page, sent with bad values in the fields that are typed into, as the API is sent them."""

from collections.abc import Iterator

from chalicelib.console.declared import PAGES
from chalicelib.console.words import TICKETS
from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.console.browser import Browser, Element, fields_of, parsed
from tests.console.test_everybody import place
from tests.staff.people import staff_person
from tests.world import World

FILED = {"subject": "Pat runs the desk", "body": "Since noon.", "priority": "normal", "articles_do_not_help": True}
BAD = (
    "",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}\u202eabc",
    "\x00\x1b[31m",
    "x" * 10_000,
    "😀",
    "-1",
    "1e9",
    "9" * 40,
    "2026-02-30",
    "NaN",
)
GOOD = {
    "body": "Since noon.",
    "code": "Z00.00",
    "contact_email": "home@clinic.example",
    "description": "Something",
    "email": "new@clinic.example",
    "first_name": "Zoë",
    "last_name": "Smith",
    "midlevel": "1",
    "name": "scan.pdf",
    "owner_email": "owner@clinic.example",
    "password": PASSWORD,
    "new_password": PASSWORD,
    "physician": "1",
    "practice_name": "Birch Lane Clinic",
    "reason": "It named somebody",
    "subject": "Printer is on fire",
    "time_zone": "America/Chicago",
    "username": "zelda",
}
CONFIRMED = {"articles_do_not_help": "true", "contains_patient_data": "true"}
NOT_TYPED = ("hidden", "checkbox", "radio", "file", "submit")
GIVES_NOTHING_BACK = ("password", *NOT_TYPED)


def typed_into(form: Element) -> dict[str, str]:
    """The names of the fields that one types into, and their types."""
    areas = {area.attributes["name"]: "textarea" for area in form.all("textarea")}
    inputs = [each.attributes for each in form.all("input") if "name" in each.attributes]
    return areas | {a["name"]: a.get("type", "text") for a in inputs if a.get("type", "text") not in NOT_TYPED}


def forms_of(page: Element) -> dict[str, Element]:
    """The forms that come back to us, by where."""
    posted = (form for form in page.all("form") if form.attributes.get("method") == "post")
    return {form.attributes["action"]: form for form in posted if form.attributes["action"].startswith("/")}


def every_form(browser: Browser, paths: list[str]) -> Iterator[tuple[str, Element]]:
    """Each form that one types into, once."""
    seen: set[str] = set()
    for path in paths:
        answer = browser.send("GET", path)
        if "text/html" in str(answer.headers.get("Content-Type")):
            for action, form in forms_of(parsed(answer.body.decode())).items():
                if typed_into(form) and action not in seen:
                    seen.add(action)
                    yield action, form


def check_answer(action: str, form: Element, texts: dict[str, str], status: int, html: str) -> None:
    """It is an answer of ours, nothing in it runs, and what was refused is there to be corrected: where it says why, a
    link leads to it."""
    assert status < 500, (action, texts)
    if status == 303:
        return
    page = parsed(html)
    page.check_inert()
    if status != 422:
        return
    for why in page.all("div", **{"class": "trouble"}):
        for link in why.all("a"):
            assert link.attributes["href"].removeprefix("#") in page.ids, (action, link.text)
    again = fields_of(forms_of(page)[action])
    for name, kind in typed_into(form).items():
        if texts[name] and kind not in GIVES_NOTHING_BACK:
            assert (name, texts[name]) in again, (action, name, texts[name][:30])


def typed(form: Element, turn: int) -> Iterator[dict[str, str]]:
    """What is typed: the bad value into every field, and into one by one of them where the others hold good ones."""
    names = list(typed_into(form))
    yield dict.fromkeys(names, BAD[turn])
    if len(names) > 1:
        others = {name: GOOD.get(name.rpartition(".")[2], "") for name in names}
        yield {**others, names[turn % len(names)]: BAD[turn]}


def attack(browser: Browser, paths: list[str], world: World) -> set[str]:
    """Send them all; gives which forms these were."""
    sent: set[str] = set()
    for action, form in every_form(browser, paths):
        present, cookies, restore = dict(fields_of(form)), dict(browser.cookies), world.saved()
        if action.startswith("/console/tickets/new"):
            present |= CONFIRMED
        for turn in range(len(BAD)):
            for texts in typed(form, turn):
                answer = browser.send("POST", action, present | texts)
                check_answer(action, form, texts, answer.status_code, answer.body.decode())
                browser.cookies = dict(cookies)
                restore()
        sent.add(action)
    return sent


def places(staff: bool, **ids: str) -> list[str]:
    """The pages of customers, or of staff."""
    asked = [f"/console/tickets/new?category={category}" for category, _ in TICKETS["categories"]]
    return [place(page, **ids) for page in PAGES if bool(page.permit.staff) == staff] + ([] if staff else asked)


def of_staff(api: Api, cast: Cast) -> dict[str, str]:
    """The ids of something on every page of staff."""
    request = {"username": "pat", "role": "support_user", "action": "add"}
    filed = api.post("/tickets", FILED | {"category": "role_change", "request": request}, cast.site_admin.token)
    return {"ticket_id": filed.json_body["id"], "practice_id": cast.site_admin.practice_id}


def test_every_form_of_customers_answers_bad_values_with_what_was_typed(
    admin: Browser, furnished: dict[str, str], world: World
) -> None:
    assert len(attack(admin, places(False, **furnished), world)) > 30


def test_every_form_of_staff_answers_bad_values_with_what_was_typed(api: Api, cast: Cast, world: World) -> None:
    paths = places(True, **of_staff(api, cast))
    assert len(attack(Browser(api, staff_person("sam").token), paths, world)) > 4
