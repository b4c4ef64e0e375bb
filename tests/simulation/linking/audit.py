"""Linking's pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """How often a grant's privileges were changed, logins that were found, invitations; that there is a grant,
    identity's pages show."""
    if sk.startswith("grant#"):
        yield ("grant changes", sk, pk), row["version"] - 1
    if sk.startswith("found#"):
        yield ("find", pk), 1
    if sk.startswith("invitation#") and "status" in row:  # to whom it shows is an invariant's
        yield (sk, pk, row["status"]), 1


def _changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("grant changes", f"grant#{parsed(row['after'])['provider_id']}", f"username#{subject}"), 1


def _taken(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    before = parsed(row["before"])
    sk = f"grant#{before['provider_id']}"
    yield (sk, f"username#{subject}"), -1
    yield ("grant changes", sk, f"username#{subject}"), 1 - before["version"]


def _joined(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield (f"grant#{parsed(row['after'])['provider_id']}", f"username#{subject}"), 1
    yield ("find", f"username#{subject}"), -1  # of one account


def _invitation(*changes: tuple[str, int]) -> Any:
    """What an event tells of an invitation that had, or gets, these statuses."""

    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        facts = parsed(row["after"]) or parsed(row["before"])
        for status, count in changes:
            yield (f"invitation#{subject}", pk, status or facts["status"]), count

    return tell


def _accepted(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield (f"grant#{parsed(row['after'])['provider_id']}", f"username#{row['actor']}"), 1
    yield from _invitation(("offered", -1))(pk, subject, row)


TOLD = {
    "invitation.made": _invitation(("", 1)),
    "invitation.approved": _invitation(("asked", -1), ("offered", 1)),
    "invitation.accepted": _accepted,
    "invitation.declined": _invitation(("", -1)),
    "invitation.withdrawn": _invitation(("", -1)),
    "grant.ended": _taken,
    "grant.changed": _changed,
    "grant.taken": _taken,
    "grant.joined": _joined,
    "login.found": lambda pk, subject, row: [(("find", f"username#{row['actor']}"), 1)],
}
