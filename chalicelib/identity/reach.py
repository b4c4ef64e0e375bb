"""From the provider account that a request names to the practice that it acts for. Here, and nowhere else, a request
crosses from one practice to another; every route with a section permit comes through here."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from chalicelib.auth import Permit
from chalicelib.dynamo import Key
from chalicelib.errors import Forbidden, NotFound
from chalicelib.identity import rules
from chalicelib.identity.sessions import Token
from chalicelib.identity.tables import AccountRow, GrantRow, PracticeRow
from chalicelib.model import Actor, Practice
from chalicelib.store import Context

RowsOf = Callable[[str], Iterable[Key[Any]]]


def keys(token: Token, provider_id: str) -> list[Key[Any]]:
    """What to read together with the session: the grant, and the account in case it is of the own practice."""
    return [GrantRow.key(token.username, provider_id), AccountRow.key(token.practice_id, provider_id)]


def grant_of(ctx: Context, username: str, provider_id: str) -> GrantRow | None:
    """The grant of a username to an account, as long as it has not ended."""
    grant = ctx.find(GrantRow.key(username, provider_id))
    return grant if grant is not None and grant.holds(ctx.now) else None


def enter(ctx: Context, provider_id: str, permit: Permit, rows_of: RowsOf) -> tuple[Actor, Practice]:
    """As whom and for which practice the request acts on the account.

    A site admin enters every account of the own practice, inactive ones too. All others need a grant: to another
    practice's account it leads into that practice, without any role there, and `rows_of(practice_id)` are then read in
    one call with its practice and account. Raises NotFound without a grant to an active account, the same whatever is
    there; Forbidden where the grant does not have the permit's privilege.
    """
    actor, practice = ctx.actor, ctx.own_practice
    if "site_admin" in actor.roles and ctx.find(AccountRow.key(practice.id, provider_id)):
        return actor, practice
    grant = grant_of(ctx, actor.name, provider_id)
    if grant is None:
        raise not_found()
    if grant.practice_id != practice.id:
        practice = _foreign(ctx, grant, rows_of)
        actor = replace(actor, practice_id=practice.id, roles=frozenset())
    account = ctx.find(AccountRow.key(practice.id, provider_id))
    if account is None or not account.active:
        raise not_found()
    if permit.section is not None and not rules.allows(grant.held(), permit.section, permit.privilege):
        wanted = f"{permit.privilege} access to {permit.section}"
        raise Forbidden(f"Your access to this account does not include {wanted}.", code="privilege_required")
    return actor, practice


def _foreign(ctx: Context, grant: GrantRow, rows_of: RowsOf) -> Practice:
    practice_id = grant.practice_id
    practice_key = PracticeRow.key(practice_id)
    ctx.rows.load(practice_key, AccountRow.key(practice_id, grant.provider_id), *rows_of(practice_id))
    row = ctx.find(practice_key)
    if row is None:
        raise not_found()
    return row.as_practice()


def not_found() -> NotFound:
    """The refusal of an account that is missing or out of reach."""
    return NotFound("There is no such provider account, or none that you reach.")
