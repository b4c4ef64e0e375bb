"""The providers' pages of the second book."""

import json
from typing import Any

from tests.simulation.audit import Facts, value


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows of provider accounts: how many there are, and how often they were changed."""
    kind, _, _name = sk.partition("#")
    if kind in ("provider", "roster", "caseload"):
        yield (kind, pk.partition("#")[0]), 1
    if kind in ("provider", "configuration"):
        yield (f"{kind} version", pk), row["version"]
    if kind == "patient":
        practice_id, _, provider_id = pk.partition("#")
        yield ("patient", practice_id, provider_id), 1


def _created(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("ledger", pk, "claim", subject), 1
    for kind in ("provider", "provider version", "caseload", "claim", "roster", "account"):
        yield (kind, pk), 1


def _edited(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    after = json.loads(row["after"])
    yield ("provider version", pk), 1
    yield ("roster", pk), int("credential" in after)
    yield ("ledger", pk, "type_change", subject), int("license_type" in after)


def _registered(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("patient", pk, value(row, "provider_id")), 1


TOLD = {
    "provider.created": _created,
    "provider.edited": _edited,
    "patient.registered": _registered,
    "provider.configured": lambda pk, subject, row: [(("configuration version", pk), 1)],
}
