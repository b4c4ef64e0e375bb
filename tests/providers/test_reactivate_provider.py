"""POST /providers/{id}/reactivation."""

from typing import Any

from chalicelib.licensing.model import Counts, Pool
from chalicelib.providers.deactivation_tables import DeactivationRow
from chalicelib.providers.tables import LeftRow
from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.providers.endings import deactivated, shown, with_patients
from tests.providers.steps import check_directory, licensed, listed, opened
from tests.world import World


def reactivated(api: Api, cast: Cast, provider_id: str) -> Any:
    return api.post(f"/providers/{provider_id}/reactivation", token=cast.site_admin.token)


def test_takes_a_free_license_and_is_active_everywhere_again(api: Api, cast: Cast, world: World) -> None:
    provider = opened(api, cast)
    with_patients(cast, provider["id"], 3)
    deactivated(api, cast, provider["id"])
    with calls_recorded() as calls:
        answer = reactivated(api, cast, provider["id"])
    assert (answer.status_code, answer.json_body) == (200, provider | {"version": 3})
    assert answer.headers["ETag"] == '"3"'
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=2))
    assert "Ann Johnson" in listed(api, cast.site_admin, "assignable=true")
    check_directory()
    practice_id = cast.site_admin.practice_id
    assert list(LeftRow.query(practice_id, LeftRow.sk.startswith("left#"))) == []
    assert list(DeactivationRow.query(practice_id, DeactivationRow.sk.startswith("deactivation#"))) == []
    assert api.get("/reconciliation", cast.site_admin.token).json_body["differences"] == []


def test_tells_accounting(api: Api, cast: Cast, world: World) -> None:
    provider_id = opened(api, cast)["id"]
    deactivated(api, cast, provider_id)
    api.tick("relay_events")
    world.topic_messages("accounting")
    reactivated(api, cast, provider_id)
    api.tick("relay_events")
    (message,) = world.topic_messages("accounting")
    assert message.subject == f"Provider account {provider_id} active again"
    assert "it holds a physician license again" in message.body


def test_is_refused_with_the_price_where_no_license_is_free(api: Api, cast: Cast, world: World) -> None:
    deactivated(api, cast, cast.provider_id)  # its trial license has ended with it
    before = world.everything()
    answer = reactivated(api, cast, cast.provider_id)
    assert (answer.status_code, answer.json_body["code"]) == (409, "no_license_available")
    assert answer.json_body["quote"]["total_cents"] > 0
    assert world.everything() == before


def test_an_active_account_is_not_reactivated(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = reactivated(api, cast, cast.provider_id)
    assert (answer.status_code, answer.json_body["code"]) == (409, "provider_active")
    assert world.everything() == before


def test_its_license_is_of_the_credential_that_it_has_by_then(api: Api, cast: Cast, world: World) -> None:
    provider_id = opened(api, cast)["id"]
    licensed(api, cast, physician=0, midlevel=1)
    deactivated(api, cast, provider_id)
    api.patch(f"/providers/{provider_id}", {"credential": "PA"}, cast.site_admin.token, 2)
    assert reactivated(api, cast, provider_id).status_code == 200
    assert shown(api, cast, provider_id)["license_type"] == "midlevel"
    assert world.pools()[cast.site_admin.practice_id].in_use == Counts(physician=1, midlevel=1)


def test_goes_on_ending_and_coming_back(api: Api, cast: Cast) -> None:
    provider_id = opened(api, cast)["id"]
    for _ in range(3):
        assert deactivated(api, cast, provider_id).status_code == 200
        assert reactivated(api, cast, provider_id).status_code == 200
    check_directory()
