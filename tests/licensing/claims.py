"""Claims and releases as another room makes them: inside a commit of its own."""

from chalicelib import clock
from chalicelib.licensing.model import LicenseType
from chalicelib.licensing.usecases import pool
from chalicelib.model import Actor, Event
from chalicelib.store import Commit, Context
from tests.cast import Cast


def _commit(cast: Cast) -> Commit:
    actor = Actor(cast.site_admin.username, cast.site_admin.practice_id)
    commit = Commit(Context(actor, clock.now(), "test"))
    commit.record(Event("test.changed", "prv_test"))
    return commit


def claim_license(cast: Cast, provider_id: str, license_type: LicenseType) -> None:
    """A provider account takes a license."""
    commit = _commit(cast)
    pool.claim(commit, cast.site_admin.practice_id, provider_id, license_type)
    commit.write(None)


def release_license(cast: Cast, provider_id: str, license_type: LicenseType) -> None:
    """A provider account gives its license back."""
    commit = _commit(cast)
    pool.release(commit, cast.site_admin.practice_id, provider_id, license_type)
    commit.write(None)
