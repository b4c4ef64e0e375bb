"""POST /license-orders/{id}/cancel: the cancel rule."""

from chalicelib import clock
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.licensing.claims import claim_license
from tests.licensing.orders import LAST_SECOND, TOO_LATE, placed
from tests.world import World


def test_takes_the_licenses_back_and_tells_accounting(api: Api, cast: Cast, world: World) -> None:
    order = placed(api, cast, physician=2, midlevel=1)
    answer = api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    assert (answer.status_code, answer.json_body["status"]) == (200, "cancelled")
    dashboard = api.get("/licenses", cast.site_admin.token).json_body
    assert dashboard["physician"] == {"active": 1, "in_use": 1, "available": 0}
    assert dashboard["pending_orders"] == []
    api.tick("relay_events")
    subjects = [message.subject for message in world.topic_messages("accounting")]
    assert subjects == [f"License order {order['id']} placed", f"License order {order['id']} cancelled"]
    (mail,) = [mail for mail in world.emails() if mail.subject == "Your license order is canceled"]
    assert (mail.to, order["id"] in mail.body) == ("ada@clinic.example", True)


def test_is_allowed_up_to_the_last_second_of_business_day_two(api: Api, cast: Cast) -> None:
    order = placed(api, cast)
    with clock.frozen(LAST_SECOND):
        token = _signed_in_again(cast)
        assert api.post(f"/license-orders/{order['id']}/cancel", token=token).status_code == 200


def test_is_refused_a_second_later(api: Api, cast: Cast, world: World) -> None:
    order = placed(api, cast)
    with clock.frozen(TOO_LATE):
        token = _signed_in_again(cast)
        before = world.everything()
        answer = api.post(f"/license-orders/{order['id']}/cancel", token=token)
        assert (answer.status_code, answer.json_body["code"]) == (409, "cancel_window_over")
        assert order["cancel_until"] in answer.json_body["detail"]
        assert world.everything() == before


def test_says_how_many_licenses_to_free_when_they_are_in_use(api: Api, cast: Cast, world: World) -> None:
    order = placed(api, cast, physician=2, midlevel=0)
    claim_license(cast, "prv_second", "physician")
    before = world.everything()
    answer = api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "licenses_in_use")
    assert answer.json_body["to_free"] == {"physician": 1, "midlevel": 0}
    assert "Deactivate 1 physician provider first." in answer.json_body["detail"]
    assert world.everything() == before


def test_happens_once(api: Api, cast: Cast) -> None:
    order = placed(api, cast)
    api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    answer = api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "order_not_pending")
    assert answer.json_body["order_status"] == "cancelled"


def test_a_repeat_under_the_same_key_answers_the_same(api: Api, cast: Cast) -> None:
    path = f"/license-orders/{placed(api, cast)['id']}/cancel"
    first = api.post(path, token=cast.site_admin.token, key="c-1")
    assert api.post(path, token=cast.site_admin.token, key="c-1").body == first.body


def test_the_key_of_one_orders_cancellation_cancels_no_other(api: Api, cast: Cast) -> None:
    first, second = placed(api, cast, 1, 0), placed(api, cast, 1, 0)
    api.post(f"/license-orders/{first['id']}/cancel", token=cast.site_admin.token, key="c-1")
    answer = api.post(f"/license-orders/{second['id']}/cancel", token=cast.site_admin.token, key="c-1")
    assert (answer.status_code, answer.json_body["code"]) == (422, "idempotency_key_reused")
    assert api.get(f"/license-orders/{second['id']}", cast.site_admin.token).json_body["status"] == "pending"


def test_another_practices_order_looks_like_a_missing_one(api: Api, cast: Cast) -> None:
    foreign = api.post(f"/license-orders/{placed(api, cast)['id']}/cancel", token=cast.outsider.token)
    missing = api.post("/license-orders/ord_nothing/cancel", token=cast.outsider.token)
    same = [{**answer.json_body, "request_id": ""} for answer in (foreign, missing)]
    assert foreign.status_code == missing.status_code == 404
    assert same[0] == same[1]


def _signed_in_again(cast: Cast) -> str:
    from tests.cast import new_session

    assert clock.now() > NOON
    return new_session(cast.site_admin.username, cast.site_admin.practice_id)
