"""Access to other accounts: joined by who has found a login that reaches them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.identity.model import Account
from chalicelib.identity.usecases import finding
from chalicelib.store import Commit, Context

MOST_JOINED = 19
"""Accounts of one join: each takes up to five of its transaction's 100 items, beside four for all of them."""
ProviderId = Annotated[str, Meta(min_length=1, max_length=64)]


class JoinAccounts(msgspec.Struct, frozen=True):
    """Which of the accounts that were found are to be joined."""

    find_token: Annotated[str, Meta(max_length=1024)]
    provider_ids: Annotated[list[ProviderId], Meta(min_length=1, max_length=MOST_JOINED)]


class JoinedAccounts(msgspec.Struct, frozen=True):
    """The accounts asked for, as one reaches them now."""

    accounts: list[Account]


def join(ctx: Context, command: JoinAccounts) -> JoinedAccounts:
    """Reach accounts as the found login does. One that is reached already stays as it is; if all are, nothing changes.

    Raises NotFound for a token that does not hold, or an account that the found login does not reach; TooManyUsernames.
    """
    found = finding.opened(ctx, command.find_token, list(dict.fromkeys(command.provider_ids)))
    joined = JoinedAccounts(found.accounts)
    if not found.new:
        return joined
    commit = Commit(ctx)
    finding.join(commit, found)
    return commit.write(joined)
