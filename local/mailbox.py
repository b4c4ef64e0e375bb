"""The mailbox: every message that SNS and SES have delivered, read from the engine without taking it away."""

import http.client
import json
import re
from datetime import UTC, datetime
from html import escape
from string import Template
from typing import Any
from urllib.parse import urlsplit

import msgspec

from local.resources import CHANNELS, inbox

_REFERENCE = re.compile(r"^Reference: (evt_\w+)$", re.MULTILINE)
_LINK = re.compile(r"https?://(?:[^\s&]|&amp;)+")  # in escaped text


class Letter(msgspec.Struct, frozen=True):
    """One message. `to` is None for a topic's; `event_id` is that of the event it tells of."""

    channel: str
    to: str | None
    subject: str
    body: str
    event_id: str | None
    at: str


def letters(engine_url: str) -> list[Letter]:
    """All messages, newest first."""
    found = [*_from_queues(_peek(engine_url, "sqs")), *_from_mail(_peek(engine_url, "ses"))]
    # Each source gives its own in their order, and so they stay, turned round, among messages of one instant.
    return [letter for _, letter in sorted(found, key=lambda each: each[0])][::-1]


def _peek(engine_url: str, service: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(engine_url).netloc, timeout=10)
    try:
        connection.request("GET", f"/_ministack/{service}/messages")
        messages: dict[str, Any] = json.load(connection.getresponse())["messages"]
    finally:
        connection.close()
    return messages


def _from_queues(accounts: dict[str, Any]) -> list[tuple[float, Letter]]:
    # A queue's URL begins with the address at which the engine was when it was made; only the name is sure.
    channels = {inbox(channel): channel for channel in CHANNELS}
    queues = (queue for regions in accounts.values() for by_url in regions.values() for queue in by_url.items())
    found = []
    for url, messages in queues:
        channel = channels[url.rpartition("/")[2]]
        for message in messages:
            told = json.loads(message["Body"])
            at = int(message["Attributes"]["SentTimestamp"]) / 1000
            event_id = told.get("MessageAttributes", {}).get("event_id", {}).get("Value")
            found.append((at, Letter(channel, None, told["Subject"], told["Message"], event_id, _instant(at))))
    return found


def _from_mail(accounts: dict[str, Any]) -> list[tuple[float, Letter]]:
    found = []
    for mail in (mail for mails in accounts.values() for mail in mails):
        reference = _REFERENCE.search(mail["BodyText"])
        event_id = reference.group(1) if reference else None
        to, at = ", ".join(mail["To"]), mail["Timestamp"]
        found.append((at, Letter("email", to, mail["Subject"], mail["BodyText"], event_id, _instant(at))))
    return found


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page(items: list[Letter]) -> str:
    """The mailbox for people."""
    shown = "\n".join(_ARTICLE.substitute(_shown(letter)) for letter in items)
    return _PAGE.substitute(count=len(items), articles=shown or "<p>No message yet.</p>")


def _shown(letter: Letter) -> dict[str, str]:
    to = letter.to or {"accounting": "Accounting", "support": "Support"}[letter.channel]
    fields = {
        "channel": letter.channel,
        "to": to,
        "subject": letter.subject,
        "event_id": letter.event_id or "",
        "at": letter.at,
        "time": letter.at[:19].replace("T", " "),
    }
    shown = {name: escape(value) for name, value in fields.items()}
    linked = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(letter.body))
    return shown | {"body": linked}


_ARTICLE = Template("""<article class="$channel">
  <header><h2>$subject</h2><time datetime="$at">$time UTC</time></header>
  <p><b>$channel</b> to $to</p>
  <pre>$body</pre>
</article>""")

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Mailbox ($count)</title>
<style>
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
  article { border: 1px solid #8885; border-left: 4px solid #888; border-radius: 6px; padding: .75rem 1rem }
  article { margin: 1rem 0 }
  header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline }
  h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
  time, p { font-size: .85rem; opacity: .8; margin: .15rem 0 }
  pre { font: .85rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0 }
  .accounting { border-left-color: #0b7a4b }
  .support { border-left-color: #a15c00 }
  .email { border-left-color: #0b5cad }
</style>
</head>
<body>
<h1>Mailbox</h1>
<p>What SNS and SES have delivered, newest first: $count messages. This page looks again every 5 seconds.</p>
$articles
</body>
</html>
""")
