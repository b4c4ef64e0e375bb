"""The rules of requests for fewer licenses. Pure: state, command, actor and time in; new state and event out."""

from datetime import datetime

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict, Invalid
from chalicelib.licensing import billing_calendar, rules
from chalicelib.licensing.model import Counts, LicenseDecrease, LicenseDecreaseRequest, Pool
from chalicelib.model import ACCOUNTING, SUPPORT, Actor, Announcement, Event


class DecreaseSettled(Conflict):
    """The decrease was decided already."""

    code, title = "decrease_settled", "This request was decided already"


def request_decrease(
    command: LicenseDecreaseRequest,
    decrease_id: str,
    practice_name: str,
    pool: Pool,
    ticket_number: int,
    actor: Actor,
    now: datetime,
) -> tuple[LicenseDecrease, Event]:
    """A request for staff to decide. Raises Invalid for bad counts, LicensesInUse below the number in use."""
    if errors := rules.count_errors(command):
        raise Invalid(errors=errors)
    wanted = Counts(command.physician, command.midlevel)
    if wanted.physician > pool.available.physician or wanted.midlevel > pool.available.midlevel:
        raise rules.still_in_use(wanted, pool)
    decrease = LicenseDecrease(
        id=decrease_id,
        practice_name=practice_name,
        physician=command.physician,
        midlevel=command.midlevel,
        status="requested",
        requested_at=clock.to_text(now),
        requested_by=actor.name,
        email=actor.email,
        ticket_number=ticket_number,
    )
    return decrease, _decrease_event(decrease, None, (SUPPORT,))


def decide_decrease(
    decrease: LicenseDecrease, approve: bool, staff: str, billing_zone: str, now: datetime
) -> tuple[LicenseDecrease, Event]:
    """Staff's decision. An approved decrease takes effect when the next billing period begins.

    Raises DecreaseSettled when it was decided before.
    """
    if decrease.status != "requested":
        raise decrease_settled(decrease.status)
    decided = msgspec.structs.replace(
        decrease,
        status="approved" if approve else "declined",
        decided_at=clock.to_text(now),
        decided_by=staff,
        effective_at=billing_calendar.next_period_begins(now, billing_zone) if approve else None,
    )
    told = Announcement("email", decrease.email)
    return decided, _decrease_event(decided, decrease, (ACCOUNTING, told) if approve else (told,))


def decrease_settled(status: str) -> DecreaseSettled:
    """The decrease was decided, before or meanwhile."""
    return DecreaseSettled(f"This request is {status}.", decrease_status=status)


def apply_decrease(decrease: LicenseDecrease, available: Counts) -> tuple[LicenseDecrease, Event]:
    """The decrease takes effect: as many as are still available, so never below the number in use."""
    removed = Counts(
        min(decrease.physician, available.physician),
        min(decrease.midlevel, available.midlevel),
    )
    applied = msgspec.structs.replace(decrease, status="applied", removed=removed)
    return applied, _decrease_event(applied, decrease, (ACCOUNTING, Announcement("email", decrease.email)))


def _decrease_event(
    decrease: LicenseDecrease, before: LicenseDecrease | None, announce: tuple[Announcement, ...]
) -> Event:
    names = ("practice_name", "physician", "midlevel", "effective_at", "ticket_number")
    facts = {name: getattr(decrease, name) for name in names if getattr(decrease, name) is not None}
    if decrease.removed is not None:
        facts["removed"] = msgspec.to_builtins(decrease.removed)
    return Event(
        type=f"license_decrease.{decrease.status}",
        subject=decrease.id,
        before={"status": before.status} if before else {},
        after={"status": decrease.status, **facts},
        announce=announce,
    )
