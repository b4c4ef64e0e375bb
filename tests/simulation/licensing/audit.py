"""Licensing's pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts, value


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows of licenses, orders and reports."""
    kind, _, name = sk.partition("#")
    if kind == "order":
        yield ("order", pk, name, row["status"]), 1
    elif kind == "ledger":
        yield ("ledger", pk, row["kind"], row["subject"]), 1
    elif kind == "decrease":
        yield ("decrease", pk, name, row["status"]), 1
    elif kind == "total":
        yield ("report", pk), 1
    elif kind == "claim":
        yield (kind, pk), 1


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


def _noted(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("ledger", pk, "terms", subject), 1
    yield ("practice version", pk), 1


def _trial_ended(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    if value(row, "becomes") == "bought":  # otherwise the account's end tells it
        yield ("ledger", pk, "trial_end", subject), 1
        yield ("ledger", pk, "claim", subject), 1


TOLD = {
    "trial.ending": lambda pk, subject, row: [],
    "trial.ended": _trial_ended,
    **dict.fromkeys(("trial.removal_ahead", "trial.removal_done", "trial.data_kept"), lambda pk, subject, row: []),
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
    "practice.billing_note_set": _noted,
    "reconciliation.made": lambda pk, subject, row: [(("report", f"report#{subject}"), 1)],
}
