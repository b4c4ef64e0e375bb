"""What must hold of who manages provider accounts, whatever happened."""

import json

import msgspec

from chalicelib.identity.model import Held
from chalicelib.identity.rules import manages
from tests.simulation.history import History
from tests.simulation.laboratory import Rows


def _managed(rows: Rows) -> set[str]:
    """The accounts that an active username has full access to the profile of."""
    active = {pk for (_, pk, sk), row in rows.items() if sk == "username" and row["status"] == "active"}
    return {
        sk
        for (_, pk, sk), row in rows.items()
        if sk.startswith("grant#") and pk in active and manages(msgspec.convert(json.loads(row["privileges"]), Held))
    }


def an_account_that_is_managed_stays_managed(history: History) -> None:
    """No account loses its last active username with full access to its profile."""
    left = _managed(history.stage.before) - _managed(history.after)
    assert not left, f"nobody manages {left} any more"


INVARIANTS = (an_account_that_is_managed_stays_managed,)
