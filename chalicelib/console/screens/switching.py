"""The provider drop-down on every page: the accounts that one reaches, each a way to the same kind of page there."""

import re
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from chalicelib.auth import SIGNED_IN
from chalicelib.console.navigation import ACCOUNT_ENTRIES, Entry, lets_in
from chalicelib.console.pages import page
from chalicelib.console.screens.sharing import ACCOUNT
from chalicelib.identity import rules
from chalicelib.identity.model import Account, AccountQuery
from chalicelib.identity.usecases import drop_down
from chalicelib.providers.model import Provider, ProviderQuery
from chalicelib.providers.usecases import directory
from chalicelib.store import Context

MOST_OWN = 50
"""Accounts of the own practice that a site admin is shown at once; a search finds the others."""

_KINDS = sorted(ACCOUNT_ENTRIES, key=lambda entry: len(entry.path), reverse=True)


class Switching(AccountQuery, frozen=True, forbid_unknown_fields=True):
    """A search among the accounts. `on`: the page one comes from."""

    on: Annotated[str, Meta(max_length=1000)] = ""


class Way(NamedTuple):
    """An account, and where one goes on there. `here`: one is there."""

    name: str
    practice: str
    to: str
    here: bool


@page("/console/accounts", permit=SIGNED_IN, template="accounts.html")
def choose_account(ctx: Context, query: Switching) -> dict[str, Any]:
    """The active accounts: a site admin's own practice's, and those that one's grants reach."""
    kind, named = _kind(query.on)
    own = _own_accounts(ctx, query.q) if query.cursor is None else []
    others = drop_down.list_accounts(ctx, query, besides_own=True)
    ways = [_way(each, kind, named) for each in (*own, *others.items)]
    return {"ways": ways, "found": others, "query": query, "more_own": len(own) == MOST_OWN}


def _own_accounts(ctx: Context, wanted: str) -> list[Account]:
    """The first active accounts of the practice, for its site admins; or of those that a search finds. One query."""
    if "site_admin" not in ctx.actor.roles:
        return []
    return as_reached(
        ctx, directory.list_providers(ctx, ProviderQuery(q=wanted, status="active", limit=MOST_OWN)).items
    )


def as_reached(ctx: Context, found: list[Provider]) -> list[Account]:
    """Accounts of the practice as a site admin reaches them, who needs no grant."""
    everything = rules.privileges_of(rules.FULL_EVERYWHERE)
    return [Account(each.id, ctx.own_practice.name, each.listed_name, everything) for each in found]


def _kind(on: str) -> tuple[Entry | None, dict[str, str]]:
    """What somebody looks at there, as far as another account has the like, and what the address names."""
    for entry in _KINDS:
        path = re.sub(r"{(\w+)}", r"(?P<\1>[\\w-]+)", entry.path)
        if found := re.match(rf"{path}(/|$)", on):
            return entry, found.groupdict()
    return None, {}


def _way(account: Account, kind: Entry | None, named: dict[str, str]) -> Way:
    same = kind is not None and lets_in(kind, rules.held(account.privileges))
    to = (kind.path if kind and same else ACCOUNT).format_map({**named, "provider_id": account.provider_id})
    return Way(account.provider_name, account.practice_name, to, named.get("provider_id") == account.provider_id)
