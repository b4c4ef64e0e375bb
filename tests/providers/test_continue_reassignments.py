"""`continue_reassignments`: moves of many patients, taken on, taken up again, stopped."""

from typing import Any
from unittest.mock import patch

import pytest

from chalicelib import store
from chalicelib.events import EventRow
from chalicelib.providers.patient_tables import SelectionRow
from chalicelib.providers.tables import LeftRow
from chalicelib.providers.usecases import moving
from tests.api import Api
from tests.cast import Cast
from tests.identity.steps import later
from tests.killed import killed_in_transaction
from tests.providers.steps import (
    caseload,
    closed,
    opened,
    progress,
    reassign,
    registered,
    seeded,
    where_patients_are,
)
from tests.world import World

HANDLER = "continue_reassignments"


@pytest.fixture
def target(api: Api, cast: Cast) -> str:
    """A second account of the practice."""
    return str(opened(api, cast)["id"])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few patients make many chunks."""
    monkeypatch.setattr(moving, "CHUNK", 2)


def run_killed(api: Api, number: int, after: bool = False) -> None:
    with killed_in_transaction(number, after):
        api.tick(HANDLER)


def test_a_larger_move_begins_where_it_is_and_ends_with_all_at_the_target(api: Api, cast: Cast, target: str) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    move = reassign(api, cast, cast.provider_id, target)
    assert (move["status"], move["moved"], move["total"]) == ("running", 0, 5)
    assert set(where_patients_are().values()) == {cast.provider_id}
    assert api.tick(HANDLER)["done"] == 1
    assert progress(api, cast, move["id"]) == ("done", 5, 5)
    assert where_patients_are() == dict.fromkeys(ids, target)
    assert api.tick(HANDLER) == {"handler": HANDLER, "done": 0, "skipped": 0, "failed": 0, "unfinished": False}


def test_chosen_patients_move_chunk_by_chunk_and_leave_no_trace_of_the_choice(
    api: Api, cast: Cast, target: str
) -> None:
    ids = seeded(cast, cast.provider_id, 7)
    move = reassign(api, cast, cast.provider_id, target, [ids[each] for each in (6, 0, 3, 2, 5)])
    assert SelectionRow.count(cast.site_admin.practice_id, SelectionRow.sk.startswith("selection#")) == 3
    api.tick(HANDLER)
    assert progress(api, cast, move["id"]) == ("done", 5, 5)
    assert {id_ for id_, place in where_patients_are().items() if place == cast.provider_id} == {ids[1], ids[4]}
    assert SelectionRow.count(cast.site_admin.practice_id, SelectionRow.sk.startswith("selection#")) == 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("chosen", [False, True], ids=["all", "chosen"])
def test_what_a_killed_run_left_is_taken_up_when_its_lease_is_over(
    api: Api, cast: Cast, target: str, chosen: bool, after: bool
) -> None:
    ids = seeded(cast, cast.provider_id, 7)
    move = reassign(api, cast, cast.provider_id, target, ids if chosen else None)
    run_killed(api, 3, after)
    moved = 6 if after else 4
    assert progress(api, cast, move["id"]) == ("running", moved, 7)
    assert list(where_patients_are().values()).count(target) == moved
    assert api.tick(HANDLER)["done"] == 0  # perhaps it lives
    with later(seconds=31):
        assert api.tick(HANDLER)["done"] == 1
    assert progress(api, cast, move["id"]) == ("done", 7, 7)
    assert where_patients_are() == dict.fromkeys(ids, target)


def test_a_run_stops_ahead_of_its_deadline_and_the_next_goes_on(api: Api, cast: Cast, target: str) -> None:
    seeded(cast, cast.provider_id, 5)
    move = reassign(api, cast, cast.provider_id, target)
    left = iter([60_000, 60_000, 14_000])
    with patch("tests.api.LambdaContext.get_remaining_time_in_millis", lambda _: next(left)):
        api.tick(HANDLER)
    assert progress(api, cast, move["id"]) == ("running", 4, 5)
    with later(seconds=31):
        api.tick(HANDLER)
    assert progress(api, cast, move["id"]) == ("done", 5, 5)


def test_two_runs_at_once_move_nobody_twice(api: Api, cast: Cast, target: str) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    move = reassign(api, cast, cast.provider_id, target)
    original, twins = store._transact, iter([True])

    def transact(writes: Any) -> None:
        if next(twins, False):  # the other run goes first, and to its end
            api.tick(HANDLER)
        original(writes)

    with patch.object(store, "_transact", transact):
        assert api.tick(HANDLER)["skipped"] == 1
    assert progress(api, cast, move["id"]) == ("done", 5, 5)
    assert where_patients_are() == dict.fromkeys(ids, target)


def test_two_moves_of_the_same_patients_share_them(api: Api, cast: Cast, target: str) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    third = str(opened(api, cast)["id"])
    first = reassign(api, cast, cast.provider_id, target, ids[:3])
    second = reassign(api, cast, cast.provider_id, third)
    api.tick(HANDLER)
    with later(minutes=1):
        api.tick(HANDLER)
    (status, moved, total), (status_2, moved_2, total_2) = (progress(api, cast, each["id"]) for each in (first, second))
    assert (status, status_2, total, total_2) == ("done", "done", 3, 5)
    places = list(where_patients_are().values())
    assert (places.count(target), places.count(third)) == (moved, moved_2)
    assert moved + moved_2 == 5


def test_moves_there_and_back_at_once_come_to_an_end(api: Api, cast: Cast, target: str) -> None:
    seeded(cast, cast.provider_id, 5)
    there = reassign(api, cast, cast.provider_id, target)
    run_killed(api, 2)
    registered(api, cast, target)
    back = reassign(api, cast, target, cast.provider_id)
    for minutes in (1, 2, 3):
        with later(minutes=minutes):
            api.tick(HANDLER)
    assert {progress(api, cast, each["id"])[0] for each in (there, back)} == {"done"}
    assert len(where_patients_are()) == 6


def test_a_target_that_goes_inactive_stops_the_move_and_the_site_admins_are_told(
    api: Api, cast: Cast, world: World, target: str
) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    move = reassign(api, cast, cast.provider_id, target, ids[:5])
    run_killed(api, 2)
    closed(cast, target)
    with later(seconds=31):
        api.tick(HANDLER)
        api.tick(HANDLER)
        api.tick("relay_events")
    assert progress(api, cast, move["id"]) == ("stopped", 2, 5)
    assert list(where_patients_are().values()).count(cast.provider_id) == 3
    (mail,) = [mail for mail in world.emails() if "stopped" in mail.subject]
    assert (mail.to, mail.subject) == ("ada@clinic.example", "The move of patients to another provider stopped")
    assert "Patients moved: 2 of 5" in mail.body
    assert f"/console/providers/{cast.provider_id}/moves/{move['id']}" in mail.body
    assert "CDT" in mail.body
    assert SelectionRow.count(cast.site_admin.practice_id, SelectionRow.sk.startswith("selection#")) == 0


def test_the_last_chunk_takes_an_inactive_account_out_of_the_queue(api: Api, cast: Cast, target: str) -> None:
    seeded(cast, cast.provider_id, 5)
    closed(cast, cast.provider_id)
    reassign(api, cast, cast.provider_id, target)
    practice_id = cast.site_admin.practice_id
    run_killed(api, 2)
    assert LeftRow.count(practice_id, LeftRow.sk.startswith("left#")) == 1
    with later(seconds=31):
        api.tick(HANDLER)
    assert LeftRow.count(practice_id, LeftRow.sk.startswith("left#")) == 0


def test_every_chunk_is_told_with_whom_it_moved(api: Api, cast: Cast, target: str) -> None:
    ids = seeded(cast, cast.provider_id, 3)
    move = reassign(api, cast, cast.provider_id, target)
    api.tick(HANDLER)
    rows = list(
        EventRow.query(
            cast.site_admin.practice_id, EventRow.sk.startswith("evt_"), EventRow.type == "reassignment.moved"
        )
    )
    assert [(row.actor, row.before["moved"], row.after["moved"], row.after["patient_ids"]) for row in rows] == [
        ("system:continue_reassignments", 0, 2, ids[:2]),
        ("system:continue_reassignments", 2, 3, ids[2:]),
    ]
    assert {row.subject for row in rows} == {move["id"]}


def test_patients_may_register_with_the_source_while_it_is_emptied(api: Api, cast: Cast, target: str) -> None:
    seeded(cast, cast.provider_id, 3)
    move = reassign(api, cast, cast.provider_id, target)
    registered(api, cast)
    api.tick(HANDLER)
    assert progress(api, cast, move["id"]) == ("done", 4, 4)
    assert caseload(cast, target) == 4
