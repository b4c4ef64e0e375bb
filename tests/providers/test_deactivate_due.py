"""The scheduled handler `deactivate_due`."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.dynamo import due_shards
from chalicelib.identity.tables import PracticeRow
from chalicelib.licensing.model import Pool
from chalicelib.providers.deactivation_tables import DeactivationRow, ScheduleRow, ZoneRow
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.providers.tables import RosterRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, new_session
from tests.providers.endings import DAY, DAY_BEGINS, deactivated, with_patients
from tests.providers.steps import check_directory, opened, seeded
from tests.world import World


def account(api: Api, cast: Cast, provider_id: str) -> dict[str, Any]:
    token = new_session("ada", cast.site_admin.practice_id)
    return dict(api.get(f"/providers/{provider_id}", token).json_body)


def scheduled(api: Api, cast: Cast, **body: Any) -> str:
    """An account with a bought license that ends at DAY_BEGINS."""
    provider_id = str(opened(api, cast)["id"])
    assert deactivated(api, cast, provider_id, **{"date": DAY} | body).status_code == 202
    return provider_id


def test_ends_the_account_at_the_first_instant_of_its_day_and_not_before(api: Api, cast: Cast, world: World) -> None:
    assert deactivated(api, cast, cast.provider_id, date=DAY).status_code == 202
    with clock.frozen(DAY_BEGINS - timedelta(seconds=1)):
        assert api.tick("deactivate_due")["done"] == 0
        assert account(api, cast, cast.provider_id)["status"] == "active"
    with clock.frozen(DAY_BEGINS):
        assert api.tick("deactivate_due") == {
            "handler": "deactivate_due",
            "done": 1,
            "skipped": 0,
            "failed": 0,
            "unfinished": False,
        }
        ended = account(api, cast, cast.provider_id)
    assert (ended["status"], ended["scheduled_deactivation"], ended["version"]) == ("inactive", None, 3)
    assert world.pools()[cast.site_admin.practice_id] == Pool()
    assert list(ScheduleRow.scan(ScheduleRow.sk.startswith("schedule#"))) == []
    check_directory()


def test_each_account_ends_at_the_instant_of_its_own_commit(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roster says from when on an account is ended, which is not when the run began."""
    for _ in range(2):
        scheduled(api, cast)
    with clock.frozen(DAY_BEGINS), monkeypatch.context() as later:
        minutes = count()
        later.setattr(clock, "now", lambda: DAY_BEGINS + timedelta(minutes=next(minutes)))
        assert api.tick("deactivate_due")["done"] == 2
    ended = [row.at for row in RosterRow.scan(RosterRow.active == False)]  # noqa: E712 (a condition of DynamoDB's)
    assert len(set(ended)) == 2


def test_tells_accounting_once_however_often_and_late_it_runs(api: Api, cast: Cast, world: World) -> None:
    provider_id = scheduled(api, cast)
    with clock.frozen(DAY_BEGINS + timedelta(days=3)):
        assert [api.tick("deactivate_due")["done"] for _ in range(3)] == [1, 0, 0]
        for _ in range(2):
            api.tick("relay_events")
    told = [each for each in world.topic_messages("accounting") if "deactivated" in each.subject]
    assert [each.subject for each in told] == [f"Provider account {provider_id} deactivated"]
    assert "Scheduled for: 2026-07-06\nScheduled by: ada\nBy: system:deactivate_due" in told[0].body


def test_never_ends_what_was_cancelled(api: Api, cast: Cast) -> None:
    provider_id = scheduled(api, cast)
    api.delete(f"/providers/{provider_id}/deactivation", cast.site_admin.token)
    with clock.frozen(DAY_BEGINS):
        assert api.tick("deactivate_due")["done"] == 0
        assert account(api, cast, provider_id)["status"] == "active"


