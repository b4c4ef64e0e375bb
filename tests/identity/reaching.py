"""Shared by the tests of who reaches which account: accounts that end and come back, in commits of their own."""

from chalicelib import clock
from chalicelib.model import Actor, Event
from chalicelib.providers import rules
from chalicelib.providers.tables import ProviderRow
from chalicelib.providers.usecases import accounts
from chalicelib.store import Commit, Context


def ending(practice_id: str, provider_id: str, active: bool = False) -> Commit:
    """The commit, not written yet, that ends an account, or with `active` brings it back."""
    commit = Commit(Context(Actor("ada", practice_id), clock.now(), "test"))
    commit.record(Event("test.changed", provider_id))
    row = commit.ctx.find(ProviderRow.key(practice_id, provider_id))
    assert row is not None
    before = row.as_provider()
    accounts.replace(commit, practice_id, before, rules.changed(before, status="active" if active else "inactive"))
    return commit


def end(practice_id: str, provider_id: str) -> None:
    """End an account."""
    ending(practice_id, provider_id).write(None)


def bring_back(practice_id: str, provider_id: str) -> None:
    """Bring an account back."""
    ending(practice_id, provider_id, active=True).write(None)
