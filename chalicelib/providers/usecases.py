"""What other rooms may ask of provider accounts."""

from chalicelib import clock, ids
from chalicelib.dynamo import query
from chalicelib.errors import Conflict
from chalicelib.licensing.model import Credential
from chalicelib.providers.tables import ProviderRow, RosterRow
from chalicelib.store import Commit


def open_account(
    commit: Commit, practice_id: str, *, first_name: str, last_name: str, credential: Credential, email: str
) -> str:
    """Add a new, active provider account to the commit and give its id.

    The same commit must claim its license (`licensing.usecases.pool`): every active account holds exactly one.
    """
    provider_id, at = ids.new("prv", commit.ctx.now), clock.to_text(commit.ctx.now)
    row = ProviderRow.key(practice_id, provider_id).row(
        first_name=first_name,
        last_name=last_name,
        credential=credential,
        email=email,
        status="active",
        created_at=at,
    )
    commit.put(row, otherwise=Conflict("This provider account exists."))
    line = RosterRow.key(practice_id, commit.event_id).row(
        at=at, provider_id=provider_id, credential=credential, active=True
    )
    commit.put(line, otherwise=Conflict("This roster line exists."))
    return provider_id


def active_now(practice_id: str) -> dict[str, str]:
    """The active provider accounts: credential by id."""
    rows = query(ProviderRow, practice_id, ProviderRow.PREFIX)
    return {row.sk.removeprefix(ProviderRow.PREFIX): row.credential for row in rows if row.status == "active"}


def active_until(practice_id: str, end: str) -> dict[str, str]:
    """Those that were active at the end of the second `end`: credential by id."""
    accounts: dict[str, str] = {}
    for line in query(RosterRow, practice_id, RosterRow.PREFIX):
        if line.at > end:
            break
        accounts.pop(line.provider_id, None)
        if line.active:
            accounts[line.provider_id] = line.credential
    return accounts
