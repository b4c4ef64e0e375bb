"""Two-factor: proving it at sign-in, setting it up, turning it off."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.errors import Conflict, Forbidden, NotSignedIn, invalid
from chalicelib.identity import rules, sessions, totp
from chalicelib.identity.tables import SessionRow, UsernameRow
from chalicelib.identity.usecases import attempts
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context

Code = Annotated[str, Meta(max_length=40)]


class Proof(msgspec.Struct, frozen=True):
    """A second factor that holds: what its use changes, and the condition that uses it only once."""

    actions: list[Action]
    condition: Condition
    recovery_codes_left: int | None = None


def prove(login: UsernameRow, code: str | None, recovery_code: str | None, now: datetime) -> Proof | None:
    """The proof, or None for a missing, wrong or used code."""
    if login.totp_seed is None:
        return Proof([], UsernameRow.totp_seed.does_not_exist())
    if recovery_code is not None:
        return _prove_recovery(login, recovery_code)
    if code is None:
        return None
    step = totp.matching_step(totp.unseal(login.totp_seed, login.practice_id, login.username), code, now)
    if step is None or step <= (login.totp_last_step or 0):
        return None
    return Proof(
        [UsernameRow.totp_last_step.set(step)],
        (UsernameRow.totp_seed == login.totp_seed) & (UsernameRow.totp_last_step < step),
    )


def code_is_missing(login: UsernameRow, code: str | None, recovery_code: str | None) -> bool:
    """Whether a second factor is due and none was sent."""
    return login.totp_seed is not None and code is None and recovery_code is None


def _prove_recovery(login: UsernameRow, code: str) -> Proof | None:
    hashed, left = totp.recovery_hash(code), login.recovery_codes or set()
    if hashed not in left:
        return None
    return Proof(
        [UsernameRow.recovery_codes.delete({hashed})], UsernameRow.recovery_codes.contains(hashed), len(left) - 1
    )


class StartTotp(msgspec.Struct, frozen=True):
    """Setting up two-factor. Where it is set up already, `totp` or `recovery_code` proves the old one."""

    totp: Code | None = None
    recovery_code: Code | None = None


class TotpSecret(msgspec.Struct, frozen=True):
    """What an authenticator app needs; shown this once."""

    secret: str
    otpauth_uri: str
    qr_svg: str


class ConfirmTotp(msgspec.Struct, frozen=True):
    """The first code of the authenticator."""

    code: Code


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Ten codes, each good for one sign-in without the authenticator; shown this once."""

    recovery_codes: list[str]


def start_totp(ctx: Context, command: StartTotp) -> TotpSecret:
    """Make a seed for this session to confirm; until then nothing changes.

    Raises Forbidden without the proof that the old two-factor needs, Invalid for a wrong one (counted like a
    failed sign-in).
    """
    return attempts.retrying(ctx, lambda: _start_totp(ctx, command))


def _start_totp(ctx: Context, command: StartTotp) -> TotpSecret:
    login = _own_login(ctx)
    commit = Commit(ctx)
    if login.totp_seed is not None:
        _use_old_factor(ctx, commit, command)
    seed = totp.new_seed()
    commit.update(
        SessionRow.key(login.username, ctx.actor.session),
        [SessionRow.totp_pending.set(totp.seal(seed, login.practice_id, login.username))],
        SessionRow.epoch == login.epoch,
        otherwise=NotSignedIn("This session has ended. Sign in again."),
    )
    commit.record(Event("totp.started", login.username))
    return commit.write(TotpSecret(seed, uri := totp.uri(seed, login.username), totp.qr_svg(uri)))


def _use_old_factor(ctx: Context, commit: Commit, command: StartTotp) -> None:
    attempt = attempts.again(ctx, ctx.actor.name)
    login = _own_login(ctx)
    if code_is_missing(login, command.totp, command.recovery_code):
        raise Forbidden("Send totp: the present code of the authenticator to replace.", code="totp_required")
    proof = prove(login, command.totp, command.recovery_code, ctx.now)
    if proof is None:
        attempts.failed(ctx, attempt)
        sent = "totp" if command.recovery_code is None else "recovery_code"
        raise invalid((sent, "This code is wrong or was used already."))
    attempts.succeeded(commit, attempt)
    commit.update(UsernameRow.key(login.username), proof.actions, proof.condition, otherwise=attempts.Raced())


def confirm_totp(ctx: Context, command: ConfirmTotp) -> RecoveryCodes:
    """Turn two-factor on; gives the recovery codes. All other sessions of the username end: none of them proved it.

    Raises Conflict when none was started, Invalid for a wrong code.
    """
    login = _own_login(ctx)
    session = ctx.find(SessionRow.key(login.username, ctx.actor.session))
    pending = session.totp_pending if session else None
    if pending is None:
        raise Conflict("Start to set it up first.", code="totp_not_started")
    step = totp.matching_step(totp.unseal(pending, login.practice_id, login.username), command.code, ctx.now)
    if step is None:
        raise invalid(("code", "This is not the present code of the new secret."))
    codes = totp.new_recovery_codes()
    meanwhile = Conflict("Two-factor changed meanwhile. Start again.", code="totp_not_started")
    commit = Commit(ctx)
    commit.update(
        UsernameRow.key(login.username),
        [
            UsernameRow.totp_seed.set(pending),
            UsernameRow.totp_last_step.set(step),
            UsernameRow.recovery_codes.set({totp.recovery_hash(code) for code in codes}),
            UsernameRow.epoch.set(login.epoch + 1),
        ],
        (UsernameRow.epoch == login.epoch) & sessions.may_go_on(),
        otherwise=meanwhile,
    )
    commit.update(
        SessionRow.key(login.username, ctx.actor.session),
        [SessionRow.epoch.set(login.epoch + 1), SessionRow.totp_pending.remove()],
        SessionRow.totp_pending == pending,
        otherwise=meanwhile,
    )
    commit.record(Event("totp.enrolled", login.username, announce=(Announcement("email", login.email),)))
    return commit.write(RecoveryCodes(codes))


def remove_totp(ctx: Context) -> None:
    """Turn two-factor off. Raises Forbidden for a site admin, or in a session that proved itself too long ago (it may
    be in other hands by now); Conflict when it is off."""
    mandatory = Forbidden("A site admin can't turn two-factor off.", code="totp_mandatory")
    if "site_admin" in ctx.actor.roles:
        raise mandatory
    session = ctx.find(SessionRow.key(ctx.actor.name, ctx.actor.session))
    if session is None or not rules.is_fresh(session.created_at, ctx.now):
        raise Forbidden("Sign in again, and turn two-factor off right after.", code="sign_in_again")
    off = Conflict("Two-factor is off already.", code="totp_off")
    commit = Commit(ctx)
    commit.update(
        UsernameRow.key(ctx.actor.name),
        without_totp(),
        UsernameRow.totp_seed.exists() & ~UsernameRow.roles.contains("site_admin"),
        otherwise=lambda row: mandatory if row and row.totp_seed else off,
    )
    commit.record(Event("totp.removed", ctx.actor.name, announce=(Announcement("email", ctx.actor.email),)))
    commit.write(None)


def without_totp() -> list[Action]:
    """The update that turns two-factor off."""
    return [UsernameRow.totp_seed.remove(), UsernameRow.totp_last_step.remove(), UsernameRow.recovery_codes.remove()]


def _own_login(ctx: Context) -> UsernameRow:
    login = ctx.find(UsernameRow.key(ctx.actor.name))
    if login is None:
        raise NotSignedIn()
    return login
