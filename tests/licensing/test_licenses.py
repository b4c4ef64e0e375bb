"""GET /licenses, GET /license-agreement, POST /license-quotes, GET /license-orders."""

import hashlib

from chalicelib.identity.tables import PracticeRow
from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import order_body, placed
from tests.world import World


def test_a_new_practice_uses_its_trial_license(api: Api, cast: Cast) -> None:
    assert api.get("/licenses", cast.site_admin.token).json_body == {
        "physician": {"active": 1, "in_use": 1, "available": 0},
        "midlevel": {"active": 0, "in_use": 0, "available": 0},
        "billing_note": None,
        "pending_orders": [],
    }


def test_the_agreement_comes_with_its_version_and_hash(api: Api, cast: Cast) -> None:
    agreement = api.get("/license-agreement", cast.site_admin.token).json_body
    assert agreement["version"] == "2026-11"
    assert agreement["sha256"] == hashlib.sha256(agreement["text"].encode()).hexdigest()


def test_a_quote_is_the_price_and_the_deadline_and_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    quote = api.post("/license-quotes", {"physician": 2, "midlevel": 1}, cast.site_admin.token).json_body
    assert world.everything() == before
    assert quote == {
        "lines": [
            {"license_type": "physician", "quantity": 2, "unit_price_cents": 9900, "amount_cents": 19161},
            {"license_type": "midlevel", "quantity": 1, "unit_price_cents": 5900, "amount_cents": 5710},
        ],
        "total_cents": 24871,
        "currency": "USD",
        "period_start": "2026-07-01",
        "period_end": "2026-07-31",
        "days_left": 30,
        "days_in_period": 31,
        "cancel_until": "2026-07-08T03:59:59Z",
        "billing_note": None,
    }
    order = placed(api, cast, 2, 1)
    assert (order["total_cents"], order["cancel_until"]) == (quote["total_cents"], quote["cancel_until"])


def test_custom_billing_quotes_no_price_and_shows_the_note(api: Api, cast: Cast) -> None:
    PracticeRow.key(cast.site_admin.practice_id).row().update(actions=[PracticeRow.billing_note.set("custom billing")])
    quote = api.post("/license-quotes", {"physician": 1}, cast.site_admin.token).json_body
    assert (quote["total_cents"], quote["lines"][0]["unit_price_cents"], quote["billing_note"]) == (
        None,
        None,
        "custom billing",
    )
    assert placed(api, cast, 1, 0)["total_cents"] is None
    assert api.get("/licenses", cast.site_admin.token).json_body["billing_note"] == "custom billing"


def test_orders_are_listed_newest_first_page_by_page(api: Api, cast: Cast) -> None:
    made = [placed(api, cast, 1, 0)["id"] for _ in range(5)]
    seen: list[str] = []
    path = "/license-orders?limit=2"
    while path:
        page = api.get(path, cast.site_admin.token).json_body
        seen += [order["id"] for order in page["items"]]
        path = f"/license-orders?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert sorted(seen) == sorted(made)
    assert seen == sorted(made, reverse=True)


def test_another_practice_sees_none_of_it(api: Api, cast: Cast) -> None:
    order = placed(api, cast)
    assert api.get("/license-orders", cast.outsider.token).json_body["items"] == []
    assert api.get(f"/license-orders/{order['id']}", cast.outsider.token).status_code == 404
    assert api.get("/licenses", cast.outsider.token).json_body["pending_orders"] == []


def test_only_site_admins_see_licenses(api: Api, cast: Cast) -> None:
    for path in ("/licenses", "/license-agreement", "/license-orders"):
        assert api.get(path, cast.plain_user.token).status_code == 403
    assert api.post("/license-quotes", order_body(), cast.plain_user.token).status_code == 403
