"""Telling people: SNS topics for Accounting and Support, SES for everybody else.

Called by the relay alone, after the commit. Every message carries its event's id, which never changes, so that
whoever gets a copy again can drop it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from chalicelib import aws, config, local_days, mail, telemetry
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


def when(instant: str, zone: str = "") -> str:
    """An instant for people, in this time zone.

    >>> when("2026-07-08T03:59:59Z", "America/New_York"), when("2026-07-08T03:59:59Z")
    ('Tuesday, July 7, 2026, 11:59 PM EDT', 'Wednesday, July 8, 2026, 3:59 AM UTC')
    """
    local = local_days.local(instant, zone or "UTC")
    return f"{local:%A}, {local:%B} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M %p %Z}"


def typed(name: str) -> str:
    """A name that anybody may have typed, in a mail to anybody: mail programs make no link of it.

    >>> typed("St. Mary's, P.A."), typed("see evil.example")
    ("St. Mary's, P.A.", 'see evil. example')
    """
    return re.sub(r"\.(?=\w{2})", ". ", name)


def publish(event: EventRow, announcement: Announcement, text: Text) -> None:
    """Send one message; none by email to an address that mail is stopped to. Raises botocore's and PynamoDB's errors;
    the caller keeps the event pending then."""
    if not (text.subject.isascii() and text.subject.isprintable() and 0 < len(text.subject) < 100):
        raise ValueError(f"SNS would refuse the subject of {event.type}")
    time = when(event.at, announcement.zone) if announcement.channel == "email" else event.at
    body = f"{text.body}\n\nReference: {event.sk}\nTime: {time}\n"
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
    if reason := mail.stopped(to):
        telemetry.metric("mail_not_sent", 1, reason=reason)
        return
    aws.client("sesv2").send_email(
        FromEmailAddress=config.get("MAIL_FROM"),
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": body}}}},
        # SES repeats them when it tells of a bounce.
        EmailTags=[{"Name": "event_id", "Value": event.sk}, {"Name": "practice_id", "Value": event.pk}],
        ConfigurationSetName=config.get("MAIL_EVENTS"),
    )
