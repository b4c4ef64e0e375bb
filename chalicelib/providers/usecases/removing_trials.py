"""What `sweep_expired` does of ended trials: site admins are warned that data goes, and 90 days after the end it goes,
part by part, the account last. Whoever buys a license stops it where it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from chalicelib import clock
from chalicelib.codes.usecases import forgetting
from chalicelib.due import RESERVE_MILLISECONDS, Report
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, Stale
from chalicelib.identity.usecases import grants, people
from chalicelib.licensing.usecases import ended_trials
from chalicelib.providers.deactivation_tables import DeactivationRow
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.tables import CaseloadRow, ConfigurationRow, LeftRow, ListingRow, ProviderRow
from chalicelib.providers.usecases.moving import overtaken
from chalicelib.store import Commit, Context, changed_meanwhile, system_context
from chalicelib.uploads.usecases import files

_HANDLER: Final = "sweep_expired"
CHUNK: Final = 90
"""Patients of one transaction; the others of its hundred items are the caseload's, the trial's and the event's."""


def remove_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Take each ended trial of which something is due further. `sweep_expired` runs it."""

    def work(practice_id: str, provider_id: str) -> bool:
        ctx = system_context(_HANDLER, practice_id, now, request_id)
        try:
            return _look_at(ctx, provider_id, milliseconds_left)
        except (Conflict, Stale):
            return False

    return ended_trials.sweep_due(_HANDLER, now, work, milliseconds_left)


def _look_at(ctx: Context, provider_id: str, milliseconds_left: Callable[[], int]) -> bool:
    practice_id = ctx.actor.practice_id
    ctx.rows.load(*ended_trials.keys(practice_id, provider_id))
    ended = ended_trials.find_due(ctx, practice_id, provider_id)
    if ended is None:
        return False
    commit = Commit(ctx)
    if ended_trials.was_bought(ctx, ended):
        ended_trials.keep(commit, ended)
    elif not ended_trials.is_warned_of(ended):
        ended_trials.warn(commit, ended, people.site_admins(practice_id).values())
    elif not _remove(ctx, ended, milliseconds_left):
        ended_trials.finish(commit, ended, people.site_admins(practice_id).values())
    else:
        return True
    commit.write(None)
    return True


def _remove(ctx: Context, ended: ended_trials.Ended, milliseconds_left: Callable[[], int]) -> bool:
    """Remove part after part until nothing is left or the time is up. False where nothing was there to begin with: so
    the last look comes a lease later, when no request that found the account is under way any more. Looks once
    whatever the time: what nobody has looked at is not gone."""
    removed = False
    while not removed or milliseconds_left() >= RESERVE_MILLISECONDS:
        commit = Commit(system_context(_HANDLER, ended.pk, clock.now(), ctx.request_id))
        what = _next_part(commit, ended.pk, ended.provider_id)
        if not what:
            break
        ended = ended_trials.remove(commit, ended, what)
        commit.write(None)
        removed = True
    return removed


# --- What goes ----------------------------------------------------------------------------------------------------


def _next_part(commit: Commit, practice_id: str, provider_id: str) -> dict[str, Any]:
    """Add to the commit what goes next, as much as it takes; gives what the audit trail keeps of it, or nothing."""
    return (
        _patients(commit, practice_id, provider_id)
        or forgetting.forget(commit, practice_id, provider_id)
        or _account(commit, practice_id, provider_id)
    )


def _patients(commit: Commit, practice_id: str, provider_id: str) -> dict[str, Any]:
    key = CaseloadRow.key(practice_id, provider_id)
    rows = query(PatientRow, key.pk, PatientRow.PREFIX, limit=CHUNK)
    if not rows:
        return {}
    for row in rows:
        commit.delete(row.as_key(), PatientRow.pk.exists(), otherwise=overtaken())
    fewer = CaseloadRow.patients.add(-len(rows))
    commit.update(key, [fewer], CaseloadRow.patients >= len(rows), otherwise=overtaken())
    return {"patient_ids": [row.as_patient().id for row in rows]}


def _account(commit: Commit, practice_id: str, provider_id: str) -> dict[str, Any]:
    """The account, with its directory, its image, and whatever stands beside it; the roster stays."""
    rows, provider_key = commit.ctx.rows, ProviderRow.key(practice_id, provider_id)
    beside: list[Key[Any]] = [
        model.key(practice_id, provider_id) for model in (ConfigurationRow, CaseloadRow, LeftRow, DeactivationRow)
    ]
    rows.load(provider_key, grants.account_key(practice_id, provider_id), *beside)
    there = [key for key in beside if rows.find(key)]
    for key in there:
        commit.delete(key, key.model.pk.exists(), otherwise=changed_meanwhile())
    row = rows.find(provider_key)
    if row is None:
        return {"beside": len(there)} if there else {}
    provider = row.as_provider()
    commit.delete(provider_key, ProviderRow.version == provider.version, otherwise=changed_meanwhile)
    for key in ListingRow.all_of(practice_id, provider):
        commit.delete(key, ListingRow.pk.exists(), otherwise=changed_meanwhile())
    if provider.image_id:
        files.discard(commit, practice_id, provider.image_id)
    return {"version": provider.version, "usernames": grants.close_account(commit, practice_id, provider_id)}
