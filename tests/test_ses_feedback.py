"""The Lambda `ses_feedback`: permanent bounces and complaints stop mail to their address, and only once."""

import json
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib import aws, clock
from chalicelib.dynamo import Rows
from chalicelib.mail import AddressRow, shown, stopped
from chalicelib.model import MailStopped
from tests.api import Api, LambdaContext, running_as
from tests.cast import Cast, sign_up_body
from tests.conftest import NOON
from tests.feedback import bounced, complained
from tests.world import World

KINDS = {"bounce": bounced, "complaint": complained}
OWNER = "owner.bob@clinic.example"
LATER = NOON + timedelta(minutes=5)


def handled(done: int = 0, skipped: int = 0, ignored: int = 0) -> dict[str, Any]:
    return {"handler": "ses_feedback", "done": done, "skipped": skipped, "ignored": ignored}


def allowed_again(address: str, at: str) -> None:
    """As the routes that allow it leave the row (they have tests of their own)."""
    AddressRow.key(address).row(allowed_at=at, expires_at=2**31).save()


@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_a_permanent_bounce_and_a_complaint_stop_mail_to_the_address(
    api: Api, world: World, at_noon: object, kind: str
) -> None:
    with clock.frozen(LATER):
        assert api.told(KINDS[kind]("Owner.Bob@Clinic.example")) == handled(done=1)
    assert stopped("OWNER.BOB@clinic.example") == kind
    assert shown(OWNER, "prc_1", Rows()) == MailStopped(kind, clock.to_text(LATER))
    (event,) = world.rows("EVENTS_TABLE")
    assert (event["pk"]["S"], event["type"]["S"], event["actor"]["S"]) == (
        "prc_1",
        "mail.stopped",
        "system:ses_feedback",
    )
    assert (event["subject"]["S"], event["request_id"]["S"]) == (OWNER, "message-1")
    assert json.loads(event["after"]["S"]) == {"reason": kind, "event_id": "evt_1"}


@pytest.mark.parametrize(
    "message",
    [
        bounced(OWNER, bounceType="Transient", bounceSubType="MailboxFull"),
        bounced(OWNER, bounceType="Undetermined"),
        complained(OWNER, complaintFeedbackType="not-spam"),
        bounced(OWNER, bouncedRecipients=[]),
        bounced(OWNER, bouncedRecipients=[{"emailAddress": "a.stranger@clinic.example"}]),
    ],
)
def test_what_is_no_reason_stops_nothing(api: Api, world: World, message: dict[str, Any]) -> None:
    before = world.everything()
    assert api.told(message) == handled(skipped=1)
    assert world.everything() == before


def without(message: dict[str, Any], *path: str) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(message))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copy


STRANGE: list[Any] = [
    {},
    [],
    None,
    "a text",
    without(bounced(OWNER), "eventType"),
    without(bounced(OWNER), "bounce"),
    without(bounced(OWNER), "bounce", "bounceType"),
    without(bounced(OWNER), "mail"),
    without(bounced(OWNER), "mail", "timestamp"),
    without(bounced(OWNER), "mail", "tags"),
    without(bounced(OWNER), "mail", "tags", "practice_id"),
    bounced(OWNER) | {"eventType": "Delivery"},
    bounced(OWNER) | {"eventType": "Complaint"},
    bounced(OWNER) | {"bounce": "Permanent"},
    bounced(OWNER, bouncedRecipients=[{"emailAddress": ""}]),
    bounced(OWNER, bouncedRecipients=[{"emailAddress": "a" * 330}]),
    bounced(OWNER, bouncedRecipients=OWNER),
    bounced(OWNER, sent="2026-07-02T16:01:00"),
    bounced(OWNER, sent="yesterday"),
    bounced(OWNER)
    | {"mail": bounced(OWNER)["mail"] | {"tags": {"event_id": ["evt_1"], "practice_id": ["prc_1#account"]}}},
    bounced(OWNER)
    | {"mail": bounced(OWNER)["mail"] | {"tags": {"event_id": ["evt_1"], "practice_id": ["prc_1", "prc_2"]}}},
]


