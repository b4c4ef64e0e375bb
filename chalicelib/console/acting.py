"""The provider account that a page acts on: its address names it, and so does the top of the page."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from chalicelib.console import navigation
from chalicelib.dynamo import Key
from chalicelib.identity.usecases import accesses
from chalicelib.providers.usecases import accounts
from chalicelib.serving import Prefetch
from chalicelib.store import Context


class Place(NamedTuple):
    """A page of an account. `here`: it is this one, or one below it."""

    label: str
    path: str
    here: bool


class Acting(NamedTuple):
    """An account, whether it is one of the past, and what there is of it for who looks at it."""

    id: str
    name: str
    inactive: bool
    places: list[Place]


def with_account(path: str, prefetch: Prefetch | None) -> Prefetch | None:
    """What a page reads with the session; where its path names an account, that one's row, too."""
    if "{provider_id}" not in path:
        return prefetch

    def rows(practice_id: str, provider_id: str, **others: str) -> Iterable[Key[Any]]:
        yield from accounts.rows(practice_id, provider_id)
        if prefetch:
            yield from prefetch(practice_id, provider_id=provider_id, **others)

    return rows


def account(ctx: Context, path: str) -> Acting | None:
    """The account that the request has entered by the page of this path, if it is about one."""
    found = accounts.lookup(ctx, ctx.account) if ctx.account else None
    if found is None:
        return None
    held, here = accesses.held(ctx, found.id), navigation.entry_of(path)
    places = [
        Place(entry.label, entry.path.format(provider_id=found.id, file="diagnosis"), entry is here)
        for entry in navigation.ACCOUNT_ENTRIES
        if navigation.lets_in(entry, held)
    ]
    return Acting(found.id, found.name, found.status == "inactive", places)
