"""The vendor's own people. They are not of the cast: a test that needs them makes them."""

from chalice.test import HTTPResponse

from chalicelib import clock
from chalicelib.identity.rules import STAFF
from chalicelib.identity.tables import UsernameRow
from chalicelib.model import VENDOR, StaffRole
from chalicelib.support.rules import ticket_id
from tests import cast
from tests.api import Api
from tests.cast import Person


def staff_person(name: str = "sam", role: StaffRole = "support", *, enrolled: bool = True) -> Person:
    """Somebody of staff, signed in; with `enrolled` False they have yet to set up two-factor."""
    login = STAFF + name
    row = UsernameRow.key(login).row(
        username=login,
        practice_id=VENDOR,
        email=f"{name}@vendor.example",
        status="active",
        roles={role},
        password_hash=cast._HASH,
        epoch=0,
        created_at=clock.to_text(clock.now()),
    )
    row.save()
    return cast.enrolled(login, VENDOR) if enrolled else Person(login, VENDOR, cast.new_session(login, VENDOR))


def approve(api: Api, practice_id: str, number: int) -> HTTPResponse:
    """Support's approval of what a practice's ticket asks for."""
    return api.post(f"/staff/tickets/{ticket_id(practice_id, number)}/approve", {}, staff_person("approver").token)


def decline(api: Api, practice_id: str, number: int) -> HTTPResponse:
    """Support's refusal of what a practice's ticket asks for."""
    body = {"body": "This is not possible."}
    return api.post(f"/staff/tickets/{ticket_id(practice_id, number)}/decline", body, staff_person("decliner").token)


def set_note(api: Api, practice_id: str, note: str | None) -> None:
    """A practice's special-billing note, as Support sets it."""
    body = {"billing_note": note}
    answer = api.put(f"/staff/practices/{practice_id}/billing-note", body, staff_person("note-setter").token)
    assert answer.status_code == 200, answer.body
