"""POST /providers/{id}/deactivation with a date, and DELETE."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.providers.deactivation_tables import ScheduleRow
from tests.api import Api, calls_recorded, if_match
from tests.cast import Cast, new_session
from tests.providers.endings import DAY, deactivated, shown
from tests.providers.steps import check_directory, opened
from tests.world import World


def schedules(cast: Cast) -> list[ScheduleRow]:
    return list(ScheduleRow.query(cast.site_admin.practice_id, ScheduleRow.sk.startswith(ScheduleRow.PREFIX)))


def cancelled(api: Api, cast: Cast, provider_id: str) -> Any:
    return api.delete(f"/providers/{provider_id}/deactivation", cast.site_admin.token)


def test_is_seen_on_the_account_and_changes_nothing_yet(api: Api, cast: Cast, world: World) -> None:
    provider = opened(api, cast)
    target, pools = opened(api, cast)["id"], world.pools()
    with calls_recorded() as calls:
        answer = deactivated(api, cast, provider["id"], date=DAY, reassign_to=target)
    planned = provider | {"version": 2, "scheduled_deactivation": {"date": DAY, "reassign_to": target}}
    assert (answer.status_code, answer.json_body) == (202, planned | {"takes_effect_at": "2026-07-06T05:00:00Z"})
    assert answer.headers["ETag"] == '"2"'
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    assert shown(api, cast, provider["id"]) == planned
    preview = api.get(f"/providers/{provider['id']}/deactivation-preview", cast.site_admin.token).json_body
    assert preview["scheduled_deactivation"] == planned["scheduled_deactivation"]
    assert world.pools() == pools
    check_directory()


def test_nobody_is_told_before_it_takes_effect_but_the_audit_trail(api: Api, cast: Cast, world: World) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    api.tick("relay_events")
    assert world.topic_messages("accounting") == []
    (newest,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (newest["type"], newest["subject"]) == ("provider.deactivation_scheduled", cast.provider_id)
    assert newest["after"] == {"date": DAY, "takes_effect_at": "2026-07-06T05:00:00Z"}


def test_another_date_takes_the_place_of_the_first(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    answer = deactivated(api, cast, cast.provider_id, date="2026-07-09")
    assert (answer.status_code, answer.json_body["version"]) == (202, 3)
    (row,) = schedules(cast)
    assert row.due_at == answer.json_body["takes_effect_at"] == "2026-07-09T05:00:00Z"
    (newest,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (newest["before"]["date"], newest["after"]["date"]) == (DAY, "2026-07-09")


def test_the_same_again_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    first = deactivated(api, cast, cast.provider_id, date=DAY)
    before = world.everything()
    assert deactivated(api, cast, cast.provider_id, date=DAY).json_body == first.json_body
    assert world.everything() == before


def test_a_repeat_of_what_changed_nothing_undoes_no_change_since(api: Api, cast: Cast) -> None:
    path, body = f"/providers/{cast.provider_id}/deactivation", {"date": DAY, "confirm": True}
    deactivated(api, cast, cast.provider_id, date=DAY)
    first = api.post(path, body, cast.site_admin.token, key="retried")
    deactivated(api, cast, cast.provider_id, date="2026-07-08")
    repeat = api.post(path, body, cast.site_admin.token, key="retried")
    assert (repeat.status_code, repeat.json_body) == (first.status_code, first.json_body)
    assert shown(api, cast, cast.provider_id)["scheduled_deactivation"]["date"] == "2026-07-08"
    other = api.post(path, {**body, "date": "2026-07-08"}, cast.site_admin.token, key="retried")
    assert (other.status_code, other.json_body["code"]) == (422, "idempotency_key_reused")


def test_is_cancelled(api: Api, cast: Cast) -> None:
    provider = shown(api, cast, cast.provider_id)
    deactivated(api, cast, cast.provider_id, date=DAY)
    answer = cancelled(api, cast, cast.provider_id)
    assert (answer.status_code, answer.json_body) == (200, provider | {"version": 3})
    assert schedules(cast) == []
    (newest,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (newest["type"], newest["before"]["date"]) == ("provider.deactivation_cancelled", DAY)
    assert (cancelled(api, cast, cast.provider_id).json_body["code"]) == "nothing_scheduled"


def test_who_looked_at_an_older_version_does_not_cancel(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    path = f"/providers/{cast.provider_id}/deactivation"
    stale = api.request("DELETE", path, token=cast.site_admin.token, headers=if_match(1))
    assert (stale.status_code, stale.json_body["code"]) == (412, "stale_version")
    assert len(schedules(cast)) == 1
    assert api.request("DELETE", path, token=cast.site_admin.token, headers=if_match(2)).status_code == 200


def test_only_the_practices_own_site_admin_cancels(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    path = f"/providers/{cast.provider_id}/deactivation"
    assert api.delete(path, cast.outsider.token).status_code == 404
    assert api.delete(path, cast.plain_user.token).status_code == 403
    assert len(schedules(cast)) == 1


def test_deactivating_now_ends_what_is_scheduled(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    answer = deactivated(api, cast, cast.provider_id)
    assert (answer.status_code, answer.json_body["scheduled_deactivation"]) == (200, None)
    assert schedules(cast) == []
    (newest,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert newest["before"] == {"status": "active", "date": DAY}


def test_an_edit_keeps_it(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id, date=DAY)
    answer = api.patch(f"/providers/{cast.provider_id}", {"last_name": "Zeller"}, cast.site_admin.token, 2)
    assert answer.json_body["scheduled_deactivation"] == {"date": DAY, "reassign_to": None}


@pytest.mark.parametrize(
    ("at", "refused", "accepted"),
    [
        # In Chicago it is still the 1st, and then the 2nd until five in the morning of the 3rd.
        (datetime(2026, 7, 2, 4, 59, tzinfo=UTC), "2026-07-01", "2026-07-02"),
        (datetime(2026, 7, 2, 5, 0, tzinfo=UTC), "2026-07-02", "2026-07-03"),
        (datetime(2026, 7, 3, 4, 59, tzinfo=UTC), "2026-07-02", "2026-07-03"),
    ],
)
def test_today_is_refused_and_tomorrow_accepted_as_the_practice_counts_days(
    api: Api, cast: Cast, at: datetime, refused: str, accepted: str
) -> None:
    with clock.frozen(at):
        token = new_session("ada", cast.site_admin.practice_id)
        path = f"/providers/{cast.provider_id}/deactivation"
        answer = api.post(path, {"date": refused, "confirm": True}, token)
        assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "date")
        assert api.post(path, {"date": accepted, "confirm": True}, token).status_code == 202


def test_all_that_is_bad_is_named_at_once(api: Api, cast: Cast) -> None:
    answer = deactivated(api, cast, cast.provider_id, date="2026-07-02", reassign_to=cast.provider_id)
    assert [error["field"] for error in answer.json_body["errors"]] == ["date", "reassign_to"]
    last = api.post(
        f"/providers/{cast.provider_id}/deactivation", {"date": "2031-07-05", "confirm": True}, cast.site_admin.token
    )
    assert last.status_code == 202


@pytest.mark.parametrize(("version", "told"), [(None, (409, "conflict")), (1, (412, "stale_version"))])
def test_an_edit_meanwhile_is_a_lost_race_or_another_version_than_was_asked_for(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch, version: int | None, told: tuple[int, str]
) -> None:
    from chalicelib.providers import deactivation_rules

    check = deactivation_rules.check

    def slow(*arguments: Any) -> None:
        path = f"/providers/{cast.provider_id}"
        assert api.patch(path, {"first_name": "Adele"}, cast.site_admin.token, 1).status_code == 200
        check(*arguments)

    monkeypatch.setattr(deactivation_rules, "check", slow)
    path = f"/providers/{cast.provider_id}/deactivation"
    answer = api.request("POST", path, {"confirm": True}, token=cast.site_admin.token, headers=if_match(version))
    assert (answer.status_code, answer.json_body["code"]) == told
    assert shown(api, cast, cast.provider_id)["status"] == "active"


def test_a_change_of_the_time_zone_meanwhile_is_a_lost_race(
    api: Api, cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.identity.tables import PracticeRow
    from chalicelib.providers import deactivation_rules

    schedule = deactivation_rules.schedule

    def slow(*arguments: Any) -> Any:
        key = PracticeRow.key(cast.site_admin.practice_id)
        key.row().update(actions=[PracticeRow.time_zone.set("Pacific/Honolulu")])
        return schedule(*arguments)

    monkeypatch.setattr(deactivation_rules, "schedule", slow)
    answer = deactivated(api, cast, cast.provider_id, date=DAY)
    assert (answer.status_code, answer.json_body["code"]) == (409, "conflict")
    assert schedules(cast) == []
