"""Claims and releases as another room makes them: inside a commit of its own."""

from chalicelib import clock
from chalicelib.licensing.model import LicenseOrder, LicenseType
from chalicelib.licensing.usecases import orders, pool
from chalicelib.model import Actor, Event, Practice
from chalicelib.store import Commit, Context
from tests.cast import Cast


def _commit(cast: Cast) -> Commit:
    actor = Actor(cast.site_admin.username, cast.site_admin.practice_id, "ada@clinic.example")
    practice = Practice(cast.site_admin.practice_id, "Elm Street Clinic", "America/Chicago", "standard")
    commit = Commit(Context(actor, clock.now(), "test", practice=practice))
    commit.record(Event("test.changed", "prv_test"))
    return commit


def claim_license(cast: Cast, provider_id: str, license_type: LicenseType) -> None:
    """A provider account takes a license."""
    commit = _commit(cast)
    pool.claim(commit, cast.site_admin.practice_id, provider_id, license_type)
    commit.write(None)


def release_license(cast: Cast, provider_id: str) -> None:
    """A provider account gives its license back."""
    commit = _commit(cast)
    pool.release(commit, pool.find_claim(commit.ctx, cast.site_admin.practice_id, provider_id))
    commit.write(None)


def change_license_type(cast: Cast, provider_id: str, new: LicenseType) -> None:
    """A provider account's license becomes one of another type."""
    commit = _commit(cast)
    pool.change_type(commit, pool.find_claim(commit.ctx, cast.site_admin.practice_id, provider_id), new)
    commit.write(None)


def buy_and_claim(cast: Cast, provider_id: str, license_type: LicenseType, accepted: bool = True) -> LicenseOrder:
    """The practice buys one license for a provider account, in one commit."""
    commit = _commit(cast)
    order = orders.buy_and_claim(commit, provider_id, license_type, orders.AGREEMENT_VERSION, accepted)
    commit.write(None)
    return order
