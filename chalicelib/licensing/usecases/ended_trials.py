"""What becomes of the data of a trial that has ended: it is kept for 90 days, and then goes, unless the practice has
bought a license meanwhile. Here is when; the rooms whose data it is add to the commits what goes."""

from collections.abc import Callable, Iterable
from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.due import LEASE, Report, sweep
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict
from chalicelib.licensing import trial_rules
from chalicelib.licensing.tables import ClaimRow, OrderRow, PoolRow
from chalicelib.licensing.trial_tables import REMOVE, EndedTrialRow
from chalicelib.store import Commit, Context

Ended = EndedTrialRow
"""An ended trial, as another room holds it."""


def begin(commit: Commit, held: ClaimRow) -> str | None:
    """Add to the commit in which a trial's claim goes, and nothing takes its place, that the data goes in 90 days;
    gives when. None for a practice that bought a license once: it is a customer, whatever became of that."""
    if is_customer(commit.ctx, held.pk):
        return None
    until = trial_rules.kept_until(commit.ctx.now)
    row = EndedTrialRow.new(held.pk, held.provider_id, until, trial_rules.warning_due(until))
    commit.put(row, otherwise=_overtaken())
    return until


def is_customer(ctx: Context, practice_id: str) -> bool:
    """Whether the practice bought a license once. Reads its pool unless it was read."""
    pool = ctx.find(PoolRow.key(practice_id))
    return bool(pool and pool.bought)


def key_of(practice_id: str, provider_id: str) -> Key[EndedTrialRow]:
    """The row that an account's return reads: for a route's prefetch."""
    return EndedTrialRow.key(practice_id, provider_id)


def take_back(commit: Commit, practice_id: str, provider_id: str) -> None:
    """Add to the commit in which an account comes back that its data stays."""
    key = key_of(practice_id, provider_id)
    if commit.ctx.find(key):
        commit.delete(key, EndedTrialRow.pk.exists(), otherwise=_overtaken())


# --- By schedule --------------------------------------------------------------------------------------------------


def sweep_due(
    handler: str, now: datetime, work: Callable[[str, str], bool], milliseconds_left: Callable[[], int]
) -> Report:
    """Do `work(practice_id, provider_id)` for each ended trial of whose data a warning, or the end, is due."""
    until = clock.to_text(now)
    return sweep(
        handler, EndedTrialRow.due, REMOVE, until, lambda row: work(row.pk, row.provider_id), milliseconds_left
    )


def keys(practice_id: str, provider_id: str) -> list[Key[EndedTrialRow] | Key[PoolRow]]:
    """What says whether data goes, for the room that reads it ahead."""
    return [EndedTrialRow.key(practice_id, provider_id), PoolRow.key(practice_id)]


def find_due(ctx: Context, practice_id: str, provider_id: str) -> EndedTrialRow | None:
    """The ended trial, where something is due by now. The index may show what was done meanwhile: what counts is the
    row itself."""
    row = ctx.find(EndedTrialRow.key(practice_id, provider_id))
    return row if row and row.due_at <= clock.to_text(ctx.now) else None


def was_bought(ctx: Context, ended: EndedTrialRow) -> bool:
    """Whether the practice has ever bought a license. Where the pool has no mark, its orders are asked, too: some are
    older than the mark, and what goes does not come back."""
    pool = ctx.find(PoolRow.key(ended.pk))
    return bool(pool and pool.bought) or bool(query(OrderRow, ended.pk, "order#", limit=1))


def is_warned_of(ended: EndedTrialRow) -> bool:
    """Whether the warning was given, and the data is due."""
    return bool(ended.due_at >= ended.kept_until)


def warn(commit: Commit, ended: EndedTrialRow, emails: Iterable[str]) -> None:
    """Add the warning to the commit. Refused with Conflict when another run gave it, or a license was bought."""
    until = trial_rules.warned(ended.kept_until, commit.ctx.now)
    commit.record(trial_rules.removal_ahead(ended.provider_id, until, list(emails)))
    actions: list[Action] = [EndedTrialRow.kept_until.set(until), EndedTrialRow.due_at.set(until)]
    commit.update(ended.as_key(), actions, ended.unchanged(), otherwise=_overtaken())
    _require_never_bought(commit, ended)


def remove(commit: Commit, ended: EndedTrialRow, what: dict[str, object]) -> EndedTrialRow:
    """Add to the commit in which a part of the data goes that it may: whoever buys a license at this moment wins. Gives
    the row as it is then; the rest is due again when a lease is over. Refused with Conflict."""
    commit.record(trial_rules.data_removed(ended.provider_id, what))
    leased_until = clock.to_text(commit.ctx.now + LEASE)
    commit.update(ended.as_key(), [EndedTrialRow.due_at.set(leased_until)], ended.unchanged(), otherwise=_overtaken())
    _require_never_bought(commit, ended)
    return EndedTrialRow.new(ended.pk, ended.provider_id, ended.kept_until, leased_until)


def finish(commit: Commit, ended: EndedTrialRow, emails: Iterable[str]) -> None:
    """Add to the commit that all the data is gone. Refused with Conflict when another run was here."""
    commit.record(trial_rules.removal_done(ended.provider_id, list(emails)))
    commit.delete(ended.as_key(), ended.unchanged(), otherwise=_overtaken())


def keep(commit: Commit, ended: EndedTrialRow) -> None:
    """Add to the commit that the data, or what is left of it, stays, as a license was bought."""
    commit.record(trial_rules.data_kept(ended.provider_id))
    commit.delete(ended.as_key(), ended.unchanged(), otherwise=_overtaken())


def _require_never_bought(commit: Commit, ended: EndedTrialRow) -> None:
    commit.check(PoolRow.key(ended.pk), PoolRow.never_bought(), otherwise=_overtaken())


def _overtaken() -> Conflict:
    return Conflict("Somebody bought a license, or brought the account back, meanwhile.")
