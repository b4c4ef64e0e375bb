"""What other rooms may ask of provider accounts."""

from chalicelib import clock, ids
from chalicelib.errors import Conflict
from chalicelib.licensing.model import Credential
from chalicelib.providers.tables import ProviderRow
from chalicelib.store import Commit


def open_account(
    commit: Commit, practice_id: str, *, first_name: str, last_name: str, credential: Credential, email: str
) -> str:
    """Add a new, active provider account to the commit and give its id.

    The same commit must claim its license (`licensing.usecases`): every active account holds exactly one.
    """
    provider_id = ids.new("prv", commit.ctx.now)
    row = ProviderRow.key(practice_id, provider_id).row(
        first_name=first_name,
        last_name=last_name,
        credential=credential,
        email=email,
        status="active",
        created_at=clock.to_text(commit.ctx.now),
    )
    commit.put(row, otherwise=Conflict("This provider account exists."))
    return provider_id
