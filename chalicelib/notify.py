"""Telling people: SNS topics for Accounting and Support, SES for everybody else.

Called by the relay alone, after the commit. Every message carries its event's id, which never changes, so that
whoever gets a copy again can drop it.
"""

from collections.abc import Callable
from typing import NamedTuple

from chalicelib import aws, config, mail, telemetry
from chalicelib.events import EventRow
from chalicelib.model import Announcement

TOPICS = {"accounting": "ACCOUNTING_TOPIC", "support": "SUPPORT_TOPIC"}
"""The setting that holds each department's topic."""


class Text(NamedTuple):
    """A message. `subject`: ASCII, one line, under 100 characters, with an id and nothing that a customer typed."""

    subject: str
    body: str


Renderer = Callable[[EventRow, Announcement], Text]


def lines(*pairs: tuple[str, object]) -> str:
    """The plain-text body of a message: one "Name: value" line for each pair that has a value."""
    return "\n".join(f"{name}: {value}" for name, value in pairs if value is not None)


def money(cents: int | None, currency: str) -> str:
    """An amount for people; custom billing has none."""
    return "custom billing" if cents is None else f"{cents // 100}.{cents % 100:02d} {currency}"


def publish(event: EventRow, announcement: Announcement, text: Text) -> None:
    """Send one message; none by email to an address that mail is stopped to. Raises botocore's and PynamoDB's errors;
    the caller keeps the event pending then."""
    if not (text.subject.isascii() and text.subject.isprintable() and 0 < len(text.subject) < 100):
        raise ValueError(f"SNS would refuse the subject of {event.type}")
    body = f"{text.body}\n\nReference: {event.sk}\nTime: {event.at}\n"
    if announcement.channel == "email":
        _email(announcement.to, text.subject, body, event)
        return
    aws.client("sns").publish(
        TopicArn=config.get(TOPICS[announcement.channel]),
        Subject=text.subject,
        Message=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in (("event", event.type), ("practice_id", event.pk), ("event_id", event.sk))
        },
    )


def _email(to: str, subject: str, body: str, event: EventRow) -> None:
    if stop := mail.stopped(to):
        telemetry.metric("mail_not_sent", 1, reason=stop.reason)
        return
    aws.client("sesv2").send_email(
        FromEmailAddress=config.get("MAIL_FROM"),
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": body}}}},
        # SES repeats them when it tells of a bounce.
        EmailTags=[{"Name": "event_id", "Value": event.sk}, {"Name": "practice_id", "Value": event.pk}],
        ConfigurationSetName=config.get("MAIL_EVENTS"),
    )
