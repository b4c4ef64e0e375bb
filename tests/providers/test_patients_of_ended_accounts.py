"""What happens to the patients of an account that ends, from the deactivation to its undoing."""

import pytest

from chalicelib.providers.usecases import moving
from tests.api import Api
from tests.cast import Cast, new_session
from tests.identity.steps import later
from tests.licensing.orders import placed
from tests.providers.endings import deactivated
from tests.providers.steps import opened, paged, progress, reassign, seeded, where_patients_are
from tests.providers.test_continue_reassignments import HANDLER, run_killed
from tests.world import World


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few patients make many chunks."""
    monkeypatch.setattr(moving, "CHUNK", 2)


@pytest.fixture
def successor(api: Api, cast: Cast) -> str:
    """A second account of the practice."""
    return str(opened(api, cast)["id"])


def undone(api: Api, cast: Cast, provider_id: str = "") -> str:
    """The move that brings an account's patients back, the first one's by default."""
    token = new_session("ada", cast.site_admin.practice_id)
    answer = api.post(f"/providers/{provider_id or cast.provider_id}/deactivation/undo", token=token)
    assert answer.status_code == 200, answer.body
    return str(answer.json_body["reassignment_id"])


def test_they_move_to_the_successor_and_until_then_are_in_the_queue(api: Api, cast: Cast, successor: str) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    move = deactivated(api, cast, cast.provider_id, reassign_to=successor).json_body["reassignment_id"]
    run_killed(api, 2)
    queue = paged(api, cast.site_admin, "/patients?unassigned=true")
    assert [each["id"] for each in queue] == ids[2:]
    with later(seconds=31):
        api.tick(HANDLER)
    assert progress(api, cast, move) == ("done", 5, 5)
    assert where_patients_are() == dict.fromkeys(ids, successor)
    assert paged(api, cast.site_admin, "/patients?unassigned=true") == []


def test_undo_brings_back_whom_nobody_has_moved_since(api: Api, cast: Cast, successor: str) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    own = seeded(cast, successor, 2, first=5)
    third = str(opened(api, cast)["id"])
    deactivated(api, cast, cast.provider_id, reassign_to=successor)
    api.tick(HANDLER)
    reassign(api, cast, successor, third, [ids[1]])
    back = undone(api, cast)
    api.tick(HANDLER)
    assert progress(api, cast, back)[:2] == ("done", 4)
    stay = {ids[1]: third, **dict.fromkeys(own, successor)}
    assert where_patients_are() == dict.fromkeys(ids, cast.provider_id) | stay


def test_undo_half_way_stops_the_move_and_turns_it_back(api: Api, cast: Cast, successor: str) -> None:
    ids = seeded(cast, cast.provider_id, 7)
    there = deactivated(api, cast, cast.provider_id, reassign_to=successor).json_body["reassignment_id"]
    run_killed(api, 3)
    back = undone(api, cast)
    assert progress(api, cast, there) == ("stopped", 4, 7)
    with later(minutes=1):
        api.tick(HANDLER)
        api.tick(HANDLER)
    assert progress(api, cast, there) == ("stopped", 4, 7)
    assert progress(api, cast, back) == ("done", 4, 7)
    assert where_patients_are() == dict.fromkeys(ids, cast.provider_id)


def test_undoing_two_deactivations_in_turn_brings_back_whom_both_have_moved(
    api: Api, cast: Cast, successor: str
) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    third = str(opened(api, cast)["id"])
    deactivated(api, cast, cast.provider_id, reassign_to=successor)
    api.tick(HANDLER)
    deactivated(api, cast, successor, reassign_to=third)
    api.tick(HANDLER)
    assert where_patients_are() == dict.fromkeys(ids, third)
    for provider_id in (successor, cast.provider_id):
        undone(api, cast, provider_id)
        api.tick(HANDLER)
        assert where_patients_are() == dict.fromkeys(ids, provider_id)


def test_who_was_not_moved_when_the_account_comes_back_stays_and_so_does_who_is_new(
    api: Api, cast: Cast, successor: str
) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    placed(api, cast)  # its trial license has ended with it
    there = deactivated(api, cast, cast.provider_id, reassign_to=successor).json_body["reassignment_id"]
    run_killed(api, 2)
    assert api.post(f"/providers/{cast.provider_id}/reactivation", token=cast.site_admin.token).status_code == 200
    new = seeded(cast, cast.provider_id, 1, first=5)
    with later(minutes=1):
        api.tick(HANDLER)
    assert progress(api, cast, there) == ("stopped", 2, 5)
    assert where_patients_are() == dict.fromkeys(ids[:2], successor) | dict.fromkeys(ids[2:] + new, cast.provider_id)


def test_an_undo_brings_back_whom_the_last_deactivation_moved_whatever_became_of_one_before(
    api: Api, cast: Cast, successor: str
) -> None:
    ids = seeded(cast, cast.provider_id, 5)
    placed(api, cast)
    third = str(opened(api, cast)["id"])
    deactivated(api, cast, cast.provider_id, reassign_to=successor)
    api.post(f"/providers/{cast.provider_id}/reactivation", token=cast.site_admin.token)
    deactivated(api, cast, cast.provider_id, reassign_to=third)
    api.tick(HANDLER)
    assert where_patients_are() == dict.fromkeys(ids, third)
    undone(api, cast)
    api.tick(HANDLER)
    assert where_patients_are() == dict.fromkeys(ids, cast.provider_id)


def test_they_stay_and_the_site_admins_are_told_when_the_successor_ended_too(
    api: Api, cast: Cast, world: World, successor: str
) -> None:
    ids = seeded(cast, cast.provider_id, 3)
    move = deactivated(api, cast, cast.provider_id, reassign_to=successor).json_body["reassignment_id"]
    deactivated(api, cast, successor)
    api.tick(HANDLER)
    api.tick("relay_events")
    assert progress(api, cast, move) == ("stopped", 0, 3)
    assert [each["id"] for each in paged(api, cast.site_admin, "/patients?unassigned=true")] == ids
    assert [mail.to for mail in world.emails() if move in mail.body and "stopped" in mail.subject] == [
        "ada@clinic.example"
    ]
