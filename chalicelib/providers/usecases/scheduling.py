"""Deactivations to come: planned and cancelled."""

from datetime import date

import msgspec

from chalicelib.identity.usecases import practices
from chalicelib.providers import deactivation_rules as rules
from chalicelib.providers.deactivation_tables import ScheduleRow
from chalicelib.providers.model import DeactivationScheduled, Provider
from chalicelib.providers.usecases.accounts import find, replace
from chalicelib.store import Commit, Context, changed_meanwhile


def plan(commit: Commit, provider: Provider, day: date, reassign_to: str | None) -> DeactivationScheduled:
    """Commit that an account ends when the day begins, in place of any other day that was planned. What is planned
    already changes nothing. Raises Stale when the account is changed meanwhile."""
    ctx, practice = commit.ctx, commit.ctx.own_practice
    after, schedule, event = rules.schedule(provider, day, reassign_to, practice.time_zone, ctx.actor)
    answer = DeactivationScheduled(**msgspec.structs.asdict(after), takes_effect_at=schedule.due_at)
    if event is None:
        return answer
    commit.record(event)
    replace(commit, practice.id, provider, after)
    planned = ScheduleRow.pk.exists() if provider.scheduled_deactivation else None
    row = ScheduleRow.new(practice.id, schedule, after.version)
    commit.put(row, otherwise=changed_meanwhile(), condition=planned)
    practices.require_zone(commit)
    return commit.write(answer)


def cancel(ctx: Context, provider_id: str) -> Provider:
    """Cancel the deactivation that is planned. Raises NotFound, NothingScheduled, or Stale when it is carried out, or
    the account was changed since it was looked at."""
    practice_id = ctx.own_practice.id
    provider = find(ctx, provider_id)
    ctx.require_version(provider.version)
    after, event = rules.cancel(provider)
    commit = Commit(ctx)
    commit.record(event)
    replace(commit, practice_id, provider, after)
    key = ScheduleRow.key(practice_id, provider_id)
    commit.delete(key, ScheduleRow.pk.exists(), otherwise=changed_meanwhile())
    return commit.write(after)
