"""The license of a free trial: it begins with the practice, is warned of, and gives way to one that was bought."""

from collections.abc import Callable, Iterable
from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict
from chalicelib.licensing import rules, trial_rules
from chalicelib.licensing.model import Counts, LicenseType, Pool
from chalicelib.licensing.tables import TRIAL, ClaimRow, PoolRow
from chalicelib.licensing.usecases import ended_trials
from chalicelib.licensing.usecases.pool import Entry, book, license_held, overtaken, put_line
from chalicelib.model import Practice
from chalicelib.store import Commit, Context


def open_with_trial(commit: Commit, practice: Practice, provider_id: str, license_type: LicenseType) -> str:
    """A new practice's pool: one trial license, held by its first provider account. Gives its end."""
    trial, until = Pool(in_use=Counts.one(license_type)), trial_rules.until(commit.ctx.now)
    commit.put(PoolRow.new(practice.id, trial), otherwise=Conflict("This practice has its licenses."))
    _put_claim(commit, practice.id, provider_id, license_type, until)
    put_line(commit, practice.id, Entry("trial", provider_id, trial, terms=practice))
    return until


def resume(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType, until: str) -> None:
    """A provider account that gave up its trial license by mistake has it again, until the day it would have ended."""
    _put_claim(commit, practice_id, provider_id, license_type, until)
    book(commit, practice_id, Entry("trial", provider_id, Pool(in_use=Counts.one(license_type))))


def _put_claim(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType, until: str) -> None:
    due_at = trial_rules.next_step(until, commit.ctx.now)
    row = ClaimRow.of_trial(practice_id, provider_id, license_type, until, due_at)
    commit.put(row, otherwise=license_held())


# --- By schedule --------------------------------------------------------------------------------------------------


def sweep_due(
    handler: str, now: datetime, work: Callable[[str, str], bool], milliseconds_left: Callable[[], int]
) -> Report:
    """Do `work(practice_id, provider_id)` for each trial of which a warning, or the end, is due."""
    until = clock.to_text(now)
    return sweep(handler, ClaimRow.due, TRIAL, until, lambda row: work(row.pk, row.provider_id), milliseconds_left)


def pool_key(practice_id: str) -> Key[PoolRow]:
    """The row that says what is available, for a room that reads it ahead."""
    return PoolRow.key(practice_id)


def find_due(ctx: Context, practice_id: str, provider_id: str) -> ClaimRow | None:
    """The trial license, where something is due by now. The index may show what was done meanwhile: what counts is the
    row itself."""
    row = ctx.find(ClaimRow.key(practice_id, provider_id))
    return row if row and row.due_at and row.due_at <= clock.to_text(ctx.now) else None


def available(ctx: Context, held: ClaimRow) -> int:
    """How many bought licenses of its type nobody holds."""
    row = ctx.find(PoolRow.key(held.pk))
    return row.pool().available.of(held.type) if row else 0


def is_over(ctx: Context, held: ClaimRow) -> bool:
    """Whether the trial has ended; before, its site admins are to be warned."""
    return trial_rules.is_over(str(held.trial_until), ctx.now)


def warn(commit: Commit, held: ClaimRow, emails: Iterable[str]) -> None:
    """Add a warning to the commit. Refused with Conflict when another run gave it."""
    ctx = commit.ctx
    until = str(held.trial_until)
    commit.record(trial_rules.ending(held.provider_id, until, held.type, available(ctx, held), list(emails)))
    next_ = ClaimRow.due_at.set(trial_rules.next_step(until, ctx.now))
    as_read = held.unchanged() & (ClaimRow.due_at == held.due_at)
    commit.update(held.as_key(), [next_], as_read, otherwise=overtaken())


def replace(commit: Commit, held: ClaimRow, emails: Iterable[str]) -> None:
    """Add to the commit that a trial ended, and that its holder took an available license of the type in its place.
    Refused with Conflict where none is available."""
    provider_id, license_type = held.provider_id, held.type
    commit.record(trial_rules.ended(provider_id, license_type, True, list(emails)))
    actions: list[Action] = [ClaimRow.trial_until.remove(), ClaimRow.due_shard.remove(), ClaimRow.due_at.remove()]
    commit.update(held.as_key(), actions, held.unchanged(), otherwise=overtaken())
    book(commit, held.pk, _over(held), Entry("claim", provider_id, rules.claim_change(license_type)))


def give_up(commit: Commit, held: ClaimRow, emails: Iterable[str]) -> None:
    """Add to the commit that a trial ended, with the account of its holder. Refused with Conflict where a license of
    the type is available."""
    kept_until = ended_trials.begin(commit, held)
    commit.record(trial_rules.ended(held.provider_id, held.type, False, list(emails), kept_until))
    commit.delete(held.as_key(), held.unchanged(), otherwise=overtaken())
    book(commit, held.pk, _over(held), besides=PoolRow.none_available(held.type))


def _over(held: ClaimRow) -> Entry:
    return Entry("trial_end", held.provider_id, Pool(in_use=-Counts.one(held.type)))
