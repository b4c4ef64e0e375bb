"""Staff at their own door, what they do for our practice, and the commands that say who is staff."""

from collections.abc import Callable
from typing import Any

from chalicelib.support.rules import ticket_id
from tests.cast import PASSWORD
from tests.identity.steps import NEW_PASSWORD, WRONG
from tests.simulation.operation import request, staff
from tests.simulation.script import RECOVERY_CODE
from tests.simulation.stage import Stage

_DOOR, _OPENED = "POST /staff/sessions", "session.opened"


def _sign_in(name: str, password: str = PASSWORD, **factor: str) -> dict[str, str]:
    return {"username": name, "password": password, **factor}


def _at_the_door(name: str, body: Any, **facts: Any) -> None:
    request(name, _DOOR, body, actor="staff:sam", signed_in=False, **facts)


_at_the_door(
    "staff sign in",
    lambda stage: _sign_in("sam", totp=stage.codes["staff:sam"]),
    changes=_OPENED,
    factor="totp_last_step",
)
_at_the_door(
    "staff sign in with recovery code",
    lambda _: _sign_in("sam", recovery_code=RECOVERY_CODE),
    changes=_OPENED,
    factor="recovery_codes",
)
_at_the_door("guess at staff", lambda _: _sign_in("sam", WRONG, totp="000000"))
request("staff sign out", "DELETE /staff/sessions/current", actor="staff:sam", changes="session.closed")
request(
    "replace staff totp",
    "POST /staff/totp",
    lambda stage: {"totp": stage.codes["staff:sam"]},
    actor="staff:sam",
    changes="totp.started",
    factor="totp_last_step",
)
request(
    "confirm staff totp",
    "POST /staff/totp/confirm",
    lambda stage: {"code": stage.codes["staff:tia"]},
    actor="staff:tia",
    changes="totp.enrolled",
)
request(
    "change staff password",
    "PUT /staff/password",
    lambda _: {"current_password": PASSWORD, "password": NEW_PASSWORD},
    actor="staff:sam",
    changes="password.changed",
)
request(
    "set staff password",
    "POST /staff/password-resets/{token}",
    lambda _: {"password": NEW_PASSWORD},
    parameter=lambda stage: stage.staff_link,
    actor="staff:kim",
    signed_in=False,
    changes="password.reset",
)


def _ours(stage: Stage) -> str:
    return stage.practices["ours"]


def _note(name: str, note: str) -> None:
    request(
        name,
        "PUT /staff/practices/{practice_id}/billing-note",
        lambda _: {"billing_note": note},
        parameter=_ours,
        actor="staff:sam",
        quiet=True,
        changes="practice.billing_note_set",
    )


_note("set note", "billed by hand")
_note("set another note", "paid in advance")


def _command(name: str, command: str, of: str, changes: str, **facts: str) -> None:
    staff(name, command, lambda _: {"name": of, **facts}, actor="staff:jo", names=(f"staff:{of}",), changes=changes)


_command("add staff", "add_staff", "zed", "staff.added", email="zed@vendor.example", role="support")
_command("begin staff anew", "begin_staff_anew", "kim", "staff.begun_anew")
_command("end staff", "end_staff", "kim", "staff.ended")
_command("end sam", "end_staff", "sam", "staff.ended")


# --- Tickets ------------------------------------------------------------------------------------------------------


def _place(ticket: str) -> Callable[[Stage], str]:
    return lambda stage: ticket_id(stage.practices["ours"], stage.tickets[ticket])


def _on(name: str, ticket: str, what: str, body: dict[str, Any], changes: str, **facts: Any) -> None:
    route = f"POST /staff/tickets/{{ticket_id}}/{what}"
    facts = {"actor": "staff:sam", "parameter": _place(ticket), "changes": changes, **facts}
    request(name, route, lambda _: body, **facts)


_text = {"body": "We look into it."}
_on("answer", "new", "comments", _text, "ticket.answered", keyed=True)
_on("ask back", "new", "comments", _text | {"status": "waiting_on_you"}, "ticket.answered")
_on("resolve", "new", "comments", _text | {"status": "solved"}, "ticket.answered")
_on("approve", "fewer", "approve", {}, "license_decrease.approved", keyed=True)
_on("approve without a key", "fewer", "approve", _text, "ticket.decided")
_on("decline", "fewer", "decline", _text, "license_decrease.declined")
_taken_out = {"fields": ["subject", "body"], "reason": "a patient was named"}
_on("redact", "new", "redact", _taken_out, "ticket.redacted", keyed=True)
_on("redact without a key", "solved", "redact", _taken_out, "ticket.redacted")
_on("approve role", "role", "approve", {}, "role.added", names=("ada", "tom"), keyed=True)
_on("decline role", "role", "decline", _text, "ticket.decided")
_on("approve another owner", "owner", "approve", {}, "practice.owner_email_changed", names=("ada",), keyed=True)
_on("decline another owner", "owner", "decline", _text, "ticket.decided")
_tim = ("tim", "ada", "abe")
_on("first approval", "owners", "approve", {}, "ticket.approved", names=_tim, keyed=True)
_on("first approval by sid", "owners", "approve", {}, "ticket.approved", actor="staff:sid", names=_tim)
_on("second approval", "approved once", "approve", {}, "recovery.carried_out", names=_tim, keyed=True)
_on("one more approval by sid", "approved once", "approve", {}, "", actor="staff:sid", names=_tim)
_on("decline the owner", "approved once", "decline", _text, "ticket.decided")
