"""POST /providers."""

from typing import Any

import pytest

from chalicelib.licensing.model import Counts, Pool
from tests.api import Api
from tests.cast import Cast, provider_body
from tests.licensing.orders import placed
from tests.providers.steps import AGREED, check_directory, licensed
from tests.staff.people import set_note
from tests.world import World


def test_opens_an_account_that_takes_an_available_license(api: Api, cast: Cast, world: World) -> None:
    licensed(api, cast)
    answer = api.post("/providers", provider_body(npi="1234567893"), cast.site_admin.token)
    assert answer.status_code == 201
    provider = answer.json_body
    assert provider == {
        "id": provider["id"],
        "first_name": "Ann",
        "last_name": "Johnson",
        "credential": "MD",
        "license_type": "physician",
        "billing_role": "provider",
        "access_type": "full",
        "status": "active",
        "email": "ann.johnson@clinic.example",
        "npi": "1234567893",
        "scheduled_deactivation": None,
        "image_id": None,
        "version": 1,
    }
    assert answer.headers["Location"] == f"/providers/{provider['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert api.get(f"/providers/{provider['id']}", cast.site_admin.token).json_body == provider
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=2))
    check_directory()


@pytest.mark.parametrize("credential", ["MD", "DO", "CRNA", "PA", "NP"])
def test_the_credential_decides_the_type_of_the_license(api: Api, cast: Cast, world: World, credential: str) -> None:
    licensed(api, cast, 1, 1)
    body = provider_body(credential=credential, billing_role="technician", access_type="part_time")
    provider = api.post("/providers", body, cast.site_admin.token).json_body
    assert (provider["billing_role"], provider["access_type"]) == ("technician", "part_time")
    left = world.pools()[cast.site_admin.practice_id].available
    assert left.of(provider["license_type"]) == 0
    assert left.physician + left.midlevel == 1


def test_without_a_free_license_the_refusal_quotes_one(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = api.post("/providers", provider_body(credential="PA"), cast.site_admin.token)
    problem = answer.json_body
    assert (answer.status_code, problem["code"], problem["license_type"]) == (409, "no_license_available", "midlevel")
    assert problem["quote"] == api.post("/license-quotes", {"midlevel": 1}, cast.site_admin.token).json_body
    assert problem["quote"]["lines"][0]["unit_price_cents"] == 5900
    assert world.everything() == before


def test_with_special_billing_the_quote_carries_no_prices(api: Api, cast: Cast) -> None:
    set_note(api, cast.site_admin.practice_id, "billed by hand")
    problem = api.post("/providers", provider_body(), cast.site_admin.token).json_body
    assert (problem["quote"]["total_cents"], problem["quote"]["billing_note"]) == (None, "billed by hand")


def test_buys_and_claims_in_one_transaction(api: Api, cast: Cast, world: World) -> None:
    answer = api.post("/providers", provider_body(**AGREED), cast.site_admin.token)
    assert answer.status_code == 201
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=2))
    (order,) = api.get("/license-orders", cast.site_admin.token).json_body["items"]
    assert (order["physician"], order["midlevel"], order["status"]) == (1, 0, "pending")
    types = [each["type"] for each in api.get("/audit?limit=2", cast.site_admin.token).json_body["items"]]
    assert sorted(types) == ["license_order.placed", "provider.created"]
    api.tick("relay_events")
    for department in ("accounting", "support"):
        (message,) = world.topic_messages(department)
        assert message.subject == f"License order {order['id']} placed"
    assert any("Receipt" in email.subject and order["id"] in email.body for email in world.emails())


@pytest.mark.parametrize(
    ("agreement", "fields"),
    [
        ({}, "agreement_version agreement_accepted"),
        ({"agreement_version": "2026-11"}, "agreement_accepted"),
        ({"agreement_version": "2020-01", "agreement_accepted": True}, "agreement_version"),
        ({"agreement_version": "2026-11", "agreement_accepted": False}, "agreement_accepted"),
    ],
)
def test_buys_nothing_without_the_accepted_agreement(
    api: Api, cast: Cast, world: World, agreement: dict[str, Any], fields: str
) -> None:
    licensed(api, cast)
    before = world.everything()
    answer = api.post("/providers", provider_body(add_license=True, **agreement), cast.site_admin.token)
    assert answer.status_code == 422
    assert " ".join(error["field"] for error in answer.json_body["errors"]) == fields
    assert world.everything() == before


def test_a_repeat_under_the_same_key_opens_one_account(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, 2, 0)
    first, second = (api.post("/providers", provider_body(), cast.site_admin.token, key="one") for _ in range(2))
    assert (first.status_code, first.body, first.headers["ETag"]) == (201, second.body, second.headers["ETag"])
    assert first.headers["Location"] == second.headers["Location"]
    assert world.pools()[cast.site_admin.practice_id].available == Counts(physician=1)


def test_is_told_in_the_audit_trail(api: Api, cast: Cast) -> None:
    licensed(api, cast)
    provider = api.post("/providers", provider_body(), cast.site_admin.token).json_body
    (record,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (record["type"], record["subject"], record["actor"]) == ("provider.created", provider["id"], "ada")
    assert record["after"] == {
        name: value for name, value in provider.items() if value is not None and name not in ("id", "version")
    }


def test_counts_at_once_in_the_reconciliation(api: Api, cast: Cast) -> None:
    api.post("/providers", provider_body(credential="NP", **AGREED), cast.site_admin.token)
    found = api.get("/reconciliation", cast.site_admin.token).json_body
    assert [(each["provider_accounts"], each["in_use"], each["variance"]) for each in found["types"]] == [
        (1, 1, 0),
        (1, 1, 0),
    ]
    assert found["differences"] == []
