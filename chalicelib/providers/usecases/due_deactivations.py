"""What `deactivate_due` does: scheduled deactivations follow their practice's time zone, and are carried out."""

from collections.abc import Callable
from datetime import datetime

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, Stale
from chalicelib.identity.usecases import practices
from chalicelib.providers import deactivation_rules as rules
from chalicelib.providers.deactivation_tables import DEACTIVATE, FOLLOW, ScheduleRow, ZoneRow
from chalicelib.providers.usecases import deactivation
from chalicelib.providers.usecases.accounts import find
from chalicelib.store import Commit, Context, changed_meanwhile, system_context

_HANDLER = "deactivate_due"
_LOST_RACES = (Conflict, Stale)


def deactivate_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Let schedules follow their practices into other time zones, then carry out those whose day has begun."""

    def context(row: ScheduleRow | ZoneRow) -> Context:
        # Now: the roster says from when on an account is ended, which is not when the run began.
        return system_context(_HANDLER, row.pk, clock.now(), request_id)

    until = clock.to_text(now)
    followed = sweep(_HANDLER, ZoneRow.due, FOLLOW, until, lambda row: _follow(context(row), row), milliseconds_left)
    return followed + sweep(
        _HANDLER, ScheduleRow.due, DEACTIVATE, until, lambda row: _carry_out(context(row), row), milliseconds_left
    )


def _carry_out(ctx: Context, due: ScheduleRow) -> bool:
    """End an account whose day has begun in its practice's present time zone. The index may show what was cancelled
    or carried out meanwhile: what counts is the row itself."""
    provider_id = due.sk.removeprefix(ScheduleRow.PREFIX)
    key = ScheduleRow.key(due.pk, provider_id)
    ctx.rows.load(practices.key_of(due.pk), key, *deactivation.rows(due.pk, provider_id))
    ctx.practice = practices.find(ctx, due.pk)
    row = ctx.find(key)
    if row is None or not rules.is_due(row.as_schedule(), ctx.practice.time_zone, ctx.now):
        return False
    try:  # what was read together may be from before and after somebody else's commit
        commit = Commit(ctx)
        deactivation.end(commit, find(ctx, provider_id), row.as_schedule().reassign_to, row)
        commit.write(None)
    except _LOST_RACES:
        return False
    return True


def _follow(ctx: Context, change: ZoneRow) -> bool:
    """Reckon every schedule of a practice anew, each in a commit of its own. Whoever schedules from now on reckons in
    the new zone, as the commit requires that: so when all are through, none is left behind."""
    ctx.practice = practices.find(ctx, change.pk)
    schedules = query(ScheduleRow, change.pk, ScheduleRow.PREFIX)
    moved = sum(_move(ctx, row) for row in schedules)
    commit = Commit(ctx)
    commit.record(rules.followed(ctx.practice, moved))
    commit.delete(Key(ZoneRow, change.pk, change.sk), ZoneRow.pk.exists(), otherwise=changed_meanwhile())
    return _won(commit)


def _move(ctx: Context, row: ScheduleRow) -> bool:
    """False where it stands at the right instant already, or is rescheduled, cancelled or carried out meanwhile."""
    zone = ctx.own_practice.time_zone
    before = row.as_schedule()
    after = rules.in_zone(before, zone)
    if after == before:
        return False
    commit = Commit(ctx)
    commit.record(rules.moved(before, after, zone))
    key = ScheduleRow.key(row.pk, before.provider_id)
    commit.update(key, ScheduleRow.becomes(after), row.unchanged(), otherwise=changed_meanwhile())
    practices.require_zone(commit)
    return _won(commit)


def _won(commit: Commit) -> bool:
    try:
        commit.write(None)
    except _LOST_RACES:
        return False
    return True
