"""The end of a provider account: what it would do, and doing it, now or on a day to come."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from chalicelib import clock, ids
from chalicelib.dynamo import Key
from chalicelib.errors import NotFound, Problem, invalid
from chalicelib.identity.usecases import grants, people
from chalicelib.licensing.usecases import ended_trials, pool, trials
from chalicelib.model import Actor
from chalicelib.providers import deactivation_rules as rules
from chalicelib.providers import patient_rules
from chalicelib.providers.deactivation_tables import DeactivationRow, ScheduleRow
from chalicelib.providers.model import (
    Deactivate,
    Deactivated,
    Deactivation,
    DeactivationPreview,
    DeactivationScheduled,
    Departure,
    Provider,
    ReleasedLicense,
)
from chalicelib.providers.patient_model import ReassignPatients
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.providers.tables import CaseloadRow, LeftRow, ProviderRow
from chalicelib.providers.usecases import patients
from chalicelib.providers.usecases.accounts import find, replace
from chalicelib.providers.usecases.scheduling import plan
from chalicelib.store import Commit, Context, changed_meanwhile
from chalicelib.support.usecases import leaving

Release = Callable[[Commit, Any], None]


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of an account that is to end."""
    return [
        ProviderRow.key(practice_id, provider_id),
        CaseloadRow.key(practice_id, provider_id),
        pool.claim_key(practice_id, provider_id),
        trials.pool_key(practice_id),
        grants.account_key(practice_id, provider_id),
    ]


def preview(ctx: Context, provider_id: str) -> DeactivationPreview:
    """What would happen now. Raises NotFound, ProviderInactive. One batched read, one of those who reach it, and a
    query for the open tickets of those who leave."""
    provider, practice_id = find(ctx, provider_id), ctx.own_practice.id
    rules.require_active(provider)
    held = pool.find_claim(ctx, practice_id, provider_id)
    usernames = grants.who_reaches(ctx, practice_id, provider_id)
    return DeactivationPreview(
        provider_id=provider_id,
        patients=patients.count(ctx, provider_id),
        license=ReleasedLicense(provider.license_type, rules.becomes(held.trial_until)),
        removes_data=held.trial_until is not None and not ended_trials.is_customer(ctx, practice_id),
        usernames=usernames,
        open_tickets=leaving.open_tickets(practice_id, (each.username for each in usernames if each.left_with_nothing)),
        last_site_admin=rules.last_of(people.names_of_site_admins(ctx), usernames),
        scheduled_deactivation=provider.scheduled_deactivation,
    )


def last(ctx: Context, provider_id: str) -> Deactivation | None:
    """What the last deactivation of an inactive account did; None for an active one."""
    row = ctx.find(DeactivationRow.key(ctx.own_practice.id, provider_id))
    return row.as_deactivation() if row else None


def wrong_day(ctx: Context, day: date) -> str:
    """Why an account of the practice can't end on a day; nothing where it can."""
    return rules.wrong_day(day, ctx.own_practice.time_zone, ctx.now)


def deactivate(ctx: Context, provider_id: str, command: Deactivate) -> Deactivated | DeactivationScheduled:
    """End an account now, or at the beginning of a day to come, in place of any other day that was planned.

    Raises NotFound for no such account or target; ProviderInactive; Invalid for a bad date, or a target that takes no
    patients; ConfirmationRequired with the preview; Stale when the account was changed since it was looked at, or
    is meanwhile.
    """
    provider, zone = find(ctx, provider_id), ctx.own_practice.time_zone
    ctx.require_version(provider.version)
    rules.require_active(provider)
    if not command.confirm:
        raise rules.unconfirmed(preview(ctx, provider_id), command, taker(ctx, provider, command), zone)
    rules.check(command, provider, zone, ctx.now)
    target = command.reassign_to
    commit = Commit(ctx)
    if target is not None:
        takes = CaseloadRow.takes()
        key = CaseloadRow.key(ctx.own_practice.id, target)
        commit.check(key, takes, otherwise=lambda _: _no_taker(ctx, target))
    if command.date is None:
        return commit.write(end(commit, provider, target))
    return plan(commit, provider, command.date, target)


def taker(ctx: Context, provider: Provider, command: Deactivate) -> Provider | None:
    """The account that is to have the patients of one that ends, if any. Raises NotFound; Invalid for one that takes
    none, and for a day on which it can't end."""
    rules.check(command, provider, ctx.own_practice.time_zone, ctx.now)
    found = _found(ctx, command.reassign_to) if command.reassign_to is not None else None
    if isinstance(found, Problem):
        raise found
    return found


def _found(ctx: Context, target: str) -> Provider | Problem:
    """The account that patients are to go to, or why they can't."""
    row = ctx.find(ProviderRow.key(ctx.own_practice.id, target))
    if row is None:
        return NotFound("Your practice has no provider account to reassign the patients to by this id.")
    found: Provider = row.as_provider()
    return found if found.status == "active" else invalid(("reassign_to", "This provider account is inactive."))


def _no_taker(ctx: Context, target: str) -> Problem:
    found = _found(ctx, target)
    return found if isinstance(found, Problem) else changed_meanwhile()


def end(
    commit: Commit,
    provider: Provider,
    reassign_to: str | None,
    scheduled: ScheduleRow | None = None,
    release: Release = pool.release,
) -> Deactivated:
    """Add to the commit that an account ends: its license is released, it takes no patients any more, and those whom
    it has are the queue of the unassigned, or begin to move. No patient is touched, so 10,000 cost what 10 do.

    `scheduled`: the schedule that is carried out. `release`: how it gives its license up. Refused with `stale_version`
    when the account or it was changed.
    """
    ctx, practice = commit.ctx, commit.ctx.own_practice
    held = pool.find_claim(ctx, practice.id, provider.id)
    departure = None
    if reassign_to is not None:
        departure = Departure(ids.new("rea", ctx.now), reassign_to, patients.count(ctx, provider.id))
    done = Deactivation(
        id=ids.new("dea", ctx.now),
        provider_id=provider.id,
        at=clock.to_text(ctx.now),
        by=ctx.actor.name,
        undo_until=rules.undo_until(ctx.now),
        license_type=provider.license_type,
        trial_until=held.trial_until,
        departure=departure,
    )
    after, event = rules.deactivate(provider, done, practice, scheduled.as_schedule() if scheduled else None)
    commit.record(event)
    replace(commit, practice.id, provider, after)
    release(commit, held)
    otherwise = changed_meanwhile()
    commit.put(DeactivationRow.new(practice.id, done), otherwise=otherwise)
    commit.put(LeftRow.key(practice.id, provider.id).row(), otherwise=otherwise)
    if provider.scheduled_deactivation:
        there = scheduled.unchanged() if scheduled else ScheduleRow.pk.exists()
        commit.delete(ScheduleRow.key(practice.id, provider.id), there, otherwise=otherwise)
    if departure is not None:
        by = Actor(scheduled.as_schedule().requested_by, practice.id) if scheduled else ctx.actor
        _start_move(commit, provider.id, departure, by)
    shown = msgspec.structs.asdict(after)
    return Deactivated(**shown, undo_until=done.undo_until, reassignment_id=done.reassignment_id)


def _start_move(commit: Commit, provider_id: str, departure: Departure, by: Actor) -> None:
    command, now = ReassignPatients(departure.to), commit.ctx.now
    id_, count = departure.reassignment_id, departure.patients
    move, event = patient_rules.start_move(command, id_, provider_id, count, by, now)
    commit.record(event)
    commit.put(ReassignmentRow.new(commit.ctx.own_practice.id, move), otherwise=changed_meanwhile())
