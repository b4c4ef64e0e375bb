"""Mail's pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows: to which addresses mail is stopped."""
    if sk == "mail":
        yield ("mail stopped", pk), int("reason" in row)


def _stopped(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("mail stopped", subject), 1


def _resumed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("mail stopped", subject), -1


def _changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("epoch", f"username#{subject}"), 1


TOLD = {"mail.stopped": _stopped, "mail.resumed": _resumed, "username.email_changed": _changed}
