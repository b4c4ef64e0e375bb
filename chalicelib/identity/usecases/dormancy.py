"""Usernames that nobody uses: warned, then blocked. `block_dormant` runs it.

A sign-in writes nothing for it: the row that is due says when to look, and whoever looks asks the username for its last
sign-in. So a username that is used costs one read and one write every 23 days, and none of its requests any.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note
from chalicelib.errors import Conflict
from chalicelib.identity import standing_rules
from chalicelib.identity.tables import DORMANCY, DormancyRow, PracticeRow, UsernameRow
from chalicelib.identity.usecases import logins, people, standing
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context, system_context

_HANDLER = "block_dormant"


def block_dormant(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Look at each username that may have been unused for long."""

    def work(row: DormancyRow) -> bool:
        try:
            return _look(system_context(_HANDLER, "", now, request_id), row.username)
        except Conflict:  # somebody signed in, or a site admin decided, meanwhile
            return False

    return sweep(_HANDLER, DormancyRow.due, DORMANCY, clock.to_text(now), work, milliseconds_left)


def _look(ctx: Context, username: str) -> bool:
    """The index may show what was done meanwhile: what counts are the rows themselves."""
    key = DormancyRow.key(username)
    ctx.rows.load(key, UsernameRow.key(username))
    row, login = ctx.find(key), ctx.find(UsernameRow.key(username))
    if row is None or login is None or row.due_at > clock.to_text(ctx.now):
        return False
    since = standing_rules.unused_since(row.since, login.last_sign_in_at)
    days = standing_rules.days_left(since, ctx.now)
    if days is None:
        return _look_again(row, standing_rules.next_look(since, ctx.now), row.since)
    if _is_last_site_admin(ctx, login):
        return _look_again(row, *standing_rules.asked_again(ctx.now))
    ctx.actor = system_context(_HANDLER, login.practice_id, ctx.now, ctx.request_id).actor
    commit = Commit(ctx)
    if standing_rules.is_dormant(since, ctx.now):
        _block(commit, row, login)
    else:
        _warn(commit, row, login, since, days)
    commit.write(None)
    return True


def _look_again(row: DormancyRow, at: str, since: str) -> bool:
    return note(row, [DormancyRow.due_at.set(at), DormancyRow.since.set(since)], DormancyRow.due_at == row.due_at)


def _is_last_site_admin(ctx: Context, login: UsernameRow) -> bool:
    if "site_admin" not in (login.roles or ()):
        return False
    practice = ctx.find(PracticeRow.key(login.practice_id))
    return practice is None or len(practice.site_admins or ()) < standing_rules.ENOUGH_SITE_ADMINS


def _block(commit: Commit, row: DormancyRow, login: UsernameRow) -> None:
    standing.end(commit, login, "dormant", row)
    commit.record(standing.event_of(login, "username.blocked", "dormant"))


def _warn(commit: Commit, row: DormancyRow, login: UsernameRow, since: str, days: int) -> None:
    next_ = DormancyRow.due_at.set(standing_rules.next_look(since, commit.ctx.now))
    as_read = (DormancyRow.due_at == row.due_at) & (DormancyRow.since == row.since)
    commit.update(row.as_key(), [next_], as_read, otherwise=logins.overtaken())
    emails = dict.fromkeys([login.email, *people.site_admins(login.practice_id).values()])
    announce = tuple(Announcement("email", email) for email in emails)
    commit.record(Event("username.unused", login.username, after={"days_left": days}, announce=announce))
