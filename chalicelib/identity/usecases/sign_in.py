"""Sign-in and sign-out. Three AWS calls: one batched read, the seed's decryption where there is one, one commit."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.dynamo import Key, Rows, note
from chalicelib.errors import Conflict, Forbidden, NotSignedIn, TooManyRequests
from chalicelib.identity import passwords, rules
from chalicelib.identity.sessions import Token, actor_of
from chalicelib.identity.tables import FailuresRow, SessionRow, UsernameRow
from chalicelib.identity.usecases.second_factor import prove
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context

ROUNDS = 3
Code = Annotated[str, Meta(max_length=40)]


class SignIn(msgspec.Struct, frozen=True):
    """A sign-in: with `totp` or, once each, a `recovery_code`, where two-factor is set up."""

    username: Annotated[str, Meta(max_length=256)]
    password: Annotated[str, Meta(max_length=1024)]
    totp: Code | None = None
    recovery_code: Code | None = None


class OpenedSession(msgspec.Struct, frozen=True):
    """A new session. With `enrollment_required` it can do nothing but set up two-factor."""

    token: str
    expires_at: str
    enrollment_required: bool


class CurrentSession(msgspec.Struct, frozen=True):
    """The session of this request: ends at `expires_at`, or at `idle_until` unless it is used."""

    username: str
    practice_id: str
    created_at: str
    expires_at: str
    idle_until: str
    enrollment_required: bool


class _Raced(Conflict):
    """The failure counter or the login changed under a sign-in: look again."""


@dataclass(frozen=True)
class _Attempt:
    username: str
    login: UsernameRow | None
    network: str
    bucket: str
    failures: FailuresRow | None


def sign_in(ctx: Context, command: SignIn) -> OpenedSession:
    """Open a session.

    Raises NotSignedIn (`invalid_credentials`, alike for unknown usernames; `totp_required` when a code is due),
    TooManyRequests while the username is delayed, Forbidden for an inactive username with the right password.
    """
    for _ in range(ROUNDS):
        try:
            return _try_sign_in(ctx, command)
        except _Raced:
            ctx.rows = Rows()
    raise TooManyRequests("Too many sign-ins at the same time.", retry_after=1)


def _try_sign_in(ctx: Context, command: SignIn) -> OpenedSession:
    attempt = read_attempt(ctx, command.username)
    login = attempt.login
    if not passwords.verify(login.password_hash if login else None, command.password) or login is None:
        raise count_failure(ctx, attempt)
    if login.status != "active":
        raise Forbidden("This username is inactive. Ask a site admin of your practice.", code="username_inactive")
    proof = prove(login, command.totp, command.recovery_code, ctx.now)
    if proof is None:
        raise count_failure(ctx, attempt)
    token = Token.new(login.practice_id, login.username)
    commit = Commit(replace(ctx, actor=actor_of(login)))
    _forget_failures(commit, attempt)
    commit.update(
        UsernameRow.key(login.username),
        [*_note_sign_in(login, attempt.network, command.password, ctx.now), *proof.actions],
        (UsernameRow.password_hash == login.password_hash) & (UsernameRow.epoch == login.epoch) & proof.condition,
        otherwise=_Raced(),
    )
    commit.put(_session_row(token, login, ctx.now), otherwise=_Raced())
    commit.record(_opened(login, proof.recovery_codes_left))
    ends, _ = rules.session_ends(ctx.now.timestamp(), ctx.now.timestamp())
    return commit.write(OpenedSession(token.text, clock.to_text(ends), actor_of(login).enrollment_required))


def _note_sign_in(login: UsernameRow, network: str, password: str, now: datetime) -> list[Action]:
    networks = rules.with_network(login.networks or {}, network, now)
    actions: list[Action] = [UsernameRow.last_sign_in_at.set(clock.to_text(now)), UsernameRow.networks.set(networks)]
    if passwords.needs_rehash(str(login.password_hash)):
        actions.append(UsernameRow.password_hash.set(passwords.hashed(password)))
    return actions


def _session_row(token: Token, login: UsernameRow, now: datetime) -> SessionRow:
    seconds = int(now.timestamp())
    ends, _ = rules.session_ends(seconds, seconds)
    return token.session_key.row(
        epoch=login.epoch, created_at=seconds, last_used_at=seconds, expires_at=int(ends.timestamp())
    )


def _opened(login: UsernameRow, recovery_codes_left: int | None) -> Event:
    if recovery_codes_left is None:
        return Event("session.opened", login.username)
    return Event(
        "session.opened",
        login.username,
        after={"recovery_codes_left": recovery_codes_left},
        announce=(Announcement("email", login.email),),
    )


def current_session(ctx: Context) -> CurrentSession:
    """The session of this request."""
    row = ctx.find(SessionRow.key(ctx.actor.name, ctx.actor.session))
    if row is None:
        raise NotSignedIn()
    absolute, idle = rules.session_ends(row.created_at, row.last_used_at)
    return CurrentSession(
        username=ctx.actor.name,
        practice_id=ctx.actor.practice_id,
        created_at=clock.to_text(datetime.fromtimestamp(row.created_at, UTC)),
        expires_at=clock.to_text(absolute),
        idle_until=clock.to_text(idle),
        enrollment_required=ctx.actor.enrollment_required,
    )


def sign_out(ctx: Context) -> None:
    """End the session of this request at once."""
    commit = Commit(ctx)
    key = SessionRow.key(ctx.actor.name, ctx.actor.session)
    commit.delete(key, SessionRow.pk.exists(), otherwise=NotSignedIn())
    commit.record(Event("session.closed", ctx.actor.name))
    commit.write(None)


# --- Failures ---------------------------------------------------------------------------------------------------


def read_attempt(ctx: Context, typed: str) -> _Attempt:
    """The login and its failure counters, in one call. Raises TooManyRequests while the username is delayed."""
    folded = rules.fold(typed)
    # What can't be a username takes the same way as one that nobody has.
    username = folded if rules.username_error(folded) is None else "-"
    network = rules.network_of(ctx.source_ip)
    keys: dict[str, Key[FailuresRow]] = {place: FailuresRow.key(username, place) for place in (rules.ANYWHERE, network)}
    ctx.rows.load(UsernameRow.key(username), *keys.values())
    login = ctx.find(UsernameRow.key(username))
    familiar = login is not None and rules.is_familiar(login.networks or {}, network, ctx.now)
    bucket = network if familiar else rules.ANYWHERE
    failures = ctx.find(keys[bucket])
    if failures is not None and failures.blocked_until > ctx.now.timestamp():
        raise TooManyRequests(
            "Too many failed attempts. Wait, or reset the password by email.",
            retry_after=int(failures.blocked_until - ctx.now.timestamp()) + 1,
        )
    return _Attempt(username, login, network, bucket, failures)


def count_failure(ctx: Context, attempt: _Attempt) -> NotSignedIn:
    """Count a failure and give the refusal. Raises _Raced when another attempt was counted meanwhile, so that a
    burst of parallel guesses gets no further than the same guesses one after the other."""
    now = ctx.now.timestamp()
    seen = attempt.failures
    fresh = seen is None or seen.expires_at < now
    count = 1 if seen is None or fresh else int(seen.failures) + 1
    delay = rules.delay_after(count)
    unchanged = FailuresRow.pk.does_not_exist() if seen is None else _unchanged(seen)
    counted = note(
        FailuresRow.key(attempt.username, attempt.bucket).row(),
        [
            FailuresRow.failures.set(count),
            FailuresRow.blocked_until.set(int((ctx.now + delay).timestamp()) if delay else 0),
            FailuresRow.expires_at.set(int((ctx.now + rules.FAILURES_FORGOTTEN).timestamp())),
        ],
        unchanged,
    )
    if not counted:
        raise _Raced()
    return NotSignedIn("Username, password or code is wrong.", code="invalid_credentials")


def _unchanged(seen: FailuresRow) -> Condition:
    condition: Condition = (FailuresRow.failures == seen.failures) & (FailuresRow.expires_at == seen.expires_at)
    return condition


def _forget_failures(commit: Commit, attempt: _Attempt) -> None:
    key = FailuresRow.key(attempt.username, attempt.bucket)
    if attempt.failures is None:
        commit.check(key, FailuresRow.pk.does_not_exist(), otherwise=_Raced())
    else:
        commit.delete(key, _unchanged(attempt.failures), otherwise=_Raced())
