"""POST /providers/{id}/deactivation/undo."""

from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.licensing.model import Counts, Pool
from chalicelib.licensing.tables import ClaimRow
from chalicelib.providers.patient_tables import ReassignmentRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.licensing.claims import claim_license
from tests.providers.endings import deactivated, with_patients
from tests.providers.steps import check_directory, opened, progress, reassign, seeded, where_patients_are
from tests.world import World


def undone(api: Api, cast: Cast, provider_id: str) -> Any:
    token = new_session("ada", cast.site_admin.practice_id)
    return api.post(f"/providers/{provider_id}/deactivation/undo", token=token)


def moves(cast: Cast) -> list[Any]:
    rows = ReassignmentRow.query(cast.site_admin.practice_id, ReassignmentRow.sk.startswith("reassignment#"))
    return [row.as_reassignment() for row in rows]


def test_the_account_is_active_as_it_was(api: Api, cast: Cast, world: World) -> None:
    provider = opened(api, cast)
    deactivated(api, cast, provider["id"])
    api.tick("relay_events")
    world.topic_messages("accounting")
    with calls_recorded() as calls:
        answer = undone(api, cast, provider["id"])
    assert (answer.status_code, answer.json_body) == (200, provider | {"version": 3, "reassignment_id": None})
    assert answer.headers["ETag"] == '"3"'
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=2))
    check_directory()
    api.tick("relay_events")
    (message,) = world.topic_messages("accounting")
    assert message.subject == f"Provider account {provider['id']} active again"
    assert "took the deactivation of a provider account back" in message.body


def test_a_trial_goes_on_until_the_day_on_which_it_would_have_ended(api: Api, cast: Cast, world: World) -> None:
    key = ClaimRow.key(cast.site_admin.practice_id, cast.provider_id)
    before = ClaimRow.get(key.pk, key.sk).trial_until
    deactivated(api, cast, cast.provider_id)
    assert undone(api, cast, cast.provider_id).status_code == 200
    assert ClaimRow.get(key.pk, key.sk).trial_until == before
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=1))
    report = api.get("/reconciliation", cast.site_admin.token).json_body
    assert report["differences"] == []
    assert [each["trial"] for each in report["types"]] == [1, 0]
    api.tick("relay_events")
    (_, again) = (each.body for each in world.topic_messages("accounting"))
    assert f"License: its physician trial license goes on until {before}" in again


def test_a_trial_that_would_have_ended_meanwhile_does_not_go_on(api: Api, cast: Cast) -> None:
    with clock.frozen(NOON + timedelta(days=29, hours=12)):
        token = new_session("ada", cast.site_admin.practice_id)
        api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, token)
    with clock.frozen(NOON + timedelta(days=30, hours=1)):
        answer = undone(api, cast, cast.provider_id)
    assert (answer.status_code, answer.json_body["code"]) == (409, "no_license_available")


def test_is_refused_where_the_license_was_taken_meanwhile(api: Api, cast: Cast, world: World) -> None:
    provider_id = opened(api, cast)["id"]
    deactivated(api, cast, provider_id)
    claim_license(cast, "prv_other", "physician")
    before = world.everything()
    answer = api.post(f"/providers/{provider_id}/deactivation/undo", token=cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "no_license_available")
    assert answer.json_body["quote"]["total_cents"] > 0
    assert world.everything() == before


def test_works_for_24_hours(api: Api, cast: Cast) -> None:
    provider_id = opened(api, cast)["id"]
    deactivated(api, cast, provider_id)
    with clock.frozen(NOON + timedelta(hours=24, seconds=1)):
        answer = undone(api, cast, provider_id)
        assert (answer.status_code, answer.json_body["code"]) == (409, "undo_over")
    with clock.frozen(NOON + timedelta(hours=24)):
        assert undone(api, cast, provider_id).status_code == 200


def test_an_active_account_has_nothing_to_undo(api: Api, cast: Cast) -> None:
    deactivated(api, cast, cast.provider_id)
    for code in (None, "provider_active"):
        answer = undone(api, cast, cast.provider_id)
        assert answer.json_body.get("code") == code


# --- Patients -----------------------------------------------------------------------------------------------------


def test_the_patients_begin_to_come_back_and_their_move_goes_no_further(api: Api, cast: Cast) -> None:
    target, provider_id = opened(api, cast)["id"], opened(api, cast)["id"]
    with_patients(cast, provider_id, 90)
    deactivated(api, cast, provider_id, reassign_to=target)
    (move,) = moves(cast)
    ReassignmentRow.key(cast.site_admin.practice_id, move.id).row().update(actions=[ReassignmentRow.moved.set(45)])
    with calls_recorded() as calls:
        answer = undone(api, cast, provider_id)
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    stopped, back = moves(cast)
    assert answer.json_body["reassignment_id"] == back.id
    assert (stopped.id, stopped.status, stopped.moved) == (move.id, "stopped", 45)
    assert (back.source, back.to, back.total, back.status) == (target, provider_id, 90, "running")
    assert (back.undoes, stopped.undone_by) == (move.id, back.id)


def test_the_patients_come_back_whom_the_deactivation_moved_and_nobody_since(api: Api, cast: Cast) -> None:
    target, third, provider_id = (str(opened(api, cast)["id"]) for _ in range(3))
    theirs, ours = seeded(cast, target, 2), seeded(cast, provider_id, 100, first=2)
    deactivated(api, cast, provider_id, reassign_to=target)
    api.tick("continue_reassignments")
    assert set(where_patients_are().values()) == {target}
    reassign(api, cast, target, third, ours[:3])
    reassign(api, cast, third, target, ours[:1])
    answer = undone(api, cast, provider_id)
    api.tick("continue_reassignments")
    assert progress(api, cast, answer.json_body["reassignment_id"]) == ("done", 97, 100)
    places = where_patients_are()
    assert {places[each] for each in theirs + ours[:1]} == {target}
    assert {places[each] for each in ours[1:3]} == {third}
    assert {places[each] for each in ours[3:]} == {provider_id}


def test_who_was_not_moved_yet_stays(api: Api, cast: Cast) -> None:
    target, provider_id = opened(api, cast)["id"], opened(api, cast)["id"]
    seeded(cast, provider_id, 50)
    deactivated(api, cast, provider_id, reassign_to=target)
    undone(api, cast, provider_id)
    api.tick("continue_reassignments")
    assert set(where_patients_are().values()) == {provider_id}
    assert [each.status for each in moves(cast)] == ["stopped", "done"]


def test_a_move_that_is_over_is_only_turned_back(api: Api, cast: Cast) -> None:
    target, provider_id = opened(api, cast)["id"], opened(api, cast)["id"]
    deactivated(api, cast, provider_id, reassign_to=target)
    (move,) = moves(cast)
    ReassignmentRow.key(cast.site_admin.practice_id, move.id).row().update(
        actions=[
            ReassignmentRow.status.set("done"),
            ReassignmentRow.due_shard.remove(),
            ReassignmentRow.due_at.remove(),
        ]
    )
    assert undone(api, cast, provider_id).status_code == 200
    assert [each.status for each in moves(cast)] == ["done", "running"]
