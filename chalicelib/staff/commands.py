"""Staff commands: the payload of the Lambda `staff_command`. Whom IAM lets invoke it may; the command says who it is.

{"command": "add_staff", "staff": "jo", "name": "sam", "email": "sam@vendor.example", "role": "support"}
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

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


COMMANDS: Final[dict[str, tuple[type[Any], Callable[[Context, Any, Any], Any]]]] = {
    "add_staff": (AddStaff, lambda ctx, new, _: staff_logins.add(ctx, new.name, new.email, new.role)),
    "begin_staff_anew": (OfStaff, lambda ctx, of, _: staff_logins.begin_anew(ctx, of.name)),
    "end_staff": (OfStaff, lambda ctx, of, _: staff_logins.end(ctx, of.name)),
    "list_staff": (ListStaff, lambda *_: {"staff": staff_logins.everybody()}),
    "make_report": (Report, lambda ctx, asked, left: _report(ctx, asked.day, left)),
}
"""What each command takes, and what it does with that in at most so many milliseconds."""


def run(payload: dict[str, Any], request_id: str, milliseconds_left: Any) -> dict[str, Any]:
    """Carry out one command: its result, or {"problem": …} with a problem document."""
    try:
        answer = _run(dict(payload), request_id, milliseconds_left)
    except Problem as problem:
        return {"problem": problem.document(request_id)}
    return dict(msgspec.to_builtins(answer))


def _run(payload: dict[str, Any], request_id: str, milliseconds_left: Any) -> Any:
    name = payload.pop("command", None)
    if not isinstance(name, str) or name not in COMMANDS:
        raise invalid(("command", f"Known commands are {', '.join(COMMANDS)}."))
    kind, work = COMMANDS[name]
    command = convert(kind, payload)
    # Whoever invokes it acts for the vendor.
    return work(Context(Actor(STAFF + command.staff, VENDOR), clock.now(), request_id), command, milliseconds_left)


def _report(ctx: Context, day: date, milliseconds_left: Any) -> Any:
    return reconciliation.make_report(day, ctx.now, ctx.actor.name, ctx.request_id, milliseconds_left)
