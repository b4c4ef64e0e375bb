"""The one commit path: what it refuses to do, what it retries, and how it knows what has happened."""

import pytest

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.events import EventRow
from chalicelib.licensing.tables import PoolRow
from chalicelib.model import Actor, Event
from chalicelib.store import ATTEMPTS, Commit, Context
from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import order_body
from tests.simulation.faults import Strike
from tests.simulation.scheduler import Scheduler
from tests.world import World


def commit() -> Commit:
    """An empty commit of somebody."""
    return Commit(Context(Actor("ada", "prc_1"), clock.now(), "request"))


def test_a_change_without_an_event_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="audit record"):
        commit().write(None)


def test_two_writes_on_one_item_are_refused() -> None:
    made = commit()
    made.put(PoolRow.key("prc_1").row(), otherwise=Conflict())
    with pytest.raises(ValueError, match="two writes on one item"):
        made.check(PoolRow.key("prc_1"), PoolRow.pk.exists(), otherwise=Conflict())


def test_each_change_of_a_commit_has_its_event(world: World, at_noon: object) -> None:
    made = commit()
    made.record(Event("first.changed", "one"))
    made.record(Event("second.changed", "two"))
    made.write(None)
    rows = list(EventRow.query("prc_1"))
    assert [(row.type, row.subject) for row in rows] == [("first.changed", "one"), ("second.changed", "two")]
    assert rows[0].sk == made.event_id


def test_the_first_condition_that_fails_names_the_refusal(world: World, at_noon: object) -> None:
    made = commit()
    made.check(PoolRow.key("prc_1"), PoolRow.pk.exists(), otherwise=lambda row: Conflict(f"found {row}"))
    made.record(Event("nothing.changed", "one"))
    with pytest.raises(Conflict, match="found None"):
        made.write(None)
    assert list(EventRow.query("prc_1")) == []


@pytest.mark.parametrize("fault", ["conflict", "throttled"])
def test_a_lost_race_is_run_again(api: Api, cast: Cast, fault: str) -> None:
    scheduler = Scheduler(strikes=[Strike(fault, call) for call in (2, 3)])  # type: ignore[arg-type]
    (outcome,) = scheduler.run(lambda: api.post("/license-orders", order_body(), cast.site_admin.token))
    assert outcome.value.status_code == 201
    assert [call.operation for call in outcome.calls] == ["BatchGetItem", *["TransactWriteItems"] * 3]


def test_a_race_that_is_lost_again_and_again_is_answered_503(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    scheduler = Scheduler(strikes=[Strike("conflict", call) for call in range(2, 2 + ATTEMPTS)])
    (outcome,) = scheduler.run(lambda: api.post("/license-orders", order_body(), cast.site_admin.token))
    assert (outcome.value.status_code, len(outcome.calls)) == (503, 1 + ATTEMPTS)
    assert world.everything() == before


def test_a_commit_that_is_sent_twice_happens_once(api: Api, cast: Cast) -> None:
    (outcome,) = Scheduler(strikes=[Strike("sent twice", 2)]).run(
        lambda: api.post("/license-orders", order_body(1, 0), cast.site_admin.token)
    )
    assert outcome.value.status_code == 201
    assert api.get("/licenses", cast.site_admin.token).json_body["physician"]["available"] == 1
