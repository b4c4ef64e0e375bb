"""Guesses at a login: counted per username and place, slowed down, and never worth more for being made in parallel.
Guesses that a username makes at others are counted by who makes them, too.

Whatever tells right from wrong (a refusal, a session, even "a code is due") is preceded by a write under the
condition that no other guess was counted meanwhile. So a burst of guesses learns no more than the same guesses
one after the other.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.dynamo import Key, Rows, note
from chalicelib.errors import Conflict, NotSignedIn, TooManyRequests
from chalicelib.identity import rules
from chalicelib.identity.tables import FailuresRow, UsernameRow
from chalicelib.store import Commit, Context

T = TypeVar("T")
ROUNDS = 3
_FIND = "find"
_NOBODY = "-"
"""The login of what can't be a name: it is counted the same way as one that nobody has."""


class Raced(Conflict):
    """The failure counter or the login changed under an attempt: look again."""


class Attempt(msgspec.Struct, frozen=True):
    """One guess. `bucket` is where its failure counts: the network if familiar, else anywhere."""

    username: str
    login: UsernameRow | None
    network: str
    bucket: str
    failures: FailuresRow | None


def retrying(ctx: Context, work: Callable[[], T]) -> T:
    """What `work` gives, done anew after each Raced. Raises TooManyRequests after ROUNDS lost races."""
    for _ in range(ROUNDS):
        try:
            return work()
        except Raced:
            ctx.rows = Rows()
    raise TooManyRequests("Too many attempts at the same time.", retry_after=1)


def begin_find(ctx: Context, typed: str) -> tuple[Attempt, Attempt]:
    """A guess at another login, twice: as one of the caller's, counted for a day whatever becomes of others, and as one
    at the login. One call. Raises TooManyRequests while one of the two is delayed."""
    key = FailuresRow.key(ctx.actor.name, _FIND)
    attempt = begin(ctx, typed, key)
    failures = ctx.find(key)
    _require_patience(ctx, failures)
    return Attempt(ctx.actor.name, None, attempt.network, _FIND, failures), attempt


def begin(ctx: Context, typed: str, *besides: Key[FailuresRow]) -> Attempt:
    """The login and its failure counters, in one call, in which the rows `besides` are read, too. Raises
    TooManyRequests while the username is delayed."""
    folded = rules.fold(typed)
    return again(ctx, folded if rules.username_error(folded) is None else _NOBODY, *besides)


def begin_of_staff(ctx: Context, typed: str) -> Attempt:
    """The same at the door of the vendor's own people."""
    return again(ctx, rules.staff_login(typed) or rules.STAFF + _NOBODY)


def again(ctx: Context, username: str, *besides: Key[FailuresRow]) -> Attempt:
    """The same for a login that is known by its name: whoever is signed in proves it again."""
    network = rules.network_of(ctx.source_ip)
    keys: dict[str, Key[FailuresRow]] = {place: FailuresRow.key(username, place) for place in (rules.ANYWHERE, network)}
    ctx.rows.load(UsernameRow.key(username), *keys.values(), *besides)
    login = ctx.find(UsernameRow.key(username))
    familiar = login is not None and rules.is_familiar(login.networks or {}, network, ctx.now)
    bucket = network if familiar else rules.ANYWHERE
    failures = ctx.find(keys[bucket])
    _require_patience(ctx, failures)
    return Attempt(username, login, network, bucket, failures)


def _require_patience(ctx: Context, failures: FailuresRow | None) -> None:
    if failures is not None and failures.blocked_until > ctx.now.timestamp():
        raise TooManyRequests(
            "Too many failed attempts. Wait, or reset the password by email.",
            retry_after=int(failures.blocked_until - ctx.now.timestamp()) + 1,
        )


def failed(ctx: Context, attempt: Attempt) -> NotSignedIn:
    """Count a failure and give the refusal, which is alike whatever was wrong. Raises Raced."""
    seen = attempt.failures
    count = 1 if seen is None or seen.expires_at < ctx.now.timestamp() else int(seen.failures) + 1
    delay = rules.delay_after(count)
    _write(
        attempt,
        count,
        blocked_until=int((ctx.now + delay).timestamp()) if delay else 0,
        expires_at=int((ctx.now + rules.FAILURES_FORGOTTEN).timestamp()),
    )
    return NotSignedIn("Username, password or code is wrong.", code="invalid_credentials")


def halfway(ctx: Context, attempt: Attempt) -> None:
    """Before an answer that gives away that the password is right, though nobody is in yet. Raises Raced."""
    seen = attempt.failures
    if seen is None:
        _write(attempt, 0, blocked_until=0, expires_at=int((ctx.now + rules.FAILURES_FORGOTTEN).timestamp()))
    else:
        _write(attempt, int(seen.failures), int(seen.blocked_until), int(seen.expires_at))


def succeeded(commit: Commit, attempt: Attempt) -> None:
    """Let the commit forget the failures; it raises Raced if one was counted meanwhile."""
    if attempt.failures is None:
        kept(commit, attempt)
    else:
        key = FailuresRow.key(attempt.username, attempt.bucket)
        commit.delete(key, _unchanged(attempt.failures), otherwise=Raced())


def kept(commit: Commit, attempt: Attempt) -> None:
    """Let the commit leave the failures as they are; it raises Raced if one was counted meanwhile."""
    key = FailuresRow.key(attempt.username, attempt.bucket)
    commit.check(key, _unchanged(attempt.failures), otherwise=Raced())


def _write(attempt: Attempt, failures: int, blocked_until: int, expires_at: int) -> None:
    actions: list[Action] = [
        FailuresRow.failures.set(failures),
        FailuresRow.blocked_until.set(blocked_until),
        FailuresRow.expires_at.set(expires_at),
    ]
    row = FailuresRow.key(attempt.username, attempt.bucket).row()
    if not note(row, actions, _unchanged(attempt.failures)):
        raise Raced()


def _unchanged(seen: FailuresRow | None) -> Condition:
    if seen is None:
        return FailuresRow.pk.does_not_exist()
    condition: Condition = (FailuresRow.failures == seen.failures) & (FailuresRow.expires_at == seen.expires_at)
    return condition
