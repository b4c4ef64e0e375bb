"""Every page, opened by everybody: who is let in is what its permit says; what it costs; what others stored in it."""

import re

import pytest

from chalicelib.console.declared import ACTIONS, PAGES, Page
from chalicelib.http import ROUTES
from chalicelib.identity.tables import PracticeRow, UsernameRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, new_session
from tests.console.browser import Browser, parsed
from tests.console.steps import bought

WHO = {
    "nobody": None,
    "plain_user": set[str](),
    "support_user": {"support_user"},
    "site_admin": {"site_admin"},
    "outsider": {"site_admin"},
    "clinician": set[str](),
    "master": set[str](),
}
MOST_CALLS = 3
ACCOUNTS = {"from": "x_1", "to": "x_1"}
QUERIES = {
    "/console/copy-codes/entries": "?from={provider_id}&to={other_id}",
    "/console/licenses/agreement": "?physician=1",
    "/console/providers/{provider_id}/end/confirm": "?when=now",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "שלום مرحبا 😀 i̇ḑ",
    "&lt;b&gt; %3Cscript%3E \\u003c",
]


def place(page: Page, **ids: str) -> str:
    """Where a page is found."""
    path = re.sub(r"{(\w+)}", lambda name: ids.get(name[1], "x_1"), page.path)
    return path + QUERIES.get(page.path, "").format_map({"provider_id": "x_1", "other_id": "x_2", **ids})


@pytest.mark.parametrize("who", WHO)
def test_every_page_lets_in_whom_its_permit_names(api: Api, cast: Cast, who: str) -> None:
    roles = WHO[who]
    person: Person | None = None if roles is None else getattr(cast, who)
    for page in PAGES:
        token = new_session(person.username, person.practice_id) if person else ""
        answer = Browser(api, token).send("GET", place(page, provider_id="prv_none"))
        if page.permit.signed_in and (roles is None or page.permit.staff):
            door = "/console/staff/sign-in" if page.permit.staff else "/console/sign-in"
            assert answer.status_code == 303, page.name
            assert str(answer.headers["Location"]).startswith(door), page.name
        elif page.permit.role and roles is not None and page.permit.role not in roles:
            assert answer.status_code == 403, page.name
        else:
            assert answer.status_code in (200, 303, 404, 422), page.name


@pytest.mark.parametrize("who", ["nobody", "plain_user", "support_user"])
def test_every_action_turns_others_away(api: Api, cast: Cast, who: str) -> None:
    roles = WHO[who]
    person: Person | None = None if roles is None else getattr(cast, who)
    for action in ACTIONS:
        if not action.permit.signed_in:
            continue
        token = new_session(person.username, person.practice_id) if person else ""
        path = re.sub(r"{(\w+)}", "x_1", action.path)
        answer = Browser(api, token).send("POST", path, {"_token": "x"} | ACCOUNTS)
        missing = action.permit.role is None and ("{" in action.on.path or action.permit.source)
        outside = roles is None or action.permit.staff
        assert answer.status_code == (303 if outside else 404 if missing else 403), action.name


def test_what_a_command_names_is_read_with_the_session_whether_it_comes_by_a_form_or_not() -> None:
    by_form, by_api = ({each.names for each in endpoints if each.names} for endpoints in (ACTIONS, ROUTES))
    assert by_form == by_api != set()


def test_a_page_makes_at_most_three_calls(api: Api, cast: Cast, admin: Browser, furnished: dict[str, str]) -> None:
    for page in PAGES:
        with calls_recorded() as calls:
            answer = admin.send("GET", place(page, **furnished))
        assert answer.status_code in (200, 303), page.name
        assert len(calls) <= MOST_CALLS, (page.name, calls)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_on_every_page(
    api: Api, cast: Cast, admin: Browser, furnished: dict[str, str], text: str
) -> None:
    token, practice_id = cast.site_admin.token, cast.site_admin.practice_id
    PracticeRow.key(practice_id).row().update(actions=[PracticeRow.name.set(text), PracticeRow.billing_note.set(text)])
    UsernameRow.key("ada").row().update(actions=[UsernameRow.email.set(f"{text[:5]}@x.example")])
    edit = {"first_name": text[:100], "last_name": text[:100]}
    assert api.patch(f"/providers/{cast.provider_id}", edit, token, version=1).status_code == 200
    configuration = {"default_location": text[:100]}
    assert api.put(f"/providers/{cast.provider_id}/configuration", configuration, token).status_code == 200
    comment = {"body": text, "contains_patient_data": True}
    assert api.post("/tickets/1/comments", comment, token).status_code == 201
    subject = {"subject": text[:100], "contains_patient_data": True}
    assert api.patch("/tickets/1", subject, token, version=2).status_code == 200
    seen = 0
    for page in PAGES:
        answer = admin.send("GET", place(page, **furnished))
        if "text/html" in str(answer.headers.get("Content-Type")):
            shown = parsed(answer.body.decode())
            shown.check_inert()
            seen += shown.text.count(" ".join(text.split()))
    assert seen > 10


def test_what_is_bought_is_told_once(admin: Browser) -> None:
    page = bought(admin, physician=1)
    assert "added." in page.text
    assert "added." not in admin.open(page.path).text
