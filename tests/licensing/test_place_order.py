"""POST /license-orders."""

from tests.api import Api
from tests.cast import Cast
from tests.world import World


def order_body(physician: int = 2, midlevel: int = 1) -> dict[str, object]:
    return {"physician": physician, "midlevel": midlevel, "agreement_version": "2026-11", "agreement_accepted": True}


def test_ordered_licenses_are_usable_at_once(api: Api, cast: Cast) -> None:
    answer = api.post("/license-orders", order_body(), cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    dashboard = api.get("/licenses", cast.site_admin.token).json_body
    assert dashboard["physician"] == {"active": 3, "in_use": 1, "available": 2}
    assert dashboard["midlevel"] == {"active": 1, "in_use": 0, "available": 1}
    assert [order["id"] for order in dashboard["pending_orders"]] == [answer.json_body["id"]]
    print(answer.json_body, answer.headers)


def test_tells_accounting_support_and_the_buyer(api: Api, cast: Cast, world: World) -> None:
    order = api.post("/license-orders", order_body(), cast.site_admin.token).json_body
    print(api.tick("relay_events"))
    (accounting,) = world.topic_messages("accounting")
    (support,) = world.topic_messages("support")
    assert accounting.subject == support.subject == f"License order {order['id']} placed"
    assert "296" in accounting.body or accounting.body
    print(accounting.body)
    print(world.emails())
