"""What is imported is the file that was checked, whatever lies in its place by then."""

from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.codes import csv_files
from chalicelib.codes.usecases import copying
from tests.api import Api
from tests.cast import Cast
from tests.codes.steps import codes
from tests.identity.steps import later
from tests.uploads.steps import posted
from tests.world import World

HANDLER = "continue_code_copies"
GOOD = b"code,description\nE11.9,Diabetes\nI10,Hypertension\n"


def many(count: int) -> bytes:
    """A file of so many diagnoses."""
    lines = (f"A{number // 10:02}.{number % 10},Text {number}" for number in range(count))
    return "\n".join(("code,description", *lines)).encode()


def begun(api: Api, cast: Cast, content: bytes) -> tuple[dict[str, Any], str]:
    """The form of an import that goes on from now on, and its id."""
    place = f"/providers/{cast.provider_id}/code-imports"
    form = api.post(place, token=cast.site_admin.token).json_body
    assert posted(form["upload"], content) == 204
    answer = api.post(f"{place}/{form['id']}", {"file": "diagnosis"}, cast.site_admin.token)
    assert answer.status_code == 202, answer.body
    return form["upload"], answer.json_body["id"]


def shown(api: Api, cast: Cast, copy_id: str) -> Any:
    return api.get(f"/code-copies/{copy_id}", cast.site_admin.token).json_body


def report(done: int = 1, failed: int = 0) -> dict[str, Any]:
    return {"handler": HANDLER, "done": done, "skipped": 0, "failed": failed, "unfinished": False}


@pytest.mark.parametrize(
    "other",
    [
        b"code,description\nZ99.9,Other\nZ98.9,Another\nZ97.9,Third\n",
        b"code,description\nE11.9,Diabetes\n",
        b"no CSV of ours",
        GOOD[:-1],
    ],
    ids=["longer", "shorter", "bad", "hardly another"],
)
def test_a_file_that_is_posted_in_place_of_the_checked_one_stops_the_import(
    api: Api, cast: Cast, world: World, other: bytes
) -> None:
    form, copy_id = begun(api, cast, GOOD)
    assert posted(form, other) == 204
    assert api.tick(HANDLER) == report()
    stopped = shown(api, cast, copy_id)
    assert (stopped["status"], stopped["processed"], stopped["total"]) == ("stopped", 0, 2)
    assert codes(api, cast, "diagnosis") == []
    before = world.everything()
    with later(minutes=5):
        assert api.tick(HANDLER) == report(done=0)
    assert world.everything() == before


def test_the_same_file_posted_twice_is_imported(api: Api, cast: Cast) -> None:
    form, copy_id = begun(api, cast, GOOD)
    assert posted(form, GOOD) == 204
    api.tick(HANDLER)
    assert shown(api, cast, copy_id)["status"] == "done"


def test_an_import_whose_file_was_deleted_before_it_ran_ends(api: Api, cast: Cast) -> None:
    _, copy_id = begun(api, cast, GOOD)
    for hours in (25, 26):  # given up, then deleted
        with later(hours=hours):
            api.tick("sweep_expired")
    with later(hours=26):
        assert api.tick(HANDLER) == report()
    assert shown(api, cast, copy_id)["status"] == "stopped"


def test_a_stopped_import_tells_how_far_it_came_and_can_be_undone(api: Api, cast: Cast) -> None:
    form, copy_id = begun(api, cast, many(30))
    left = iter([60_000, 14_000])
    with (
        patch.object(copying, "ITEMS", 20),
        patch("tests.api.LambdaContext.get_remaining_time_in_millis", lambda _: next(left)),
    ):
        api.tick(HANDLER)
    written = shown(api, cast, copy_id)["processed"]
    assert posted(form, GOOD) == 204
    with later(minutes=1):
        api.tick(HANDLER)
        stopped = shown(api, cast, copy_id)
        assert 0 < stopped["processed"] == stopped["files"]["diagnosis"]["copied"] == written < stopped["total"] == 30
        assert stopped["status"] == "stopped"
        assert len(codes(api, cast, "diagnosis")) == written
        event = api.get("/audit?type=code_copy.stopped", cast.site_admin.token).json_body["items"][0]
        assert event["after"]["processed"] == written
        api.post(f"/code-copies/{copy_id}/undo", token=cast.site_admin.token)
        api.tick(HANDLER)
    undone = shown(api, cast, copy_id)
    assert (undone["status"], undone["restored"]) == ("undone", written)
    assert codes(api, cast, "diagnosis") == []


def test_what_today_would_be_refused_stops_an_import_of_before(api: Api, cast: Cast) -> None:
    _, copy_id = begun(api, cast, many(3))
    with patch.object(csv_files, "MOST_LINES", 2):
        api.tick(HANDLER)
    assert shown(api, cast, copy_id)["status"] == "stopped"


def test_a_chunk_that_comes_to_nothing_is_an_error_and_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    begun(api, cast, GOOD)
    before = world.everything()
    with patch.object(copying, "ITEMS", 0):
        assert api.tick(HANDLER) == report(done=0, failed=1)
    assert world.everything() == before
