"""Shared by the tests of who reaches which account: accounts that end and come back, usernames that are let in,
each in a commit of its own."""

from chalicelib import clock
from chalicelib.errors import Problem
from chalicelib.identity.model import NewGrant
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import grants
from chalicelib.model import Actor, Event
from chalicelib.providers import rules
from chalicelib.providers.tables import ProviderRow
from chalicelib.providers.usecases import accounts
from chalicelib.store import Commit, Context
from tests.cast import Cast


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


def refusal(commit: Commit) -> Problem | None:
    """What the commit is refused with."""
    try:
        commit.write(None)
    except Problem as problem:
        return problem
    return None


def giving(cast: Cast, username: str) -> Commit:
    """The commit that lets a username reach our account."""
    practice_id = cast.site_admin.practice_id
    commit = Commit(Context(Actor("ada", practice_id), clock.now(), "test"))
    commit.record(Event("test.changed", cast.provider_id))
    grants.give(commit, username, NewGrant(practice_id, cast.provider_id, {"patients": "view"}))
    return commit


def add_username(practice_id: str, username: str) -> None:
    """A username of a practice, which waits for its first account."""
    UsernameRow.key(username).row(
        username=username,
        practice_id=practice_id,
        email=f"{username}@clinic.example",
        status="active",
        epoch=0,
        created_at=clock.to_text(clock.now()),
    ).save()
