"""Another login of somebody who is signed in: found by its password and code, and used once, in the same session."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from chalicelib import clock
from chalicelib.dynamo import Key, query
from chalicelib.errors import NotFound, invalid
from chalicelib.identity import passwords, rules, sessions, totp
from chalicelib.identity.model import Account, NewGrant
from chalicelib.identity.reach import grant_of, not_found
from chalicelib.identity.tables import FoundRow, GrantRow, UsernameRow
from chalicelib.identity.usecases import attempts, drop_down, grants, second_factor
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context

MOST_SHOWN = 100


class FindAccounts(msgspec.Struct, frozen=True):
    """Another login of one's own, with `totp` where two-factor is set up."""

    username: Annotated[str, Meta(max_length=256)]
    password: Annotated[str, Meta(max_length=1024)]
    totp: second_factor.Code | None = None


class FoundAccounts(msgspec.Struct, frozen=True):
    """The active provider accounts that a login reaches, at most 100. `find_token` joins some of them: once, until
    `expires_at`, and in this session alone."""

    find_token: str
    expires_at: str
    accounts: list[Account]


class Found(NamedTuple):
    """A login that was found, while it can be used. `accounts`: those asked for, as the caller will reach them; `new`:
    the login's grants to those which the caller does not reach yet."""

    key: Key[FoundRow]
    login: UsernameRow
    accounts: list[Account]
    new: list[GrantRow]


# --- Found --------------------------------------------------------------------------------------------------------


def find(ctx: Context, command: FindAccounts) -> FoundAccounts:
    """Prove that another login is one's own, too, and see which accounts it reaches.

    Raises NotFound (`account_not_found`), alike and after the same work for an unknown username, a wrong password, a
    wrong or missing code, and a login that can't sign in; TooManyRequests while caller or login is delayed; Invalid for
    one's own login.
    """
    if rules.fold(command.username) == ctx.actor.name:
        raise invalid(("username", "This is the login that you are signed in with. Its accounts are yours already."))
    return attempts.retrying(ctx, lambda: _try_find(ctx, command))


def _try_find(ctx: Context, command: FindAccounts) -> FoundAccounts:
    own, attempt = attempts.begin_find(ctx, command.username)
    login = attempt.login
    right = passwords.verify(login.password_hash if login else None, command.password)
    proof = _second_factor(ctx, login, command.totp)
    if not right or login is None or proof is None or not _may_sign_in(login):
        attempts.failed(ctx, own)
        attempts.failed(ctx, attempt)
        raise NotFound("No account was found with this username, password and code.", code="account_not_found")
    rows = query(GrantRow, UsernameRow.key(login.username).pk, GrantRow.PREFIX, limit=MOST_SHOWN)
    accounts = list(drop_down.named(ctx, rows))
    commit = Commit(ctx)
    attempts.kept(commit, own)
    attempts.succeeded(commit, attempt)
    as_proved = (UsernameRow.password_hash == login.password_hash) & (UsernameRow.epoch == login.epoch)
    as_proved &= proof.condition & (UsernameRow.status == "active")
    if proof.actions:
        commit.update(UsernameRow.key(login.username), proof.actions, as_proved, otherwise=attempts.Raced())
    else:
        commit.check(UsernameRow.key(login.username), as_proved, otherwise=attempts.Raced())
    ends = ctx.now + rules.FIND_LASTS
    key = FoundRow.key(ctx.actor.name, sessions.secret_hash(sessions.link_secret(commit.event_id)))
    row = key.row(found=login.username, epoch=login.epoch, session=ctx.actor.session, expires_at=int(ends.timestamp()))
    commit.put(row, otherwise=attempts.Raced())
    commit.record(Event("login.found", login.username), login.practice_id)
    token = sessions.link_token(login.username, commit.event_id)
    return commit.write(FoundAccounts(token, clock.to_text(ends), accounts))


def _second_factor(ctx: Context, login: UsernameRow | None, code: str | None) -> second_factor.Proof | None:
    """The proof of the second factor. A code that is sent costs one call to KMS, whoever's it is: what there is of a
    login can't be told from the time of the answer."""
    if code is not None and (login is None or login.totp_seed is None):
        totp.seal(totp.new_seed(), ctx.actor.practice_id, ctx.actor.name)
    return second_factor.prove(login, code, None, ctx.now) if login else None


def _may_sign_in(login: UsernameRow) -> bool:
    return login.status == "active" and not rules.left_with_nothing(login.roles or (), login.accounts)


# --- Used ---------------------------------------------------------------------------------------------------------


def opened(ctx: Context, token: str, provider_ids: Sequence[str]) -> Found:
    """The login that a token stands for, asked for these accounts. Three batched reads.

    Raises NotFound (`find_token_unknown`) for a token that is wrong, used, over, or of another session, or whose login
    has changed; for an account that is not active, or that the login does not reach.
    """
    username, secret_hash = sessions.parse_link(token)
    key = FoundRow.key(ctx.actor.name, secret_hash)
    found = ctx.find(key) if secret_hash else None
    if found is None or found.found != username or not _is_alive(found, ctx):
        raise _unknown_token()
    login_key = UsernameRow.key(username)
    ctx.rows.load(
        login_key, *(GrantRow.key(name, each) for each in provider_ids for name in (username, ctx.actor.name))
    )
    login = ctx.find(login_key)
    if login is None or login.epoch != found.epoch or not _may_sign_in(login):
        raise _unknown_token()
    theirs = [grant for each in provider_ids if (grant := grant_of(ctx, username, each))]
    own = [grant_of(ctx, ctx.actor.name, grant.provider_id) for grant in theirs]
    accounts = list(drop_down.named(ctx, [mine or grant for mine, grant in zip(own, theirs, strict=True)]))
    if len(accounts) < len(provider_ids):
        raise not_found()
    return Found(key, login, accounts, [grant for mine, grant in zip(own, theirs, strict=True) if mine is None])


def _is_alive(found: FoundRow, ctx: Context) -> bool:
    return found.session == ctx.actor.session and datetime.fromtimestamp(found.expires_at, UTC) > ctx.now


def _unknown_token() -> NotFound:
    return NotFound("Find the account again: this find_token does not hold any more.", code="find_token_unknown")


def join(commit: Commit, found: Found) -> None:
    """Add to the commit that the caller reaches the new accounts as the found login does, and not longer; with one
    event for each, in its practice's audit trail. The login is told by email, and the token is used up.

    Refused with NotFound when the login changed since it was found, or lost a grant, with what `grants.give` refuses.
    """
    name, login = commit.ctx.actor.name, found.login
    as_found = (UsernameRow.epoch == login.epoch) & (UsernameRow.status == "active")
    commit.check(UsernameRow.key(login.username), as_found, otherwise=_unknown_token())
    commit.delete(found.key, FoundRow.pk.exists(), otherwise=_unknown_token())
    told: tuple[Announcement, ...] = (Announcement("email", login.email),)
    for row in found.new:
        key = GrantRow.key(login.username, row.provider_id)
        commit.check(key, grants.as_read(row), otherwise=not_found())
        after = {"provider_id": row.provider_id, "privileges": row.privileges, "through": login.username}
        commit.record(Event("grant.joined", name, after=after, announce=told), row.practice_id)
        told = ()  # once for all of them
    wanted = (NewGrant(row.practice_id, row.provider_id, row.held(), row.due_at, login.username) for row in found.new)
    grants.give(commit, name, *wanted)
