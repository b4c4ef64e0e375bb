"""What became of our emails, as SES tells it over SNS: permanent bounces and complaints stop mail to their address.

SNS delivers at least once, and a message says nothing that was not true before: an address that is stopped stays as it
is, and one that was allowed again is not stopped for a mail of before. So a repeat, however late, changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from chalicelib import config, mail, telemetry
from chalicelib.errors import Conflict
from chalicelib.mail import Reason
from chalicelib.model import Event
from chalicelib.store import Commit, system_context

HANDLER = "ses_feedback"
Address = Annotated[str, Meta(min_length=3, max_length=320)]
Tag = Annotated[list[Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$(?!\n)")]], Meta(min_length=1, max_length=1)]


class Handled(msgspec.Struct, frozen=True):
    """What one run did. `done`: addresses that mail is stopped to now; `skipped`: told before, or no reason to;
    `ignored`: messages that are not what SES sends of our mails."""

    handler: str
    done: int
    skipped: int
    ignored: int


class Stop(NamedTuple):
    """A reason to stop mail to an address: what became of the mail for the event `event_id`, sent at `sent_at`."""

    address: str
    reason: Reason
    practice_id: str
    event_id: str
    sent_at: datetime


class NotOurs(ValueError):
    """A message that SES did not send of one of our mails."""


# --- What SES says (Amazon SES, "Contents of event data") ----------------------------------------------------------


class _Sns(msgspec.Struct):
    id: Annotated[str, Meta(min_length=1, max_length=100)] = msgspec.field(name="MessageId")
    topic: str = msgspec.field(name="TopicArn")
    text: str = msgspec.field(name="Message")


class _Record(msgspec.Struct):
    sns: _Sns = msgspec.field(name="Sns")


class _Recipient(msgspec.Struct):
    email: Address = msgspec.field(name="emailAddress")


class _Bounce(msgspec.Struct):
    type: str = msgspec.field(name="bounceType")
    recipients: list[_Recipient] = msgspec.field(name="bouncedRecipients")


class _Complaint(msgspec.Struct):
    recipients: list[_Recipient] = msgspec.field(name="complainedRecipients")
    kind: str | None = msgspec.field(name="complaintFeedbackType", default=None)


class _Tags(msgspec.Struct):
    event_id: Tag
    practice_id: Tag


class _Mail(msgspec.Struct):
    timestamp: Annotated[datetime, Meta(tz=True)]
    destination: list[Address]
    tags: _Tags


class _Told(msgspec.Struct):
    event: str = msgspec.field(name="eventType")
    mail: _Mail
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None


def stops(message: str) -> list[Stop]:
    """The reasons in one message of SES; none where a mail is only late, or was called no spam. Pure.

    Raises NotOurs for everything that SES would not say of a mail of ours.
    """
    try:
        told = msgspec.json.decode(message, type=_Told)
    except (msgspec.DecodeError, RecursionError):
        raise NotOurs from None
    reason, recipients = _reason(told)
    sent_to = {address.lower() for address in told.mail.destination}
    return [
        Stop(address, reason, told.mail.tags.practice_id[0], told.mail.tags.event_id[0], told.mail.timestamp)
        for address in dict.fromkeys(each.email.lower() for each in recipients)
        if address in sent_to
    ]


def _reason(told: _Told) -> tuple[Literal["bounce", "complaint"], list[_Recipient]]:
    if told.event == "Bounce" and told.bounce:
        return "bounce", told.bounce.recipients if told.bounce.type == "Permanent" else []
    if told.event == "Complaint" and told.complaint:
        return "complaint", told.complaint.recipients if told.complaint.kind != "not-spam" else []
    raise NotOurs


# --- What is done of it -------------------------------------------------------------------------------------------


class _NoNews(Conflict):
    """Mail to the address is stopped already, or was allowed again since."""


def handle(event: dict[str, Any], now: datetime) -> Handled:
    """Stop mail for what an event of SNS tells. Raises PynamoDBException: Lambda then runs it again."""
    done = skipped = ignored = 0
    for message_id, message in _messages(event):
        try:
            reasons = stops(message)
        except NotOurs:
            ignored += 1
            continue
        stopped = sum(_stop(each, message_id, now) for each in reasons)
        done += stopped
        skipped += max(1, len(reasons)) - stopped
    telemetry.metric("feedback_ignored", ignored, handler=HANDLER)
    return Handled(HANDLER, done, skipped, ignored)


def _messages(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Id and text of each; what did not come over our topic has no text that could be SES's."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else [None]:
        try:
            sns = msgspec.convert(record, _Record).sns
        except msgspec.ValidationError:
            yield "", ""
        else:
            yield sns.id, sns.text if sns.topic == config.get("FEEDBACK_TOPIC") else ""


def _stop(reason: Stop, message_id: str, now: datetime) -> bool:
    commit = Commit(system_context(HANDLER, reason.practice_id, now, message_id))
    mail.stop(commit, reason.address, reason.reason, reason.sent_at, otherwise=_NoNews())
    facts = {"reason": reason.reason, "event_id": reason.event_id}
    commit.record(Event("mail.stopped", reason.address, after=facts))
    commit.count("mail_stopped", 1, reason=reason.reason)
    try:
        commit.write(None)
    except _NoNews:
        return False
    return True
