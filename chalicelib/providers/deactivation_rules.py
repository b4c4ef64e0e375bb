"""The rules of how an account ends and comes back. Pure: state, command, actor and time in; new state and event out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from chalicelib import clock, local_days
from chalicelib.errors import Conflict, invalid
from chalicelib.identity.model import Reaching
from chalicelib.model import ACCOUNTING, Actor, Event, Practice
from chalicelib.providers.model import (
    Deactivate,
    Deactivation,
    DeactivationPreview,
    Provider,
    Schedule,
    ScheduledDeactivation,
)
from chalicelib.providers.rules import changed, leaves_before
from chalicelib.wording import plural

UNDO: Final = timedelta(hours=24)
FURTHEST: Final = timedelta(days=5 * 366)
"""How far ahead a deactivation can be scheduled."""


class ProviderInactive(Conflict):
    """Only an active account can be deactivated."""

    code, title = "provider_inactive", "The provider account is inactive already"


class ProviderActive(Conflict):
    """Only an inactive account can be reactivated."""

    code, title = "provider_active", "The provider account is active"


class ConfirmationRequired(Conflict):
    """Whoever deactivates an account must have been told what happens then."""

    code, title = "confirmation_required", "Confirm what will happen"


class NothingScheduled(Conflict):
    """There is nothing to cancel."""

    code, title = "nothing_scheduled", "No deactivation is scheduled"


class UndoOver(Conflict):
    """The time to undo it has passed."""

    code, title = "undo_over", "This can't be undone any more"


def require_active(provider: Provider) -> None:
    """Raises ProviderInactive."""
    if provider.status != "active":
        raise ProviderInactive("This provider account is inactive.")


def require_inactive(provider: Provider) -> None:
    """Raises ProviderActive."""
    if provider.status == "active":
        raise ProviderActive("This provider account is active.")


def wrong_day(day: date, zone: str, now: datetime) -> str:
    """Why an account can't end on a day; nothing where it can."""
    today = local_days.day_of(now, zone)
    if day <= today:
        return f"This must be after {today}, which is today in your practice. Without a day it ends at once."
    return f"This can be {today + FURTHEST} at the latest." if day > today + FURTHEST else ""


def check(command: Deactivate, provider: Provider, zone: str, now: datetime) -> None:
    """Raises Invalid for a date that is not to come within five years there, or patients who would go nowhere."""
    errors = []
    if command.date and (wrong := wrong_day(command.date, zone, now)):
        errors.append(("date", wrong))
    if command.reassign_to == provider.id:
        errors.append(("reassign_to", "Patients can't be reassigned to the account that ends."))
    if errors:
        raise invalid(*errors)


def last_of(site_admins: Sequence[str], usernames: Iterable[Reaching]) -> str | None:
    """The only site admin, if among those who reach the account."""
    return next((each.username for each in usernames if [each.username] == site_admins), None)


def unconfirmed(
    preview: DeactivationPreview, command: Deactivate, taker: Provider | None, zone: str
) -> ConfirmationRequired:
    """The refusal that names what will happen, and when. `taker`: who is to have the patients."""
    day = command.date
    type_, ended = preview.license.license_type, preview.license.becomes == "ended"
    signed_out = sum(each.left_with_nothing for each in preview.usernames)
    sentences = (
        f"The account ends when {day} begins in your practice, at {local_days.begins(day, zone)}."
        if day
        else "The account ends now.",
        *_of_patients(preview.patients, taker, day),
        f"Its {type_} license {'was the free trial and ends' if ended else 'becomes available'}.",
        "Unless your practice has bought a license by then, its data is removed 90 days later."
        if preview.removes_data
        else "",
        f"Access to it ends for {plural(len(preview.usernames), 'username')}; signed out: {signed_out}.",
        f"Open tickets of theirs that become a site admin's: {preview.open_tickets}.",
        "Your practice has only one site admin, who reaches it and stays site admin."
        if preview.last_site_admin
        else "",
        "Repeat the request with confirm: true.",
    )
    return ConfirmationRequired(" ".join(filter(None, sentences)), preview=msgspec.to_builtins(preview))


def _of_patients(count: int, taker: Provider | None, day: date | None) -> Iterator[str]:
    if not count:
        yield "It has no patients."
    elif taker is None:
        yield f"It has {plural(count, 'patient')}, who {'stays' if count == 1 else 'stay'} on it until reassigned."
    else:
        yield f"It has {plural(count, 'patient')}, who {'goes' if count == 1 else 'go'} to {taker.name}."
        if gone := leaves_before(taker, day):
            yield f"But {taker.name} is to be deactivated on {gone}: unless that changes, they stay on this account."


# --- The end ------------------------------------------------------------------------------------------------------


