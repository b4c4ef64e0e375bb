"""Provider accounts with all that stands and falls with them: directory, roster, caseload, who reaches them. Every
change of an account goes through `put_new` or `replace`, inside the commit of the use case that makes it."""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock, ids
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity.usecases import grants
from chalicelib.licensing.model import Credential
from chalicelib.providers import rules
from chalicelib.providers.model import CreateProvider, Provider
from chalicelib.providers.tables import CaseloadRow, ListingRow, ProviderRow, RosterRow
from chalicelib.store import Commit, Context, changed_meanwhile
from chalicelib.support.usecases import leaving


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of one account."""
    return [ProviderRow.key(practice_id, provider_id)]


def find(ctx: Context, provider_id: str) -> Provider:
    """One account of the practice. Raises NotFound, for another practice's too."""
    provider = lookup(ctx, provider_id)
    if provider is None:
        raise _not_found()
    return provider


def lookup(ctx: Context, provider_id: str) -> Provider | None:
    """The same, or None."""
    row = ctx.find(ProviderRow.key(ctx.own_practice.id, provider_id))
    return row.as_provider() if row else None


def _not_found() -> NotFound:
    return NotFound("Your practice has no such provider account.")


def put_new(commit: Commit, practice_id: str, provider: Provider, username: str | None = None) -> None:
    """Add a new account to the commit. The same commit claims its license: every active account holds exactly one.
    `username`, new in that commit too, reaches it."""
    there = Conflict("This provider account exists.")
    commit.put(ProviderRow.new(practice_id, provider, clock.to_text(commit.ctx.now)), otherwise=there)
    for listing in ListingRow.all_of(practice_id, provider).values():
        commit.put(listing, otherwise=there)
    commit.put(CaseloadRow.key(practice_id, provider.id).row(open=True), otherwise=there)
    grants.open_account(commit, practice_id, provider.id, username)
    _enrol(commit, practice_id, provider)


def replace(commit: Commit, practice_id: str, before: Provider, after: Provider) -> None:
    """Add to the commit that an account becomes its next version, in the directory too; where its status or credential
    changes, on the roster; where its status does, for all who reach it. Refused with `stale_version` when the account
    is not `before` any more."""
    actions, condition = ProviderRow.becomes(before, after)
    commit.update(ProviderRow.key(practice_id, before.id), actions, condition, otherwise=changed_meanwhile)
    _relist(commit, practice_id, before, after)
    if before.status != after.status:
        opens = CaseloadRow.open.set(after.status == "active")
        key = CaseloadRow.key(practice_id, before.id)
        commit.update(key, [opens], CaseloadRow.pk.exists(), otherwise=changed_meanwhile())
        reaching = grants.set_active(commit, practice_id, before.id, after.status == "active")
        if after.status == "inactive":
            leaving.look_after(commit, practice_id, reaching)
    if (before.status, before.credential) != (after.status, after.credential):
        _enrol(commit, practice_id, after)


def _relist(commit: Commit, practice_id: str, before: Provider, after: Provider) -> None:
    old, new = ListingRow.all_of(practice_id, before), ListingRow.all_of(practice_id, after)
    otherwise = changed_meanwhile()
    for key in old:
        if key not in new:
            commit.delete(key, ListingRow.pk.exists(), otherwise=otherwise)
    for key, row in new.items():
        commit.put(row, otherwise=otherwise, condition=ListingRow.pk.exists() if key in old else None)


def _enrol(commit: Commit, practice_id: str, provider: Provider) -> None:
    line = RosterRow.key(practice_id, commit.event_id).row(
        at=clock.to_text(commit.ctx.now),
        provider_id=provider.id,
        credential=provider.credential,
        active=provider.status == "active",
        version=provider.version,
    )
    commit.put(line, otherwise=Conflict("This roster line exists."))


# --- For other rooms ----------------------------------------------------------------------------------------------


def open_first(
    commit: Commit,
    practice_id: str,
    username: str,
    *,
    first_name: str,
    last_name: str,
    credential: Credential,
    email: str,
) -> str:
    """Add the first account of a practice that signs up to its commit, with its first username's grant to it. Gives the
    account's id."""
    command = CreateProvider(first_name, last_name, credential, email)
    provider, _ = rules.open_account(command, ids.new("prv", commit.ctx.now))
    put_new(commit, practice_id, provider, username)
    return provider.id


def keys(places: Iterable[tuple[str, str]]) -> list[Key[ProviderRow]]:
    """Where accounts stand, for a room that reads them ahead; `places` are (practice id, provider id)."""
    return [ProviderRow.key(*place) for place in places]


def names(ctx: Context, places: Iterable[tuple[str, str]], *besides: Key[Any]) -> dict[str, str]:
    """Names of accounts, by id. One batched read, in which the rows `besides` are read, too."""
    return {each.id: each.name for each in _found(ctx, keys(places), besides)}


def active(ctx: Context, places: Iterable[tuple[str, str]], *besides: Key[Any]) -> dict[str, Provider]:
    """Those accounts that are active, by id. One batched read, in which the rows `besides` are read, too."""
    return {each.id: each for each in _found(ctx, keys(places), besides) if each.status == "active"}


def _found(ctx: Context, wanted: list[Key[ProviderRow]], besides: Iterable[Key[Any]]) -> list[Provider]:
    ctx.rows.load(*wanted, *besides)
    return [row.as_provider() for row in map(ctx.find, wanted) if row is not None]


def active_now(practice_id: str) -> dict[str, str]:
    """The active provider accounts: credential by id. One query for each MB of them."""
    rows = query(ListingRow, practice_id, ListingRow.prefix("active", ""))
    return {provider.id: provider.credential for provider in (row.as_provider() for row in rows)}


def active_until(practice_id: str, end: str) -> dict[str, str]:
    """Those that were active at the end of the second `end`: credential by id."""
    last: dict[str, RosterRow] = {}
    for line in query(RosterRow, practice_id, RosterRow.PREFIX):
        if line.at > end:
            break
        before = last.get(line.provider_id)
        if before is None or before.version < line.version:
            last[line.provider_id] = line
    return {provider_id: line.credential for provider_id, line in last.items() if line.active}
