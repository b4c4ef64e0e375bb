"""What `end_trials` does: site admins are warned of a trial's end, and a trial ends."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib import clock
from chalicelib.due import Report
from chalicelib.errors import Conflict, Stale
from chalicelib.identity.usecases import people, practices
from chalicelib.licensing.usecases import trials
from chalicelib.providers.usecases import deactivation
from chalicelib.providers.usecases.accounts import find
from chalicelib.store import Commit, Context, system_context

_HANDLER = "end_trials"


def end_trials(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Take each trial of which something is due one step further. Who takes an available license, buys one or ends the
    account at the same moment goes first: the next run looks anew."""

    def work(practice_id: str, provider_id: str) -> bool:
        try:
            # Now: the roster says from when on an account is ended, which is not when the run began.
            return _step(system_context(_HANDLER, practice_id, clock.now(), request_id), practice_id, provider_id)
        except (Conflict, Stale):
            return False

    return trials.sweep_due(_HANDLER, now, work, milliseconds_left)


def _step(ctx: Context, practice_id: str, provider_id: str) -> bool:
    rows = deactivation.rows(practice_id, provider_id)
    ctx.rows.load(practices.key_of(practice_id), *rows)
    held = trials.find_due(ctx, practice_id, provider_id)
    if held is None:
        return False
    ctx.practice = practices.find(ctx, practice_id)
    emails = people.site_admins(practice_id).values()
    commit = Commit(ctx)
    if not trials.is_over(ctx, held):
        trials.warn(commit, held, emails)
    elif trials.available(ctx, held):
        trials.replace(commit, held, emails)
    else:
        give_up = partial(trials.give_up, emails=emails)
        deactivation.end(commit, find(ctx, provider_id), None, release=give_up)
    commit.write(None)
    return True
