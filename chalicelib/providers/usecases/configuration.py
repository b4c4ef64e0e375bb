"""The personal configuration of a provider."""

from typing import Any

import msgspec

from chalicelib.dynamo import Key
from chalicelib.providers import rules
from chalicelib.providers.model import Configuration, SaveConfiguration
from chalicelib.providers.tables import ConfigurationRow
from chalicelib.providers.usecases import accounts
from chalicelib.providers.usecases.accounts import find
from chalicelib.store import Commit, Context, changed_meanwhile


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of an account with its configuration."""
    return [*accounts.rows(practice_id, provider_id), ConfigurationRow.key(practice_id, provider_id)]


def show(ctx: Context, provider_id: str) -> Configuration:
    """The configuration, or the defaults while none was saved. Raises NotFound for no account of the practice."""
    find(ctx, provider_id)
    row = ctx.find(_key(ctx, provider_id))
    return row.as_configuration() if row else Configuration()


def save(ctx: Context, provider_id: str, command: SaveConfiguration) -> Configuration:
    """Replace the configuration. Raises NotFound, Stale."""
    present = show(ctx, provider_id)
    ctx.require_version(present.version)
    saved = rules.configure(present, command, provider_id)
    if saved is None:
        return present
    after, event = saved
    row = _key(ctx, provider_id).row(configuration=msgspec.to_builtins(after), version=after.version)
    as_read = ConfigurationRow.version == present.version if present.version else None
    commit = Commit(ctx)
    commit.put(row, condition=as_read, otherwise=changed_meanwhile)
    commit.record(event)
    return commit.write(after)


def _key(ctx: Context, provider_id: str) -> Key[ConfigurationRow]:
    return ConfigurationRow.key(ctx.own_practice.id, provider_id)
