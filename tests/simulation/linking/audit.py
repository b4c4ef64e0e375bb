"""Linking's pages of the second book."""

import json
from typing import Any

from tests.simulation.audit import Facts


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """How often a grant's privileges were changed, and logins that were found; that there is a grant, identity's pages
    show."""
    if sk.startswith("grant#"):
        yield ("grant changes", sk, pk), row["version"] - 1
    if sk.startswith("found#"):
        yield ("find", pk), 1


def _changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("grant changes", f"grant#{json.loads(row['after'])['provider_id']}", f"username#{subject}"), 1


def _taken(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    before = json.loads(row["before"])
    sk = f"grant#{before['provider_id']}"
    yield (sk, f"username#{subject}"), -1
    yield ("grant changes", sk, f"username#{subject}"), 1 - before["version"]


def _joined(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield (f"grant#{json.loads(row['after'])['provider_id']}", f"username#{subject}"), 1
    yield ("find", f"username#{subject}"), -1  # of one account


TOLD = {
    "grant.changed": _changed,
    "grant.taken": _taken,
    "grant.joined": _joined,
    "login.found": lambda pk, subject, row: [(("find", f"username#{row['actor']}"), 1)],
}
