"""POST /license-orders."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.licensing.usecases.orders import agreement
from chalicelib.notify import when
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.licensing.orders import order_body, placed
from tests.world import World


def test_ordered_licenses_are_usable_at_once(api: Api, cast: Cast) -> None:
    order = placed(api, cast, physician=2, midlevel=1)
    dashboard = api.get("/licenses", cast.site_admin.token).json_body
    assert dashboard["physician"] == {"active": 3, "in_use": 1, "available": 2}
    assert dashboard["midlevel"] == {"active": 1, "in_use": 0, "available": 1}
    assert dashboard["pending_orders"] == [order]


def test_answers_the_order_with_its_frozen_deadline_and_price(api: Api, cast: Cast) -> None:
    answer = api.post("/license-orders", order_body(2, 1), cast.site_admin.token)
    order = answer.json_body
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/license-orders/{order['id']}"
    assert order["cancel_until"] == "2026-07-08T03:59:59Z"
    # 30 of July's 31 days: 9900 x 2 x 30/31 = 19161.29, 5900 x 30/31 = 5709.68
    assert [line["amount_cents"] for line in order["lines"]] == [19161, 5710]
    assert order["total_cents"] == 24871
    assert (order["currency"], order["status"], order["ordered_by"]) == ("USD", "pending", "ada")


def test_stores_what_was_agreed_to_by_whom_when_and_from_where(api: Api, cast: Cast, world: World) -> None:
    order = placed(api, cast)
    (row,) = [row for row in world.rows("LICENSING_TABLE") if row["sk"]["S"] == f"order#{order['id']}"]
    assert row["agreement_sha256"]["S"] == agreement().sha256
    assert row["source_ip"]["S"] == "127.0.0.1"
    assert (order["agreement_version"], order["ordered_by"], order["ordered_at"]) == (
        agreement().version,
        "ada",
        clock.to_text(NOON),
    )


def test_tells_accounting_support_and_the_buyer_once_each(api: Api, cast: Cast, world: World) -> None:
    before = len(world.emails())
    order = placed(api, cast)
    api.tick("relay_events")
    api.tick("relay_events")
    (accounting,) = world.topic_messages("accounting")
    (support,) = world.topic_messages("support")
    receipts = [mail for mail in world.emails()[before:] if "Receipt" in mail.subject]
    assert accounting.subject == support.subject == f"License order {order['id']} placed"
    assert "Amount: 248.71 USD" in accounting.body
    assert [(mail.to, when(order["cancel_until"], "America/Chicago") in mail.body) for mail in receipts] == [
        ("ada@clinic.example", True)
    ]
    assert {accounting.event_id, support.event_id} == {receipts[0].event_id}


def test_the_same_key_and_body_make_one_order(api: Api, cast: Cast) -> None:
    first = api.post("/license-orders", order_body(), cast.site_admin.token, key="k-1")
    second = api.post("/license-orders", order_body(), cast.site_admin.token, key="k-1")
    assert (second.status_code, second.body, second.headers["Location"]) == (
        first.status_code,
        first.body,
        first.headers["Location"],
    )
    assert len(api.get("/license-orders", cast.site_admin.token).json_body["items"]) == 1


def test_the_same_key_with_another_body_is_refused(api: Api, cast: Cast) -> None:
    api.post("/license-orders", order_body(1, 0), cast.site_admin.token, key="k-1")
    answer = api.post("/license-orders", order_body(2, 0), cast.site_admin.token, key="k-1")
    assert (answer.status_code, answer.json_body["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_forgotten_after_a_day_and_belongs_to_one_username(api: Api, cast: Cast) -> None:
    placed_once = api.post("/license-orders", order_body(1, 0), cast.site_admin.token, key="k-1").json_body
    other = api.post("/license-orders", order_body(1, 0), cast.outsider.token, key="k-1").json_body
    assert other["id"] != placed_once["id"]


def test_without_a_key_each_post_is_an_order(api: Api, cast: Cast) -> None:
    assert placed(api, cast)["id"] != placed(api, cast)["id"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"physician": 0, "midlevel": 0}, ["physician", "midlevel"]),
        ({"physician": 100, "midlevel": 1}, ["physician", "midlevel"]),
        ({"agreement_version": "2019-01"}, ["agreement_version"]),
        ({"agreement_accepted": False}, ["agreement_accepted"]),
        ({"physician": 0, "midlevel": 0, "agreement_accepted": False}, ["physician", "midlevel", "agreement_accepted"]),
    ],
)
def test_refuses_and_changes_nothing(
    api: Api, cast: Cast, world: World, change: dict[str, Any], fields: list[str]
) -> None:
    before = world.everything()
    answer = api.post("/license-orders", order_body() | change, cast.site_admin.token)
    assert (answer.status_code, [error["field"] for error in answer.json_body["errors"]]) == (422, fields)
    assert world.everything() == before


def test_only_site_admins_order(api: Api, cast: Cast) -> None:
    for person in (cast.support_user, cast.plain_user):
        assert api.post("/license-orders", order_body(), person.token).status_code == 403
    assert api.post("/license-orders", order_body()).status_code == 401