@pytest.mark.parametrize("message", STRANGE)
def test_what_ses_would_not_say_is_ignored_and_counted(api: Api, world: World, message: Any) -> None:
    before = world.everything()
    assert api.told(message) == handled(ignored=1)
    assert world.everything() == before


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": None},
        {"Records": "x"},
        {"Records": [None]},
        {"Records": [{"Sns": {"MessageId": "1", "Message": json.dumps(bounced(OWNER))}}]},
        {"Records": [{"Sns": {"TopicArn": "", "MessageId": "", "Message": "{}"}}]},
    ],
)
def test_an_event_of_another_shape_is_ignored(world: World, event: dict[str, Any]) -> None:
    with running_as("ses_feedback"):
        assert app.ses_feedback(event, LambdaContext()) == handled(ignored=1)


def test_what_comes_over_another_topic_is_ignored(api: Api, world: World) -> None:
    assert api.told(bounced(OWNER), topic="SUPPORT_TOPIC") == handled(ignored=1)
    assert stopped(OWNER) is None


def test_a_bad_message_does_not_keep_the_others_back(world: World) -> None:
    records = [
        {"Sns": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:feedback", "MessageId": str(n), "Message": text}}
        for n, text in enumerate(["?", json.dumps(bounced(OWNER))])
    ]
    with running_as("ses_feedback"):
        assert app.ses_feedback({"Records": [None, *records]}, LambdaContext()) == handled(done=1, ignored=2)


def test_a_message_that_comes_again_changes_nothing(api: Api, world: World, at_noon: object) -> None:
    api.told(bounced(OWNER))
    before = world.everything()
    with clock.frozen(LATER):
        assert api.told(bounced(OWNER)) == handled(skipped=1)
        assert api.told(complained(OWNER), "message-2") == handled(skipped=1)
    assert world.everything() == before


def test_an_address_that_is_allowed_again_is_stopped_for_later_mail_alone(api: Api, world: World) -> None:
    allowed_again(OWNER, "2026-07-02T16:01:00Z")
    for sent in ("2026-07-02T16:00:59.999Z", "2026-07-02T16:01:00.000Z"):
        assert api.told(bounced(OWNER, sent=sent)) == handled(skipped=1)
    assert stopped(OWNER) is None
    assert api.told(bounced(OWNER, sent="2026-07-02T16:01:01.000Z")) == handled(done=1)
    assert stopped(OWNER) is not None


def test_the_relay_sends_nothing_there_any_more_and_keeps_nothing_back(api: Api, world: World) -> None:
    api.told(bounced(OWNER))
    for username in ("bob", "dia"):
        assert api.post("/sign-up", sign_up_body(username)).status_code == 201
    assert api.tick("relay_events")["done"] == 2
    assert [mail.to for mail in world.emails()] == ["owner.dia@clinic.example"]
    assert api.tick("relay_events")["done"] == 0


def test_a_mail_carries_what_ses_tells_of_it_with(api: Api, cast: Cast) -> None:
    sent: list[dict[str, Any]] = []

    def seen(params: dict[str, Any], **_: Any) -> None:
        sent.append(params)

    events = aws.client("sesv2").meta.events
    events.register("provide-client-params.sesv2.SendEmail", seen)
    api.tick("relay_events")
    events.unregister("provide-client-params.sesv2.SendEmail", seen)
    assert {each["ConfigurationSetName"] for each in sent} == {"practice-admin"}
    tags = [{tag["Name"]: tag["Value"] for tag in each["EmailTags"]} for each in sent]
    assert {each["practice_id"] for each in tags} == {cast.site_admin.practice_id, cast.outsider.practice_id}
    assert all(each["event_id"].startswith("evt_") for each in tags)
