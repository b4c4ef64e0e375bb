"""Staff commands: the payload of the Lambda `staff_command`. Whoever may invoke it is staff; the command says who.

{"command": "approve_decrease", "staff": "jo", "practice_id": "prc_…", "decrease_id": "dec_…"}
"""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib import clock
from chalicelib.errors import Problem, invalid
from chalicelib.identity.usecases.practices import set_billing_note
from chalicelib.licensing.usecases import decreases, reconciliation
from chalicelib.validation import Line, convert

StaffName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]{1,40}$(?!\n)", description="a short name of a person")]


class DecideDecrease(msgspec.Struct, frozen=True):
    """Approve or decline a practice's request for fewer licenses."""

    staff: StaffName
    practice_id: Line
    decrease_id: Line


class SetBillingNote(msgspec.Struct, frozen=True):
    """Set a practice's special-billing note; without `note`, remove it."""

    staff: StaffName
    practice_id: Line
    note: Line | None = None


class Report(msgspec.Struct, frozen=True):
    """The reconciliation of all practices on a past day."""

    staff: StaffName
    day: date


def run(payload: dict[str, Any], request_id: str, milliseconds_left: Any) -> dict[str, Any]:
    """Carry out one command: its result, or {"problem": …} with a problem document."""
    try:
        answer = _run(dict(payload), request_id, milliseconds_left)
    except Problem as problem:
        return {"problem": problem.document(request_id)}
    return dict(msgspec.to_builtins(answer))


def _run(payload: dict[str, Any], request_id: str, milliseconds_left: Any) -> Any:
    name = payload.pop("command", None)
    if name in ("approve_decrease", "decline_decrease"):
        decision = convert(DecideDecrease, payload)
        approve = name == "approve_decrease"
        return decreases.decide(decision.practice_id, decision.decrease_id, approve, decision.staff, request_id)
    if name == "set_billing_note":
        setting = convert(SetBillingNote, payload)
        return set_billing_note(setting.practice_id, setting.note, setting.staff, request_id)
    if name == "make_report":
        report = convert(Report, payload, strict=False)
        handler = f"staff:{report.staff}"
        return reconciliation.make_report(report.day, clock.now(), handler, request_id, milliseconds_left)
    if name == "report_link":
        wanted = convert(Report, payload, strict=False)
        return {"link": reconciliation.report_link(wanted.day.isoformat())}
    raise invalid(("command", f"Known commands are {', '.join(COMMANDS)}."))


COMMANDS = ("approve_decrease", "decline_decrease", "set_billing_note", "make_report", "report_link")
