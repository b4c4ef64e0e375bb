"""Sign-in and sign-out. Three AWS calls: one batched read, the seed's decryption where there is one, one commit."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.errors import Forbidden, NotSignedIn, Problem, invalid
from chalicelib.identity import passwords, rules
from chalicelib.identity.sessions import Token, actor_of, may_go_on
from chalicelib.identity.tables import SessionRow, UsernameRow
from chalicelib.identity.usecases import attempts, second_factor
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context

Begin = Callable[[Context, str], attempts.Attempt]


class SignIn(msgspec.Struct, frozen=True):
    """A sign-in: with `totp` or, once each, a `recovery_code`, where two-factor is set up."""

    username: Annotated[str, Meta(max_length=256)]
    password: Annotated[str, Meta(max_length=1024)]
    totp: second_factor.Code | None = None
    recovery_code: second_factor.Code | None = None


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


def sign_in(ctx: Context, command: SignIn) -> OpenedSession:
    """Open a session.

    Raises NotSignedIn (`invalid_credentials`, alike for unknown usernames; `totp_required` when a code is due),
    TooManyRequests while the username is delayed, Invalid for two second factors at once, Forbidden for an inactive or
    dormant username, or one that is left with nothing, with the right password.
    """
    return _sign_in(ctx, command, attempts.begin)


def sign_in_staff(ctx: Context, command: SignIn) -> OpenedSession:
    """The same for one of the vendor's own people: no name opens a session at both doors."""
    return _sign_in(ctx, command, attempts.begin_of_staff)


def _sign_in(ctx: Context, command: SignIn, begin: Begin) -> OpenedSession:
    if command.totp is not None and command.recovery_code is not None:
        raise invalid(("recovery_code", "Give a code or a recovery code, not both."))
    return attempts.retrying(ctx, lambda: _try_sign_in(ctx, command, begin))


def _try_sign_in(ctx: Context, command: SignIn, begin: Begin) -> OpenedSession:
    attempt = begin(ctx, command.username)
    login = attempt.login
    if not passwords.verify(login.password_hash if login else None, command.password) or login is None:
        raise attempts.failed(ctx, attempt)
    if refusal := _refusal(login, command):
        attempts.halfway(ctx, attempt)
        raise refusal
    proof = second_factor.prove(login, command.totp, command.recovery_code, ctx.now)
    if proof is None:
        raise attempts.failed(ctx, attempt)
    token = Token.new(login.practice_id, login.username)
    commit = Commit(msgspec.structs.replace(ctx, actor=actor_of(login)))
    attempts.succeeded(commit, attempt)
    as_proved = (UsernameRow.password_hash == login.password_hash) & (UsernameRow.epoch == login.epoch)
    commit.update(
        UsernameRow.key(login.username),
        [*_note_sign_in(login, attempt.network, command.password, ctx.now), *proof.actions],
        as_proved & may_go_on() & proof.condition,
        otherwise=attempts.Raced(),
    )
    commit.put(_session_row(token, login, ctx.now), otherwise=attempts.Raced())
    commit.record(_opened(login, proof.recovery_codes_left))
    ends, _ = _session_ends(login.username, ctx.now.timestamp())
    return commit.write(OpenedSession(token.text, clock.to_text(ends), actor_of(login).enrollment_required))


def _refusal(login: UsernameRow, command: SignIn) -> Problem | None:
    """What keeps out somebody who knows the password."""
    if login.status == "dormant":
        words = "This username is blocked, as nobody signed in with it for 30 days. Ask a site admin to reactivate it."
        return Forbidden(words, code="username_dormant")
    if login.status != "active":
        return Forbidden("This username is inactive. Ask a site admin of your practice.", code="username_inactive")
    if rules.left_with_nothing(login.roles or (), login.accounts):
        words = "The accounts that this username reached are inactive or out of its reach. Ask a site admin."
        return Forbidden(words, code="access_ended")
    if second_factor.code_is_missing(login, command.totp, command.recovery_code):
        return NotSignedIn("Send the present code of your authenticator as totp.", code="totp_required")
    return None


def _note_sign_in(login: UsernameRow, network: str, password: str, now: datetime) -> list[Action]:
    networks = rules.with_network(login.networks or {}, network, now)
    actions: list[Action] = [UsernameRow.last_sign_in_at.set(clock.to_text(now)), UsernameRow.networks.set(networks)]
    if passwords.needs_rehash(str(login.password_hash)):
        actions.append(UsernameRow.password_hash.set(passwords.hashed(password)))
    return actions


def _session_row(token: Token, login: UsernameRow, now: datetime) -> SessionRow:
    seconds = int(now.timestamp())
    ends, _ = _session_ends(login.username, seconds)
    return token.session_key.row(
        epoch=login.epoch, created_at=seconds, last_used_at=seconds, expires_at=int(ends.timestamp())
    )


def _session_ends(username: str, now: float) -> tuple[datetime, datetime]:
    return rules.session_ends(now, now, staff=rules.is_staff(username))


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