def deactivate(
    provider: Provider, done: Deactivation, practice: Practice, schedule: Schedule | None
) -> tuple[Provider, Event]:
    """The account inactive, and the event that tells of it. `schedule`: the one that is carried out, None for now.

    Raises ProviderInactive.
    """
    require_active(provider)
    after = changed(provider, status="inactive", scheduled_deactivation=None)
    facts: dict[str, Any] = {
        "status": "inactive",
        "license_type": done.license_type,
        "license": becomes(done.trial_until),
        "practice_name": practice.name,
        "reassignment_id": done.reassignment_id,
        "date": schedule.date.isoformat() if schedule else None,
        "scheduled_by": schedule.requested_by if schedule else None,
    }
    before = {"status": "active"} | _scheduled(provider.scheduled_deactivation)
    return after, Event("provider.deactivated", provider.id, before, _known(facts), (ACCOUNTING,))


def becomes(trial_until: str | None) -> Literal["available", "ended"]:
    """What becomes of the license of an account that ends: a trial was never bought, so nobody else can take it."""
    return "ended" if trial_until else "available"


def undo_until(now: datetime) -> str:
    """Until when a deactivation made now can be undone."""
    return clock.to_text(now + UNDO)


# --- To come ------------------------------------------------------------------------------------------------------


def schedule(
    provider: Provider, day: date, reassign_to: str | None, zone: str, actor: Actor
) -> tuple[Provider, Schedule, Event | None]:
    """The account with its deactivation to come, in place of another that was; no event when it is the very same."""
    planned = ScheduledDeactivation(day, reassign_to)
    due = Schedule(provider.id, day, local_days.begins(day, zone), actor.name, reassign_to)
    if planned == provider.scheduled_deactivation:
        return provider, due, None
    before, now = _scheduled(provider.scheduled_deactivation), {**_scheduled(planned), "takes_effect_at": due.due_at}
    event = Event("provider.deactivation_scheduled", provider.id, before, now)
    return changed(provider, scheduled_deactivation=planned), due, event


def cancel(provider: Provider) -> tuple[Provider, Event]:
    """The account without its deactivation to come. Raises NothingScheduled."""
    planned = provider.scheduled_deactivation
    if planned is None:
        raise NothingScheduled("No deactivation of this provider account is scheduled.")
    event = Event("provider.deactivation_cancelled", provider.id, _scheduled(planned))
    return changed(provider, scheduled_deactivation=None), event


def is_due(schedule: Schedule, zone: str, now: datetime) -> bool:
    """Whether the day has begun in the time zone."""
    return in_zone(schedule, zone).due_at <= clock.to_text(now)


def in_zone(schedule: Schedule, zone: str) -> Schedule:
    """The same schedule in another time zone: the same day begins at another instant."""
    return msgspec.structs.replace(schedule, due_at=local_days.begins(schedule.date, zone))


def moved(before: Schedule, after: Schedule, zone: str) -> Event:
    """A schedule that follows the practice into another time zone."""
    return Event(
        "provider.deactivation_moved",
        before.provider_id,
        {"takes_effect_at": before.due_at},
        {"takes_effect_at": after.due_at, "time_zone": zone},
    )


def followed(practice: Practice, count: int) -> Event:
    """All schedules of a practice have followed it into its time zone."""
    facts = {"time_zone": practice.time_zone, "deactivations_moved": count}
    return Event("practice.time_zone_followed", practice.id, after=facts)


def _scheduled(planned: ScheduledDeactivation | None) -> dict[str, Any]:
    return _known({"date": planned.date.isoformat(), "reassign_to": planned.reassign_to}) if planned else {}


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


# --- And back -----------------------------------------------------------------------------------------------------


def reactivate(provider: Provider, practice: Practice) -> tuple[Provider, Event]:
    """The account active again; its patients stay where they are. Raises ProviderActive."""
    require_inactive(provider)
    return _active_again(provider, "provider.reactivated", practice)


def undo(
    provider: Provider, done: Deactivation | None, practice: Practice, reassignment_id: str | None, now: datetime
) -> tuple[Provider, Event]:
    """The account as if it had not been deactivated; `reassignment_id` is the move that brings its patients back.

    Raises ProviderActive, UndoOver.
    """
    require_inactive(provider)
    if done is None or clock.to_text(now) > done.undo_until:
        raise UndoOver("A deactivation can be undone for 24 hours. Reactivate the account instead.")
    trial_until = done.trial_until if trial_goes_on(done, now) else None
    facts = {"reassignment_id": reassignment_id, "trial_until": trial_until}
    return _active_again(provider, "provider.deactivation_undone", practice, **facts)


def trial_goes_on(done: Deactivation, now: datetime) -> bool:
    """Whether the undone account has its trial license back: it gave up one that would not have ended yet."""
    return done.trial_until is not None and done.trial_until > clock.to_text(now)


def _active_again(provider: Provider, what: str, practice: Practice, **more: Any) -> tuple[Provider, Event]:
    facts = {"status": "active", "license_type": provider.license_type, "practice_name": practice.name}
    event = Event(what, provider.id, {"status": "inactive"}, _known(facts | more), (ACCOUNTING,))
    return changed(provider, status="active"), event
