"""Buy, cancel, charge and relay, with every fault at every AWS call: after recovery nothing is lost or doubled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.events import EventRow
from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import TOO_LATE, order_body, placed
from tests.simulation.scheduler import FAULTS, Fault, Scheduler, Strike
from tests.world import World


@dataclass(frozen=True)
class Stage:
    """Where an operation takes place: the client repeats a request under one key until it is answered."""

    api: Api
    cast: Cast
    order_id: str

    def buy(self) -> Any:
        return self.api.post("/license-orders", order_body(), self.cast.site_admin.token, key="buy")

    def cancel(self) -> Any:
        path = f"/license-orders/{self.order_id}/cancel"
        return self.api.post(path, token=self.cast.site_admin.token, key="cancel")

    def charge(self) -> Any:
        with clock.frozen(TOO_LATE):
            return self.api.tick("charge_due_orders")

    def relay(self) -> Any:
        return self.api.tick("relay_events")


@dataclass(frozen=True)
class Operation:
    """What is struck, how many AWS calls it makes, and what Accounting must have been told in the end."""

    act: Callable[[Stage], Any]
    calls: int
    told: tuple[str, ...]


OPERATIONS = {
    "buy": Operation(Stage.buy, 2, ("placed", "placed")),
    "cancel": Operation(Stage.cancel, 2, ("placed", "cancelled")),
    # One query a shard, one commit.
    "charge": Operation(Stage.charge, 5, ("placed", "to be charged")),
    # One query a shard, two messages of sign-ups, three of the order, and three outbox entries cleared.
    "relay": Operation(Stage.relay, 12, ("placed",)),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_after_recovery_nothing_is_lost_and_nothing_doubled(
    api: Api, cast: Cast, world: World, name: str, fault: Fault
) -> None:
    operation, stage = OPERATIONS[name], Stage(api, cast, placed(api, cast)["id"])
    restore = world.saved()
    for call in range(1, operation.calls + 1):
        restore()
        scheduler = Scheduler(strikes=[Strike(fault, call)])
        (outcome,) = scheduler.run(lambda: operation.act(stage))
        assert outcome.error is None, (call, outcome)
        _recover(operation, stage, outcome.value)
        _check(operation, cast, world, f"{fault} at call {call}")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_call_of_the_operation_is_struck(api: Api, cast: Cast, name: str) -> None:
    stage = Stage(api, cast, placed(api, cast)["id"])
    (outcome,) = Scheduler().run(lambda: OPERATIONS[name].act(stage))
    assert len(outcome.calls) == OPERATIONS[name].calls, outcome.calls


def _recover(operation: Operation, stage: Stage, answer: Any) -> None:
    """What happens anyway: the client repeats what was not answered, EventBridge fires again."""
    if getattr(answer, "status_code", 503) >= 500:
        again = operation.act(stage)
        assert getattr(again, "status_code", 200) in (200, 201)
    assert getattr(answer, "status_code", 503) in (200, 201, 503)
    for minutes in (2, 4):  # what failed once is tried again after a pause
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            stage.relay()


def _check(operation: Operation, cast: Cast, world: World, case: str) -> None:
    world.check_invariants()
    told = {message.event_id: message for message in world.topic_messages("accounting")}
    words = sorted(message.subject.split(" ", 3)[3] for message in told.values())
    assert words == sorted(operation.told), case
    events = list(EventRow.query(cast.site_admin.practice_id, EventRow.sk.startswith("evt_")))
    assert not [event for event in events if event.due_shard], case
    order_events = [event for event in events if event.type.startswith("license_order.")]
    assert {event.sk for event in order_events} == set(told), case
    receipts = {mail.event_id for mail in world.emails() if "Receipt" in mail.subject}
    assert receipts == {event.sk for event in order_events if event.type == "license_order.placed"}, case
