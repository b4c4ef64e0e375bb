"""PATCH /practice. What a new time zone means to scheduled deactivations: `tests/providers/test_deactivate_due.py`."""

from typing import Any

import pytest

from chalicelib.providers.deactivation_tables import ZoneRow
from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.staff.people import set_note
from tests.world import World


def edited(api: Api, cast: Cast, body: Any, version: int | None = 1) -> Any:
    return api.patch("/practice", body, cast.site_admin.token, version)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Elm & Sons 李"},
        {"time_zone": "Pacific/Honolulu"},
        {"name": "Elm Street", "time_zone": "Europe/Berlin"},
    ],
    ids=str,
)
def test_changes_what_is_named_and_nothing_else(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    before = api.get("/practice", cast.site_admin.token)
    with calls_recorded() as calls:
        answer = edited(api, cast, body)
    assert (answer.status_code, answer.json_body) == (200, before.json_body | body | {"version": 2})
    assert (before.headers["ETag"], answer.headers["ETag"]) == ('"1"', '"2"')
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    assert api.get("/practice", cast.site_admin.token).json_body == answer.json_body
    (newest,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (newest["type"], newest["after"]) == ("practice.edited", body)
    assert newest["before"] == {name: before.json_body[name] for name in body}


def test_a_new_name_stands_in_the_ledger_from_then_on(api: Api, cast: Cast, world: World) -> None:
    edited(api, cast, {"name": "Elm Street"})
    (newest,) = api.get("/license-ledger?limit=1", cast.site_admin.token).json_body["items"]
    assert newest["kind"] == "terms"
    assert api.get("/reconciliation", cast.site_admin.token).json_body["practice_name"] == "Elm Street"


def test_only_a_new_time_zone_gives_the_schedules_something_to_follow(api: Api, cast: Cast) -> None:
    edited(api, cast, {"name": "Elm Street", "time_zone": "America/Chicago"})
    assert list(ZoneRow.scan(ZoneRow.sk.startswith("zone#"))) == []
    edited(api, cast, {"time_zone": "Europe/Berlin"}, 2)
    assert len(list(ZoneRow.scan(ZoneRow.sk.startswith("zone#")))) == 1


def test_what_changes_nothing_is_answered_with_the_practice_as_it_is(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for body in ({}, {"name": "Elm Street Clinic"}, {"time_zone": "America/Chicago"}):
        assert edited(api, cast, body).json_body["version"] == 1
    assert world.everything() == before


def test_a_stale_edit_is_refused_and_loses_nothing(api: Api, cast: Cast) -> None:
    edited(api, cast, {"name": "Elm Street"})
    answer = edited(api, cast, {"name": "Oak Street"})
    assert (answer.status_code, answer.json_body["code"]) == (412, "stale_version")
    assert api.get("/practice", cast.site_admin.token).json_body["name"] == "Elm Street"
    assert edited(api, cast, {"name": "Oak Street"}, None).status_code == 428


def test_whatever_staff_and_the_owner_change_makes_a_new_version(api: Api, cast: Cast) -> None:
    set_note(api, cast.site_admin.practice_id, "custom billing")
    assert edited(api, cast, {"name": "Elm Street"}).status_code == 412


def test_is_for_site_admins(api: Api, cast: Cast) -> None:
    for person in (cast.plain_user, cast.support_user):
        answer = api.patch("/practice", {"name": "Mine"}, person.token, 1)
        assert (answer.status_code, answer.json_body["code"]) == (403, "role_required")