def test_skips_what_the_index_still_shows_but_is_over(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    cancelled, later = scheduled(api, cast), scheduled(api, cast)
    old = list(ScheduleRow.scan(ScheduleRow.sk.startswith("schedule#")))
    api.delete(f"/providers/{cancelled}/deactivation", cast.site_admin.token)
    deactivated(api, cast, later, date="2026-07-09")
    before = world.everything()
    monkeypatch.setattr("chalicelib.due.rows_due", lambda index, *_: iter(old if index is ScheduleRow.due else ()))
    with clock.frozen(DAY_BEGINS):
        report = api.tick("deactivate_due")
    assert (report["done"], report["skipped"]) == (0, 2 * len(due_shards("")))
    assert world.everything() == before


def test_begins_the_move_of_the_patients_in_the_name_of_who_scheduled_it(api: Api, cast: Cast) -> None:
    target = opened(api, cast)["id"]
    provider_id = scheduled(api, cast, reassign_to=target)
    with_patients(cast, provider_id, 7)
    with clock.frozen(DAY_BEGINS), calls_recorded() as calls:
        api.tick("deactivate_due")
    (row,) = ReassignmentRow.query(cast.site_admin.practice_id, ReassignmentRow.sk.startswith("reassignment#"))
    move = row.as_reassignment()
    assert (move.source, move.to, move.total, move.requested_by) == (provider_id, target, 7, "ada")
    done = DeactivationRow.get(cast.site_admin.practice_id, f"deactivation#{provider_id}").as_deactivation()
    assert done.reassignment_id == move.id
    # A query for each shard of both kinds of work, and two calls for the item.
    assert len(calls) == 2 * len(due_shards("")) + 2


def test_a_target_that_is_gone_leaves_the_patients_in_the_queue_and_the_site_admin_is_alerted(
    api: Api, cast: Cast, world: World
) -> None:
    target = opened(api, cast)["id"]
    provider_id = scheduled(api, cast, reassign_to=target)
    seeded(cast, provider_id, 3)
    deactivated(api, cast, target)
    with clock.frozen(DAY_BEGINS):
        assert api.tick("deactivate_due")["done"] == 1
        assert account(api, cast, provider_id)["status"] == "inactive"
        api.tick("continue_reassignments")
        api.tick("relay_events")
        token = new_session("ada", cast.site_admin.practice_id)
        queue = api.get("/patients?unassigned=true", token).json_body["items"]
    assert {each["provider"]["id"] for each in queue} == {provider_id}
    assert len(queue) == 3
    (alert,) = [each for each in world.emails() if "move of patients" in each.subject]
    assert alert.to == "ada@clinic.example"


def test_one_bad_row_does_not_hold_up_the_others(api: Api, cast: Cast) -> None:
    bad, good = scheduled(api, cast), scheduled(api, cast)
    key = ScheduleRow.key(cast.site_admin.practice_id, bad)
    key.row().update(actions=[ScheduleRow.schedule.set({"garbage": True})])
    with clock.frozen(DAY_BEGINS):
        report = api.tick("deactivate_due")
        assert (report["done"], report["failed"]) == (1, 1)
        assert account(api, cast, good)["status"] == "inactive"


def test_stops_ahead_of_its_deadline_and_the_next_run_goes_on(api: Api, cast: Cast) -> None:
    scheduled(api, cast)
    with clock.frozen(DAY_BEGINS):
        report = api.tick("deactivate_due", milliseconds_left=4_000)
        assert (report["done"], report["unfinished"]) == (0, True)
        assert api.tick("deactivate_due")["done"] == 1


# --- The practice's time zone -------------------------------------------------------------------------------------


def moved_to(api: Api, cast: Cast, zone: str) -> None:
    token = new_session("ada", cast.site_admin.practice_id)
    version = api.get("/practice", token).json_body["version"]
    assert api.patch("/practice", {"time_zone": zone}, token, version).status_code == 200


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("America/New_York", "2026-07-06T04:00:00Z"),
        ("America/Phoenix", "2026-07-06T07:00:00Z"),
        ("Pacific/Honolulu", "2026-07-06T10:00:00Z"),
        ("Europe/Berlin", "2026-07-05T22:00:00Z"),
    ],
)
def test_schedules_follow_the_practice_into_another_time_zone(
    api: Api, cast: Cast, zone: str, begins: str, world: World
) -> None:
    providers = [scheduled(api, cast), scheduled(api, cast)]
    moved_to(api, cast, zone)
    assert api.tick("deactivate_due")["done"] == 1
    rows = list(ScheduleRow.scan(ScheduleRow.sk.startswith("schedule#")))
    assert {(row.due_at, row.as_schedule().due_at) for row in rows} == {(begins, begins)}
    assert list(ZoneRow.scan(ZoneRow.sk.startswith("zone#"))) == []
    trail = api.get("/audit?limit=4", cast.site_admin.token).json_body["items"]
    assert [each["type"] for each in trail] == [
        "practice.time_zone_followed",
        "provider.deactivation_moved",
        "provider.deactivation_moved",
        "practice.edited",
    ]
    assert trail[0]["after"] == {"time_zone": zone, "deactivations_moved": 2}
    at = clock.from_text(begins)
    with clock.frozen(at - timedelta(seconds=1)):
        assert api.tick("deactivate_due")["done"] == 0
    with clock.frozen(at):
        assert api.tick("deactivate_due")["done"] == 2
        assert {account(api, cast, each)["status"] for each in providers} == {"inactive"}


def test_a_day_that_has_begun_in_the_new_zone_ends_the_account_at_once(api: Api, cast: Cast) -> None:
    provider_id = scheduled(api, cast)
    with clock.frozen(DAY_BEGINS - timedelta(hours=2)):
        assert api.tick("deactivate_due")["done"] == 0
        moved_to(api, cast, "Europe/Berlin")
        assert api.tick("deactivate_due")["done"] == 2  # the schedules follow, and the account ends
        assert account(api, cast, provider_id)["status"] == "inactive"


def test_what_has_not_followed_yet_does_not_end_by_the_old_zone(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider_id = scheduled(api, cast)
    practice = PracticeRow.key(cast.site_admin.practice_id)
    practice.row().update(actions=[PracticeRow.time_zone.set("Pacific/Honolulu")])
    with clock.frozen(DAY_BEGINS):
        report = api.tick("deactivate_due")
        assert (report["done"], report["skipped"]) == (0, 1)
        assert account(api, cast, provider_id)["status"] == "active"
    with clock.frozen(DAY_BEGINS + timedelta(hours=5)):
        assert api.tick("deactivate_due")["done"] == 1


def test_a_run_that_died_on_the_way_is_taken_up(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.providers.usecases import due_deactivations

    for _ in range(3):
        scheduled(api, cast)
    moved_to(api, cast, "America/New_York")
    move, died = due_deactivations._move, iter([False, True, False, False, False])

    def mortal(*arguments: Any) -> bool:
        if next(died):
            raise MemoryError
        return move(*arguments)

    monkeypatch.setattr(due_deactivations, "_move", mortal)
    assert api.tick("deactivate_due")["failed"] == 1
    assert api.tick("deactivate_due")["done"] == 1
    rows = ScheduleRow.scan(ScheduleRow.sk.startswith("schedule#"))
    assert {row.due_at for row in rows} == {"2026-07-06T04:00:00Z"}
