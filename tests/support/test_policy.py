"""The policy as one table: who may do what with tickets, whoever they are and however they stand."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.identity.tables import UsernameRow
from chalicelib.support.tables import CounterRow
from tests.api import Api
from tests.cast import Cast, Person, enrolled, give_access, make_site_admin, new_session, take_access
from tests.staff.people import staff_person
from tests.support.steps import filed, ticket_body

_ROLE = {"category": "role_change", "request": {"username": "cleo", "role": "support_user", "action": "add"}}
_FEWER = {"category": "license_decrease", "request": {"physician": 1}}
_BACK = {"category": "reactivation", "request": {"username": "cleo"}}
_CALL = {"subject": "Help", "body": "Help!", "contact_email": "a@b.example", "username": "ada"}

# A ticket of the site admin's that pat reads along (theirs), and one of the support user's that nobody does (other).
ROUTES: dict[str, tuple[str, str, Any]] = {
    "file": ("POST", "/tickets", ticket_body()),
    "ask for a role": ("POST", "/tickets", ticket_body(**_ROLE)),
    "ask for fewer licenses": ("POST", "/tickets", ticket_body(**_FEWER)),
    "ask for a reactivation": ("POST", "/tickets", ticket_body(**_BACK)),
    "list": ("GET", "/tickets", None),
    "list the team's": ("GET", "/tickets?view=team", None),
    "list those copied in": ("GET", "/tickets?view=cc", None),
    "read": ("GET", "/tickets/{theirs}", None),
    "read the conversation": ("GET", "/tickets/{theirs}/comments", None),
    "read the history": ("GET", "/tickets/{theirs}/history", None),
    "see the files": ("GET", "/tickets/{theirs}/attachments", None),
    "comment": ("POST", "/tickets/{theirs}/comments", {"body": "Hello"}),
    "attach": ("POST", "/tickets/{theirs}/attachments", {"name": "a.pdf"}),
    "edit": ("PATCH", "/tickets/{theirs}", {"priority": "low"}),
    "read another's": ("GET", "/tickets/{other}", None),
    "comment on another's": ("POST", "/tickets/{other}/comments", {"body": "Hello"}),
    "edit another's": ("PATCH", "/tickets/{other}", {"priority": "low"}),
    "call for help": ("POST", "/emergency-tickets", _CALL),
}
_OUT = " ".join(["401"] * 17 + ["202"])
TABLE: dict[str, str] = {
    # in the order of ROUTES
    "site admin": "201 201 409 201 200 403 200 200 200 200 200 201 201 200 404 404 404 202",
    "support user": "201 403 403 403 200 200 200 200 200 200 200 201 201 200 200 201 200 202",
    "both": "201 201 409 201 200 200 200 200 200 200 200 201 201 200 200 201 200 202",
    "another site admin": "201 201 409 201 200 403 200 404 404 404 404 404 404 404 404 404 404 202",
    "copied in": "403 403 403 403 200 403 200 200 200 200 200 201 201 403 404 404 404 202",
    "plain": "403 403 403 403 200 403 200 404 404 404 404 404 404 404 404 404 404 202",
    "outsider": "201 422 409 422 200 403 200 404 404 404 404 404 404 404 404 404 404 202",
    "who has yet to set up two-factor": "403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 202",
    "support user without any account": _OUT,
    "deactivated": _OUT,
    "dormant": _OUT,
    "nobody": _OUT,
    "staff support": _OUT,
    "staff accounting": _OUT,
}


def _standing(username: str, status: str) -> None:
    UsernameRow.key(username).row().update(actions=[UsernameRow.status.set(status)])


def _both(cast: Cast) -> Person:
    UsernameRow.key("ada").row().update(actions=[UsernameRow.roles.add({"support_user"})])
    return cast.site_admin


def _another_admin(cast: Cast) -> Person:
    make_site_admin("cleo", cast.clinician.practice_id)
    return enrolled("cleo", cast.clinician.practice_id)


def _unenrolled(cast: Cast) -> Person:
    make_site_admin("cleo", cast.clinician.practice_id)
    return cast.clinician


def _without_account(cast: Cast) -> Person:
    practice = cast.support_user.practice_id
    give_access("sue", practice, cast.provider_id)
    take_access("sue", practice, cast.provider_id)
    return cast.support_user


def _of_standing(status: str) -> Callable[[Cast], Person]:
    def person(cast: Cast) -> Person:
        _standing("sue", status)
        return cast.support_user

    return person


WHO: dict[str, Callable[[Cast], Person | None]] = {
    "site admin": lambda cast: cast.site_admin,
    "support user": lambda cast: cast.support_user,
    "both": _both,
    "another site admin": _another_admin,
    "copied in": lambda cast: cast.plain_user,
    "plain": lambda cast: cast.clinician,
    "outsider": lambda cast: cast.outsider,
    "who has yet to set up two-factor": _unenrolled,
    "support user without any account": _without_account,
    "deactivated": _of_standing("inactive"),
    "dormant": _of_standing("dormant"),
    "nobody": lambda _: None,
    "staff support": lambda _: staff_person("sam"),
    "staff accounting": lambda _: staff_person("amy", "accounting"),
}


@pytest.mark.parametrize("who", TABLE)
def test_everybody_may_what_the_table_says(api: Api, cast: Cast, who: str) -> None:
    CounterRow.key(cast.site_admin.practice_id).row(last=100).save()  # so that no other practice has these numbers
    numbers = {"theirs": filed(api, cast.site_admin, cc=["pat"]), "other": filed(api, cast.support_user)}
    person = WHO[who](cast)
    answers = {}
    for name, (method, path, body) in ROUTES.items():
        token = person.token if person else None
        sent = {"If-Match": "*"} if method == "PATCH" else {}
        answers[name] = api.request(method, path.format(**numbers), body, token=token, headers=sent).status_code
    assert answers == dict(zip(ROUTES, map(int, TABLE[who].split()), strict=True))


def test_who_is_locked_out_of_signing_in_goes_on_in_an_open_session(api: Api, cast: Cast) -> None:
    for _ in range(6):
        api.post("/sessions", {"username": "sue", "password": "wrong"})
    assert api.post("/sessions", {"username": "sue", "password": "wrong"}).status_code == 429
    assert api.get("/tickets", cast.support_user.token).status_code == 200
    assert api.get("/tickets", new_session("sue", cast.support_user.practice_id)).status_code == 200
