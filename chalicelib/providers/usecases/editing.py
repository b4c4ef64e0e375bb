"""Opening a provider account, and editing one: with its license, in one commit."""

from typing import Any

from chalicelib import ids
from chalicelib.dynamo import Key
from chalicelib.licensing.usecases import orders, pool
from chalicelib.providers import rules
from chalicelib.providers.model import CreateProvider, EditProvider, Provider
from chalicelib.providers.usecases import accounts
from chalicelib.providers.usecases.accounts import find, put_new, replace
from chalicelib.store import Commit, Context


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of an account that is edited."""
    return [*accounts.rows(practice_id, provider_id), pool.claim_key(practice_id, provider_id)]


def create(ctx: Context, command: CreateProvider) -> Provider:
    """Open an account; it takes a license that is available, or one that the practice buys with it.

    Raises NotEnoughAvailable with the price of a license; Invalid for a purchase without the accepted agreement.
    """
    practice_id = ctx.own_practice.id
    provider, event = rules.open_account(command, ids.new("prv", ctx.now))
    commit = Commit(ctx)
    commit.record(event)
    put_new(commit, practice_id, provider)
    if command.add_license:
        agreed = command.agreement_version, command.agreement_accepted
        orders.buy_and_claim(commit, provider.id, provider.license_type, *agreed)
    else:
        pool.claim(commit, practice_id, provider.id, provider.license_type)
    return commit.write(provider)


def edit(ctx: Context, provider_id: str, command: EditProvider) -> Provider:
    """Change an account. A credential of the other license type claims such a license before the present one is
    released. What changes nothing is answered with the account as it is.

    Raises NotFound, Stale, NotEnoughAvailable.
    """
    practice_id = ctx.own_practice.id
    before = find(ctx, provider_id)
    ctx.require_version(before.version)
    edited = rules.edit(before, command)
    if edited is None:
        return before
    after, event = edited
    commit = Commit(ctx)
    commit.record(event)
    replace(commit, practice_id, before, after)
    if after.status == "active" and after.license_type != before.license_type:
        pool.change_type(commit, pool.find_claim(ctx, practice_id, provider_id), after.license_type)
    return commit.write(after)
