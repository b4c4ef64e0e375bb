"""The audit trail as a second book: the facts that the tables show, and the facts that each event tells of.

What the tables gained in a simulation must be what its events tell.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.simulation.laboratory import Rows

Fact = tuple[str, ...]
Facts = Iterator[tuple[Fact, int]]


def facts(rows: Rows) -> "Counter[Fact]":
    """How often each fact is true."""
    return _counted(fact for (_, pk, sk), row in rows.items() for fact in _shown(pk, sk, row))


def told(rows: Rows) -> "Counter[Fact]":
    """What the events among the rows say has changed. Raises KeyError for an event that this book does not know."""
    return _counted(
        fact
        for (_, pk, sk), row in rows.items()
        if sk.startswith("evt_")
        for fact in _TOLD[row["type"]](pk, row["subject"], row)
    )


def _counted(found: Facts) -> "Counter[Fact]":
    counts: Counter[Fact] = Counter()
    for fact, count in found:
        counts[fact] += count
    return counts


def _shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    kind, _, name = sk.partition("#")
    if kind == "username":
        yield ("username", pk), 1
        yield ("epoch", pk), row["epoch"]
    elif kind == "practice":
        yield ("practice", pk), 1
        yield ("verified", pk), int("owner_verified_at" in row)
    elif kind == "order":
        yield ("order", pk, name, row["status"]), 1
    elif kind == "ledger":
        yield ("ledger", pk, row["kind"], row["subject"]), 1
    elif kind == "decrease":
        yield ("decrease", pk, name, row["status"]), 1
    elif kind == "total":
        yield ("report", pk), 1
    elif kind in ("session", "link", "provider", "claim", "roster"):
        yield (kind, pk), 1


def _of_login(changes: dict[str, int]) -> Any:
    return lambda pk, subject, row: (((kind, f"username#{subject}"), count) for kind, count in changes.items())


def _signed_up(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("username", f"username#{_value(row, 'username')}"), 1
    yield ("ledger", pk, "trial", _value(row, "provider_id")), 1
    for kind in ("practice", "link", "provider", "claim", "roster"):
        yield (kind, pk), 1


def _verified(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("verified", pk), 1
    yield ("link", pk), -1


def _user_created(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("username", f"username#{subject}"), 1
    yield ("link", f"username#{subject}"), int("link_until" in json.loads(row["after"]))


def _moved(kind: str, line: str, before: str, after: str) -> Any:
    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        if line:
            yield ("ledger", pk, line, subject), 1
        yield (kind, pk, subject, after), 1
        if before:
            yield (kind, pk, subject, before), -1

    return tell


def _claim(line: str, change: int) -> Any:
    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        yield ("ledger", pk, line, subject), 1
        yield ("claim", pk), change

    return tell


def _value(row: dict[str, Any], name: str) -> str:
    return str(json.loads(row["after"])[name])


_TOLD = {
    "practice.signed_up": _signed_up,
    "practice.owner_verified": _verified,
    "username.created": _user_created,
    "session.opened": _of_login({"session": 1}),
    "session.closed": _of_login({"session": -1}),
    "password.link_requested": _of_login({"link": 1}),
    "password.changed": _of_login({"epoch": 1}),
    "password.reset": _of_login({"epoch": 1, "link": -1}),
    "totp.started": _of_login({}),
    "totp.enrolled": _of_login({"epoch": 1}),
    "totp.removed": _of_login({}),
    "license_order.placed": _moved("order", "order", "", "pending"),
    "license_order.cancelled": _moved("order", "cancel", "pending", "cancelled"),
    "license_order.charged": _moved("order", "charge", "pending", "charged"),
    "license.claimed": _claim("claim", 1),
    "license.released": _claim("release", -1),
    "license.trial_ended": _claim("trial_end", -1),
    "license.type_changed": _claim("type_change", 0),
    "license_decrease.requested": _moved("decrease", "", "", "requested"),
    "license_decrease.approved": _moved("decrease", "", "requested", "approved"),
    "license_decrease.declined": _moved("decrease", "", "requested", "declined"),
    "license_decrease.applied": _moved("decrease", "decrease", "approved", "applied"),
    "practice.billing_note_set": _claim("terms", 0),
    "reconciliation.made": lambda pk, subject, row: [(("report", f"report#{subject}"), 1)],
}
