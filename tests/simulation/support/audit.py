"""Support's pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows: tickets in their versions and states, what was said on them, how long their history is."""
    kind, _, rest = sk.partition("#")
    number = rest[:9]
    if kind == "ticket":
        ticket = parsed(row["ticket"])
        yield ("ticket version", pk, number), row["version"]
        yield ("ticket status", pk, number, ticket["status"]), 1
    elif kind == "history":
        yield ("ticket history", pk, number), 1
    elif kind == "comment":
        yield ("ticket comment", pk, number), int(not sk.endswith("#body"))


def _changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    before, after = parsed(row["before"]), parsed(row["after"])
    number = f"{after['number']:09d}"
    yield ("ticket version", pk, number), 1
    yield ("ticket history", pk, number), 1
    yield ("ticket comment", pk, number), int("comment_id" in after)
    for status, count in ((before.get("status"), -1), (after.get("status"), 1)):
        if status:
            yield ("ticket status", pk, number, status), count


TOLD = {
    f"ticket.{what}": _changed
    for what in (
        "filed",
        "commented",
        "edited",
        "attached",
        "answered",
        "approved",
        "decided",
        "closed",
        "passed_on",
        "redacted",
        "sla_breached",
    )
}
