"""The scheduled handler `charge_due_orders`."""

from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.dynamo import due_shards
from chalicelib.licensing.tables import OrderRow
from tests.api import Api
from tests.cast import Cast, new_session
from tests.licensing.orders import LAST_SECOND, TOO_LATE, placed
from tests.world import World


def test_charges_an_order_once_its_window_is_over_and_tells_accounting(api: Api, cast: Cast, world: World) -> None:
    order = placed(api, cast)
    with clock.frozen(TOO_LATE):
        assert api.tick("charge_due_orders")["done"] == 1
        api.tick("relay_events")
        token = new_session("ada", cast.site_admin.practice_id)
        charged = api.get(f"/license-orders/{order['id']}", token).json_body
    assert (charged["status"], charged["settled_at"]) == ("charged", clock.to_text(TOO_LATE))
    subjects = [message.subject for message in world.topic_messages("accounting")]
    assert subjects[-1] == f"License order {order['id']} to be charged"


def test_leaves_an_order_alone_in_the_last_second_of_its_window(api: Api, cast: Cast) -> None:
    placed(api, cast)
    with clock.frozen(LAST_SECOND):
        assert api.tick("charge_due_orders") == {
            "handler": "charge_due_orders",
            "done": 0,
            "skipped": 0,
            "failed": 0,
            "unfinished": False,
        }


def test_charges_once_however_often_it_runs(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast)
    with clock.frozen(TOO_LATE + timedelta(days=40)):
        done = [api.tick("charge_due_orders")["done"] for _ in range(3)]
        api.tick("relay_events")
    assert done == [1, 0, 0]
    assert sum("to be charged" in message.subject for message in world.topic_messages("accounting")) == 1


def test_never_charges_a_cancelled_order(api: Api, cast: Cast) -> None:
    order = placed(api, cast)
    api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    with clock.frozen(TOO_LATE):
        assert api.tick("charge_due_orders")["done"] == 0


def test_a_charged_order_is_never_cancelled(api: Api, cast: Cast) -> None:
    order = placed(api, cast)
    with clock.frozen(TOO_LATE):
        api.tick("charge_due_orders")
        token = new_session("ada", cast.site_admin.practice_id)
        answer = api.post(f"/license-orders/{order['id']}/cancel", token=token)
    assert (answer.status_code, answer.json_body["order_status"]) == (409, "charged")


def test_skips_what_the_index_still_shows_but_was_settled(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(api, cast)
    stale = list(OrderRow.scan(OrderRow.sk.startswith("order#")))
    with clock.frozen(TOO_LATE):
        api.tick("charge_due_orders")
        monkeypatch.setattr("chalicelib.due.rows_due", lambda *_: iter(stale))
        report = api.tick("charge_due_orders")
    assert (report["done"], report["skipped"]) == (0, len(due_shards("charge")))


def test_one_bad_order_does_not_hold_up_the_others(api: Api, cast: Cast) -> None:
    bad, good = placed(api, cast), placed(api, cast)
    key = OrderRow.key(cast.site_admin.practice_id, bad["id"])
    key.row().update(actions=[OrderRow.order.set({"garbage": True})])
    with clock.frozen(TOO_LATE):
        report = api.tick("charge_due_orders")
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.get(f"/license-orders/{good['id']}", token).json_body["status"] == "charged"
    assert (report["done"], report["failed"]) == (1, 1)
    key.row().update(actions=[OrderRow.order.set({**bad, "status": "pending"})])


def test_stops_ahead_of_its_deadline_and_the_next_run_goes_on(api: Api, cast: Cast) -> None:
    placed(api, cast)
    with clock.frozen(TOO_LATE):
        assert api.tick("charge_due_orders", milliseconds_left=4_000) == {
            "handler": "charge_due_orders",
            "done": 0,
            "skipped": 0,
            "failed": 0,
            "unfinished": True,
        }
        assert api.tick("charge_due_orders")["done"] == 1
