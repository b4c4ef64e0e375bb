"""Two-factor: proving it at sign-in, setting it up, turning it off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.errors import Conflict, Forbidden, NotSignedIn, invalid
from chalicelib.identity import totp
from chalicelib.identity.tables import SessionRow, UsernameRow
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context

Code = Annotated[str, Meta(max_length=40)]


@dataclass(frozen=True)
class Proof:
    """A second factor that holds: what its use changes, and the condition that uses it only once."""

    actions: list[Action]
    condition: Condition
    recovery_codes_left: int | None = None


def prove(login: UsernameRow, code: str | None, recovery_code: str | None, now: datetime) -> Proof | None:
    """The proof, or None for a wrong or used code. Raises NotSignedIn (`totp_required`) when a code is due."""
    if login.totp_seed is None:
        return Proof([], UsernameRow.totp_seed.does_not_exist())
    if recovery_code is not None:
        return _prove_recovery(login, recovery_code)
    if code is None:
        raise NotSignedIn("Send the present code of your authenticator as totp.", code="totp_required")
    step = totp.matching_step(totp.unseal(login.totp_seed, login.practice_id, login.username), code, now)
    if step is None or step <= (login.totp_last_step or 0):
        return None
    return Proof(
        [UsernameRow.totp_last_step.set(step)],
        (UsernameRow.totp_seed == login.totp_seed) & (UsernameRow.totp_last_step < step),
    )


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
    """Make a seed; it takes effect when `confirm_totp` has seen a code of it. Raises Forbidden without the proof."""
    login = _own_login(ctx)
    try:
        proof = prove(login, command.totp, command.recovery_code, ctx.now)
    except NotSignedIn as refusal:
        message = "Send totp: the present code of the authenticator to replace."
        raise Forbidden(message, code="totp_required") from refusal
    if proof is None:
        raise invalid(("totp", "This code is wrong or was used already."))
    seed = totp.new_seed()
    commit = Commit(ctx)
    commit.update(
        UsernameRow.key(login.username),
        [UsernameRow.totp_pending.set(totp.seal(seed, login.practice_id, login.username)), *proof.actions],
        UsernameRow.pk.exists() & proof.condition,
        otherwise=Conflict("Two-factor changed meanwhile. Try again."),
    )
    commit.record(Event("totp.started", login.username))
    return commit.write(TotpSecret(seed, uri := totp.uri(seed, login.username), totp.qr_svg(uri)))


def confirm_totp(ctx: Context, command: ConfirmTotp) -> RecoveryCodes:
    """Turn two-factor on; gives the recovery codes. All other sessions of the username end: none of them proved it.

    Raises Conflict when none was started, Invalid for a wrong code.
    """
    login = _own_login(ctx)
    pending = login.totp_pending
    if pending is None:
        raise Conflict("Start with POST /me/totp.", code="totp_not_started")
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
            UsernameRow.totp_pending.remove(),
            UsernameRow.totp_last_step.set(step),
            UsernameRow.recovery_codes.set({totp.recovery_hash(code) for code in codes}),
            UsernameRow.epoch.set(login.epoch + 1),
        ],
        (UsernameRow.totp_pending == pending) & (UsernameRow.epoch == login.epoch),
        otherwise=meanwhile,
    )
    commit.update(
        SessionRow.key(login.username, ctx.actor.session),
        [SessionRow.epoch.set(login.epoch + 1)],
        SessionRow.pk.exists(),
        otherwise=meanwhile,
    )
    commit.record(Event("totp.enrolled", login.username, announce=(Announcement("email", login.email),)))
    return commit.write(RecoveryCodes(codes))


def remove_totp(ctx: Context) -> None:
    """Turn two-factor off. Raises Forbidden for a site admin, Conflict when it is off."""
    if "site_admin" in ctx.actor.roles:
        raise Forbidden("A site admin can't turn two-factor off.", code="totp_mandatory")
    off = Conflict("Two-factor is off already.", code="totp_off")
    commit = Commit(ctx)
    commit.update(
        UsernameRow.key(ctx.actor.name),
        [
            UsernameRow.totp_seed.remove(),
            UsernameRow.totp_pending.remove(),
            UsernameRow.recovery_codes.remove(),
        ],
        UsernameRow.totp_seed.exists(),
        otherwise=off,
    )
    commit.record(Event("totp.removed", ctx.actor.name, announce=(Announcement("email", ctx.actor.email),)))
    commit.write(None)


def _own_login(ctx: Context) -> UsernameRow:
    login = ctx.find(UsernameRow.key(ctx.actor.name))
    if login is None:
        raise NotSignedIn()
    return login
