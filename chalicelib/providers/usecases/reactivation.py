"""An account that comes back: reactivated, or its deactivation undone."""

from typing import Any

import msgspec

from chalicelib import ids
from chalicelib.dynamo import Key
from chalicelib.identity.usecases import grants
from chalicelib.licensing.usecases import ended_trials, pool, trials
from chalicelib.providers import deactivation_rules as rules
from chalicelib.providers import patient_rules
from chalicelib.providers.deactivation_tables import DeactivationRow
from chalicelib.providers.model import Deactivation, Departure, Provider, Restored
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.providers.tables import LeftRow, ProviderRow
from chalicelib.providers.usecases.accounts import find, replace
from chalicelib.store import Commit, Context, changed_meanwhile


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of an account that is to come back."""
    return [
        ProviderRow.key(practice_id, provider_id),
        DeactivationRow.key(practice_id, provider_id),
        ended_trials.key_of(practice_id, provider_id),
        grants.account_key(practice_id, provider_id),
    ]


def reactivate(ctx: Context, provider_id: str) -> Provider:
    """Make an account active again; it takes an available license. Patients who are still on it are its again, as the
    move that its deactivation began goes no further; those who went to others stay there.

    Raises NotFound, Stale, ProviderActive, NotEnoughAvailable with the price.
    """
    practice = ctx.own_practice
    provider = find(ctx, provider_id)
    ctx.require_version(provider.version)
    done = _last(ctx, provider_id)
    after, event = rules.reactivate(provider, practice)
    commit = Commit(ctx)
    commit.record(event)
    _restore(commit, provider, after)
    if done and done.departure:
        _call_off(commit, done.departure)
    pool.claim(commit, practice.id, provider_id, provider.license_type)
    return commit.write(after)


def undo(ctx: Context, provider_id: str) -> Restored:
    """Take the last deactivation back, within 24 hours: its trial license goes on, any other is claimed like for a
    reactivation, and those patients begin to come back whom the deactivation moved and nobody since.

    Raises NotFound, Stale, ProviderActive, UndoOver, NotEnoughAvailable.
    """
    practice = ctx.own_practice
    provider = find(ctx, provider_id)
    ctx.require_version(provider.version)
    done = _last(ctx, provider_id)
    departure = done.departure if done else None
    back_id = ids.new("rea", ctx.now) if departure else None
    after, event = rules.undo(provider, done, practice, back_id, ctx.now)
    commit = Commit(ctx)
    commit.record(event)
    _restore(commit, provider, after)
    if done and rules.trial_goes_on(done, ctx.now):
        trials.resume(commit, practice.id, provider_id, provider.license_type, str(done.trial_until))
    else:
        pool.claim(commit, practice.id, provider_id, provider.license_type)
    if departure and back_id:
        _call_off(commit, departure, back_id)
        back, started = patient_rules.start_back(provider_id, departure, back_id, ctx.actor, ctx.now)
        commit.record(started)
        commit.put(ReassignmentRow.new(practice.id, back), otherwise=changed_meanwhile())
    return commit.write(Restored(**msgspec.structs.asdict(after), reassignment_id=back_id))


def _call_off(commit: Commit, departure: Departure, back_id: str | None = None) -> None:
    """Add that the move which a deactivation began ends where it is, if it has not by then. It need not be read: a
    chunk's commit requires that it was not called off. `back_id`: the move that brings its patients back."""
    move = ReassignmentRow.key(commit.ctx.own_practice.id, departure.reassignment_id)
    ends = ReassignmentRow.calls_off(back_id)
    commit.update(move, ends, ReassignmentRow.pk.exists(), otherwise=changed_meanwhile())
    commit.record(patient_rules.call_off(departure, back_id))


def _last(ctx: Context, provider_id: str) -> Deactivation | None:
    row = ctx.find(DeactivationRow.key(ctx.own_practice.id, provider_id))
    return row.as_deactivation() if row else None


def _restore(commit: Commit, provider: Provider, after: Provider) -> None:
    practice_id = commit.ctx.own_practice.id
    replace(commit, practice_id, provider, after)
    ended_trials.take_back(commit, practice_id, provider.id)
    otherwise = changed_meanwhile()
    commit.delete(DeactivationRow.key(practice_id, provider.id), DeactivationRow.pk.exists(), otherwise=otherwise)
    commit.delete(LeftRow.key(practice_id, provider.id), None, otherwise=otherwise)
