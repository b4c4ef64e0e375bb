"""Mail of the local system to SES's simulator: what the handler is told is what SES would tell."""

import json

import pytest

from chalicelib.feedback import Stop, stops
from local.simulator import told_of

TAGS = [{"Name": "event_id", "Value": "evt_1"}, {"Name": "practice_id", "Value": "prc_1"}]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("bounce@simulator.amazonses.com", "bounce"),
        ("Bounce+jo@simulator.amazonses.com", "bounce"),
        ("complaint@simulator.amazonses.com", "complaint"),
    ],
)
def test_its_addresses_bounce_or_complain(address: str, reason: str) -> None:
    event = told_of(address, TAGS)
    assert event is not None
    (stop,) = stops(event["Records"][0]["Sns"]["Message"])
    assert isinstance(stop, Stop)
    assert (stop.address, stop.reason, stop.practice_id) == (address.lower(), reason, "prc_1")


@pytest.mark.parametrize("address", ["bounce@clinic.example", "success@simulator.amazonses.com", "bounce", ""])
def test_all_other_mail_is_delivered(address: str) -> None:
    assert told_of(address, TAGS) is None


def test_it_names_the_topic_that_the_handler_listens_to() -> None:
    event = told_of("bounce@simulator.amazonses.com", TAGS)
    assert event is not None
    assert event["Records"][0]["Sns"]["TopicArn"].endswith(":feedback")
    assert json.loads(event["Records"][0]["Sns"]["Message"])["eventType"] == "Bounce"
