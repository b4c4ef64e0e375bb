"""The scheduled handler `relay_events`: what happens when a message can't be sent."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import clock, notify
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.licensing.orders import placed
from tests.world import World


@pytest.fixture
def _no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """SES refuses every address."""

    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "MessageRejected", "Message": "no"}}, "SendEmail")

    monkeypatch.setattr(notify, "_email", refuse)


@pytest.mark.usefixtures("_no_mail")
def test_a_refused_email_does_not_repeat_the_other_messages(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast)
    for minute in range(5):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            api.tick("relay_events")
    assert len(world.topic_messages("accounting")) == len(world.topic_messages("support")) == 1


@pytest.mark.usefixtures("_no_mail")
def test_it_is_tried_again_after_pauses_that_grow(api: Api, cast: Cast) -> None:
    tries = []
    for minute in range(16):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            tries.append(api.tick("relay_events")["failed"])
    waits = [minute for minute, failed in enumerate(tries) if failed]
    assert waits == [0, 1, 3, 7, 15]


def test_it_leaves_when_it_can(api: Api, cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = placed(api, cast)
    with monkeypatch.context() as broken:
        broken.setattr(notify, "_email", lambda *_: 1 / 0)
        assert api.tick("relay_events")["failed"] == 3  # two sign-ups and the receipt
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert api.tick("relay_events") == {
            "handler": "relay_events",
            "done": 3,
            "skipped": 0,
            "failed": 0,
            "unfinished": False,
        }
    assert any("Receipt" in mail.subject and order["id"] in mail.body for mail in world.emails())


def test_new_events_go_before_those_that_failed(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(notify, "_email", lambda *_: 1 / 0)
        api.tick("relay_events")
    sent: list[str] = []
    monkeypatch.setattr(notify, "publish", lambda event, *_: sent.append(event.type))
    placed(api, cast)
    with clock.frozen(NOON + timedelta(minutes=1)):
        api.tick("relay_events")
    ours = [name for name in sent if name != "practice.signed_up"]
    assert ours == ["license_order.placed"] * 3
    assert len(sent) == 5
