"""GET and PUT /providers/{id}/configuration."""

from typing import Any

import pytest

from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.world import World

DEFAULTS = {
    "messaging_enabled": True,
    "default_rtm_status": "not_enrolled",
    "billable_code_emails": False,
    "default_location": None,
    "outcome_threshold": 3,
    "version": 0,
}
SAVED = {
    "messaging_enabled": False,
    "default_rtm_status": "enrolled",
    "billable_code_emails": True,
    "default_location": "Elm Street 5",
    "outcome_threshold": 5,
}


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/providers/{cast.provider_id}/configuration"


def test_has_defaults_until_it_is_saved(api: Api, cast: Cast, path: str) -> None:
    answer = api.get(path, cast.site_admin.token)
    assert (answer.json_body, answer.headers["ETag"]) == (DEFAULTS, '"0"')


def test_is_replaced_as_a_whole(api: Api, cast: Cast, path: str) -> None:
    answer = api.put(path, SAVED, cast.site_admin.token)
    assert (answer.json_body, answer.headers["ETag"]) == (SAVED | {"version": 1}, '"1"')
    assert api.get(path, cast.site_admin.token).json_body == answer.json_body
    answer = api.put(path, {"outcome_threshold": 1}, cast.site_admin.token)
    assert answer.json_body == DEFAULTS | {"outcome_threshold": 1, "version": 2}


def test_a_save_of_an_old_version_is_refused_where_it_names_one(api: Api, cast: Cast, path: str) -> None:
    assert api.put(path, SAVED, cast.site_admin.token, 0).status_code == 200
    answer = api.put(path, {}, cast.site_admin.token, 0)
    assert (answer.status_code, answer.json_body["code"]) == (412, "stale_version")
    assert answer.json_body["current_version"] == 1
    assert api.get(path, cast.site_admin.token).json_body == SAVED | {"version": 1}


def test_saving_what_it_is_writes_nothing(api: Api, cast: Cast, path: str) -> None:
    with calls_recorded() as calls:
        assert api.put(path, {}, cast.site_admin.token).json_body == DEFAULTS
    assert calls == ["dynamodb:BatchGetItem"]


def test_leaves_the_account_and_its_version_alone(api: Api, cast: Cast, path: str) -> None:
    api.put(path, SAVED, cast.site_admin.token)
    assert api.get(f"/providers/{cast.provider_id}", cast.site_admin.token).json_body["version"] == 1


def test_is_told_in_the_audit_trail_with_what_changed(api: Api, cast: Cast, path: str) -> None:
    api.put(path, {"outcome_threshold": 4}, cast.site_admin.token)
    (record,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (record["type"], record["subject"]) == ("provider.configured", cast.provider_id)
    assert (record["before"], record["after"]) == ({"outcome_threshold": 3}, {"outcome_threshold": 4})


@pytest.mark.parametrize("body", [None, SAVED])
def test_no_account_of_ones_practice_has_none(
    api: Api, cast: Cast, world: World, path: str, body: dict[str, Any] | None
) -> None:
    before = world.everything()
    for token, where in (
        (cast.outsider.token, path),
        (cast.site_admin.token, "/providers/prv_nobody/configuration"),
    ):
        answer = api.put(where, body, token) if body else api.get(where, token)
        assert (answer.status_code, answer.json_body["code"]) == (404, "not_found")
    assert world.everything() == before
