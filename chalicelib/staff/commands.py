"""Staff commands: the payload of the Lambda `staff_command`. Whom IAM lets invoke it may; the command says who it is.

{"command": "add_staff", "staff": "jo", "name": "sam", "email": "sam@vendor.example", "role": "support"}
"""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib import clock
from chalicelib.errors import Problem, invalid
from chalicelib.identity.rules import STAFF, STAFF_NAME
from chalicelib.identity.usecases import staff_logins
from chalicelib.licensing.usecases import reconciliation
from chalicelib.model import VENDOR, Actor, StaffRole
from chalicelib.store import Context
from chalicelib.validation import Email, convert

StaffName = Annotated[str, Meta(pattern=rf"^{STAFF_NAME}$(?!\n)", description="a short name of a person")]


class AddStaff(msgspec.Struct, frozen=True):
    """Give one of the vendor's people a login; the link to set its password is mailed."""

    staff: StaffName
    name: StaffName
    email: Email
    role: StaffRole


class OfStaff(msgspec.Struct, frozen=True):
    """Something that is done to a staff login."""

    staff: StaffName
    name: StaffName


class ListStaff(msgspec.Struct, frozen=True):
    """All staff logins."""

    staff: StaffName


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
    if name == "add_staff":
        new = convert(AddStaff, payload)
        return staff_logins.add(_context(new.staff, request_id), new.name, new.email, new.role)
    if name in ("begin_staff_anew", "end_staff"):
        of = convert(OfStaff, payload)
        work = staff_logins.end if name == "end_staff" else staff_logins.begin_anew
        return work(_context(of.staff, request_id), of.name)
    if name == "list_staff":
        convert(ListStaff, payload)
        return {"staff": staff_logins.everybody()}
    if name == "make_report":
        report = convert(Report, payload, strict=False)
        handler = f"staff:{report.staff}"
        return reconciliation.make_report(report.day, clock.now(), handler, request_id, milliseconds_left)
    raise invalid(("command", f"Known commands are {', '.join(COMMANDS)}."))


def _context(staff: str, request_id: str) -> Context:
    """Whoever invokes the command acts for the vendor."""
    return Context(Actor(STAFF + staff, VENDOR), clock.now(), request_id)


COMMANDS = (
    "add_staff",
    "begin_staff_anew",
    "end_staff",
    "list_staff",
    "make_report",
)
