"""Grants that end by themselves: one that has ended lets nobody in; here its row goes, and its username is told."""

from collections.abc import Callable
from datetime import datetime

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.errors import Conflict
from chalicelib.identity.tables import END_GRANT, AccountRow, GrantRow, UsernameRow
from chalicelib.identity.usecases import accesses, grants
from chalicelib.model import Event
from chalicelib.store import Commit, system_context


def end_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Take away the grants whose time is over. `sweep_expired` runs it."""

    def work(grant: GrantRow) -> bool:
        return _end(grant, now, request_id)

    return sweep("sweep_expired", GrantRow.due, END_GRANT, clock.to_text(now), work, milliseconds_left)


def _end(grant: GrantRow, now: datetime, request_id: str) -> bool:
    ctx = system_context("sweep_expired", grant.practice_id, now, request_id)
    account_key = AccountRow.key(grant.practice_id, grant.provider_id)
    ctx.rows.load(account_key, grant.as_key(), UsernameRow.key(grant.username))
    account = ctx.find(account_key)
    if ctx.find(grant.as_key()) is None:  # taken meanwhile, perhaps with its account
        return False
    if account is None:
        raise RuntimeError("a grant leads to an account that is not there")
    commit = Commit(ctx)
    grants.take(commit, grant, account)
    told = accesses.to_be_told(ctx, grant.username)
    commit.record(Event("grant.ended", grant.username, before=grants.facts(grant), announce=told))
    try:
        commit.write(None)
    except Conflict:
        return False
    return True
