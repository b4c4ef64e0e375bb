"""Addresses that mail is stopped to: SES said that one does not work, or that its owner called our mail spam.

A table of its own, so that the relay, which asks before each email, sees no more of the people than this.

| row     | pk          | sk   |
|---------|-------------|------|
| address | the address | mail |
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import clock, config
from chalicelib.dynamo import Key, Row, RowMeta, Rows, Table
from chalicelib.errors import Conflict
from chalicelib.model import MailStopped
from chalicelib.store import Commit

MAIL = Table("MAIL_TABLE", expires=True)
Reason = Literal["bounce", "complaint"]
REMEMBERED: Final = timedelta(days=30)
"""How long it is known that an address may be mailed again: longer than SES takes to tell of an older mail."""


class MailNotStopped(Conflict):
    """There is nothing to take back."""

    code, title = "mail_not_stopped", "Mail to this address is not stopped"


class MailStoppedElsewhere(Conflict):
    """Who has no more than somebody's address learns nothing of what became of others' mail, and changes nothing."""

    code, title = "mail_stopped_elsewhere", "A mail of another practice was why"


class AddressRow(Row):
    """An address that mail is stopped to (`reason`, `at`, and by whose mail), or is allowed to again, since
    `allowed_at`."""

    class Meta(RowMeta):
        table_name = config.get("MAIL_TABLE")

    reason = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    practice_id = UnicodeAttribute(null=True)
    allowed_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)

    @staticmethod
    def key(address: str) -> "Key[AddressRow]":
        # Whoever tells its case apart is told of mail to a neighbour of the same name; nobody does.
        return Key(AddressRow, address.lower(), "mail")


def stopped(address: str) -> Reason | None:
    """Why no mail goes to the address; None if it does."""
    row = Rows().find(AddressRow.key(address))
    return row and row.reason  # type: ignore[return-value]  # one of its words


def shown(address: str, practice_id: str, rows: Rows) -> MailStopped | None:
    """A stop as a practice sees it: why and since when, where it was for a mail of its own. None if mail goes there."""
    row = rows.find(AddressRow.key(address))
    if row is None or not row.reason:
        return None
    own = row.practice_id == practice_id
    return MailStopped(row.reason, row.at) if own else MailStopped(None, None)  # type: ignore[arg-type]  # as above


def stop(commit: Commit, address: str, reason: Reason, sent_at: datetime, *, otherwise: Conflict) -> None:
    """Stop mail to an address for what became of a mail of the acting practice that was sent at `sent_at`.

    Refused with `otherwise` where it is stopped already, or was allowed again after that mail had been sent.
    """
    sent = clock.to_text(sent_at)
    counts = AddressRow.allowed_at.exists() & (AddressRow.allowed_at < sent)
    practice_id = commit.ctx.actor.practice_id
    row = AddressRow.key(address).row(reason=reason, at=clock.to_text(commit.ctx.now), practice_id=practice_id)
    commit.put(row, condition=AddressRow.pk.does_not_exist() | counts, otherwise=otherwise)


def allow(commit: Commit, address: str) -> None:
    """Let mail go to the address again. Refused with MailNotStopped, and with MailStoppedElsewhere unless a mail of the
    acting practice was why."""
    now = commit.ctx.now
    row = AddressRow.key(address).row(allowed_at=clock.to_text(now), expires_at=int((now + REMEMBERED).timestamp()))
    own = AddressRow.practice_id == commit.ctx.actor.practice_id
    commit.put(row, condition=AddressRow.reason.exists() & own, otherwise=_not_allowed)


def _not_allowed(row: AddressRow | None) -> Conflict:
    if row is None or not row.reason:
        return MailNotStopped()
    return MailStoppedElsewhere("Another address can be set instead. If this one is right, ask Support.")
