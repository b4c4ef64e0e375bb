"""`/code-copies`: previewed, copied at once or in chunks, undone, across practices."""

import json
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib import store
from chalicelib.codes.copy_tables import SelectionRow, WrittenRow
from chalicelib.codes.usecases import copying
from chalicelib.identity.model import Privileges
from chalicelib.serving import BODY_LIMIT
from tests.api import Api
from tests.cast import Cast, Person, give_access
from tests.codes.steps import (
    DIABETES,
    EXAMPLES,
    PAYER,
    VACCINE,
    added,
    codes,
    findings,
    findings_of_entries,
    path,
    seeded,
)
from tests.identity.steps import later
from tests.world import World

HANDLER = "continue_code_copies"
ALL = {"diagnosis": ["E11.9"], "billing": ["G0008"], "payers": ["60054"]}
FULL, VIEW = Privileges(codes="full"), Privileges(codes="view")


@pytest.fixture
def filled(api: Api, cast: Cast) -> Cast:
    """Our account has an entry in each file, which max of the other practice may see."""
    for file, entry in EXAMPLES.items():
        added(api, cast, file, entry)
    give_access("max", cast.site_admin.practice_id, cast.provider_id, VIEW)
    return cast


def body(cast: Cast, entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A copy from our account to theirs."""
    return {"from": cast.provider_id, "to": cast.their_provider_id, "entries": entries, **more}


def copied(api: Api, cast: Cast, entries: dict[str, Any], **more: Any) -> Any:
    answer = api.post("/code-copies", body(cast, entries, **more), cast.master.token)
    assert answer.status_code == 202, answer.body
    return answer.json_body


def shown(api: Api, who: Person, copy_id: str) -> Any:
    return api.get(f"/code-copies/{copy_id}", who.token).json_body


def theirs(api: Api, cast: Cast, file: str) -> list[tuple[str, Any, int]]:
    """Their file: code, text and version of each entry."""
    answer = api.get(path(cast, file, provider_id=cast.their_provider_id), cast.master.token)
    return [
        (each["code"], each.get("description", each.get("name")), each["version"]) for each in answer.json_body["items"]
    ]


def counts(**wanted: int) -> dict[str, int]:
    names = ("new", "identical", "conflicting", "copied", "skipped", "overwritten", "gone")
    return dict.fromkeys(names, 0) | wanted


def undone(api: Api, cast: Cast, copy_id: str) -> Any:
    return api.post(f"/code-copies/{copy_id}/undo", token=cast.master.token)


def test_a_preview_tells_what_a_copy_would_meet_and_changes_nothing(api: Api, filled: Cast, world: World) -> None:
    there = filled.their_provider_id
    added(api, filled, "billing", VACCINE, filled.master, provider_id=there)
    added(api, filled, "payers", PAYER | {"type": "medicaid"}, filled.master, provider_id=there)
    before = world.everything()
    answer = api.post(
        "/code-copies/preview", body(filled, {**ALL, "diagnosis": ["e119", "E11.9"]}), filled.master.token
    )
    assert answer.json_body == {
        "files": {
            "diagnosis": {"new": 1, "identical": 0, "conflicting": 0},
            "billing": {"new": 0, "identical": 1, "conflicting": 0},
            "payers": {"new": 0, "identical": 0, "conflicting": 1},
        },
        "entries": {
            "diagnosis": {"E11.9": "new"},
            "billing": {"G0008": "identical"},
            "payers": {"60054": "conflicting"},
        },
    }
    assert world.everything() == before


@pytest.mark.parametrize("on_conflict", ["skip", "overwrite"])
def test_entries_are_copied_across_practices_and_conflicts_are_skipped_or_overwritten(
    api: Api, filled: Cast, on_conflict: str
) -> None:
    there = filled.their_provider_id
    added(api, filled, "billing", VACCINE, filled.master, provider_id=there)
    added(api, filled, "payers", PAYER | {"name": "Green Hill"}, filled.master, provider_id=there)
    copy = copied(api, filled, ALL, on_conflict=on_conflict)
    assert (copy["status"], copy["total"], copy["processed"]) == ("done", 3, 3)
    assert copy["files"] == {
        "diagnosis": counts(new=1, copied=1),
        "billing": counts(identical=1),
        "payers": counts(conflicting=1, **{"skipped" if on_conflict == "skip" else "overwritten": 1}),
    }
    assert theirs(api, filled, "diagnosis") == [("E11.9", DIABETES["description"], 1)]
    expected = ("60054", "Green Hill", 1) if on_conflict == "skip" else ("60054", PAYER["name"], 2)
    assert theirs(api, filled, "payers") == [expected]
    assert findings() == findings_of_entries()


def test_a_copy_is_shown_to_who_reaches_the_account_that_it_comes_to(api: Api, filled: Cast) -> None:
    copy = copied(api, filled, ALL)
    assert shown(api, filled.master, copy["id"]) == shown(api, filled.outsider, copy["id"]) == copy
    for stranger in (filled.site_admin, filled.clinician):
        refused = api.get(f"/code-copies/{copy['id']}", stranger.token)
        unknown = api.get(f"/code-copies/cpy_none_{filled.their_provider_id}", stranger.token)
        assert (refused.status_code, refused.json_body["detail"]) == (404, unknown.json_body["detail"])
    audits = [
        {each["type"] for each in api.get("/audit?limit=100", who.token).json_body["items"]}
        for who in (filled.outsider, filled.site_admin)
    ]
    assert "code_copy.copied" in audits[0] - audits[1]


@pytest.mark.parametrize(
    ("source", "target", "status"),
    [
        (VIEW, FULL, 202),
        (FULL, FULL, 202),
        (Privileges(profile="full"), FULL, 403),
        (VIEW, VIEW, 403),
        (FULL, Privileges(profile="full"), 403),
        (None, FULL, 404),
        (FULL, None, 404),
    ],
)
def test_copying_takes_view_of_the_source_and_full_of_the_target(
    api: Api, filled: Cast, source: Privileges | None, target: Privileges | None, status: int
) -> None:
    ids = {"from": filled.provider_id, "to": filled.their_provider_id}
    for name, privileges, practice_id in (
        ("from", source, filled.site_admin.practice_id),
        ("to", target, filled.outsider.practice_id),
    ):
        if privileges is None:
            ids[name] = "prv_nobodys"
        else:
            give_access("max", practice_id, ids[name], privileges)
    for route in ("/code-copies", "/code-copies/preview"):
        answer = api.post(route, {**ids, "entries": {"diagnosis": ["E11.9"]}}, filled.master.token)
        assert answer.status_code == (200 if route.endswith("w") and status == 202 else status)


def test_entries_that_the_source_does_not_have_are_named_and_nothing_is_copied(
    api: Api, filled: Cast, world: World
) -> None:
    before = world.everything()
    wanted = {"diagnosis": ["E11.9", "A00"], "payers": ["none1", "60054"]}
    answer = api.post("/code-copies", body(filled, wanted), filled.master.token)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json_body["errors"]] == ["entries.diagnosis", "entries.payers"]
    assert answer.json_body["unknown_codes"] == {"diagnosis": ["A00"], "payers": ["NONE1"]}
    assert world.everything() == before


def test_a_longer_copy_goes_on_in_chunks_and_shows_its_progress(api: Api, filled: Cast) -> None:
    wanted = seeded(filled, 60)
    with patch.object(copying, "ITEMS", 20):
        copy = copied(api, filled, {"payers": wanted})
        assert copy["status"] == "running"
        assert 0 < copy["processed"] == copy["files"]["payers"]["copied"] < 60
        assert undone(api, filled, copy["id"]).json_body["code"] == "copy_running"
        left = iter([60_000, 60_000, 14_000])
        with patch("tests.api.LambdaContext.get_remaining_time_in_millis", lambda _: next(left)):
            api.tick(HANDLER)
        assert copy["processed"] < shown(api, filled.master, copy["id"])["processed"] < 60
        assert api.tick(HANDLER)["done"] == 0  # perhaps it lives
        with later(seconds=31):
            assert api.tick(HANDLER)["done"] == 1
    done = shown(api, filled.master, copy["id"])
    assert (done["status"], done["processed"], done["files"]["payers"]) == ("done", 60, counts(new=60, copied=60))
    assert len(theirs(api, filled, "payers")) == 25
    assert SelectionRow.count(filled.outsider.practice_id, SelectionRow.sk.startswith("chosen#")) == 0
    assert findings() == findings_of_entries()


class Killed(BaseException):
    """The function's process died."""


def killed_in_transaction(number: int, after: bool) -> Any:
    """From here on the process dies in its `number`-th transaction: before it, or right after it is committed."""
    original, count = store._transact, iter(range(1, number))

    def transact(writes: Any) -> None:
        if next(count, None) is not None:
            return original(writes)
        if after:
            original(writes)
        raise Killed

    return patch.object(store, "_transact", transact)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_what_a_killed_run_left_is_taken_up_and_so_is_its_undoing(api: Api, filled: Cast, after: bool) -> None:
    wanted = seeded(filled, 12)
    added(
        api,
        filled,
        "payers",
        PAYER | {"code": "P0003", "name": "Mine"},
        filled.master,
        provider_id=filled.their_provider_id,
    )
    before = theirs(api, filled, "payers")
    with patch.object(copying, "ITEMS", 9):
        copy = copied(api, filled, {"payers": wanted}, on_conflict="overwrite")
        with killed_in_transaction(2, after), pytest.raises(Killed):
            api.tick(HANDLER)
        with later(seconds=31):
            api.tick(HANDLER)
        done = shown(api, filled.master, copy["id"])
        assert (done["status"], done["files"]["payers"]) == (
            "done", counts(new=11, copied=11, conflicting=1, overwritten=1)
        )  # fmt: skip
        answer = undone(api, filled, copy["id"])
        assert (answer.status_code, answer.json_body["status"]) == (202, "undoing")
        with killed_in_transaction(2, after), pytest.raises(Killed):
            api.tick(HANDLER)
        with later(seconds=31):
            api.tick(HANDLER)
    last = undone(api, filled, copy["id"]).json_body
    assert (last["status"], last["restored"], last["kept"]) == ("undone", 12, 0)
    assert theirs(api, filled, "payers") == [(code, text, version + 2) for code, text, version in before]
    assert WrittenRow.count(filled.outsider.practice_id, WrittenRow.sk.startswith("written#")) == 0
    assert findings() == findings_of_entries()


def test_a_copy_is_undone_while_none_of_its_entries_was_changed_since(api: Api, filled: Cast) -> None:
    there, token = filled.their_provider_id, filled.master.token
    added(api, filled, "payers", PAYER | {"name": "Green Hill"}, filled.master, provider_id=there)
    copy = copied(api, filled, ALL, on_conflict="overwrite")
    api.patch(path(filled, "payers", "60054", there), {"type": "auto"}, token, version=2)
    api.delete(path(filled, "diagnosis", "E11.9", there), token)
    added(api, filled, "diagnosis", DIABETES, filled.master, provider_id=there)  # the same, but not the copy's
    refused = undone(api, filled, copy["id"])
    assert (refused.status_code, refused.json_body["code"]) == (409, "codes_edited")
    assert refused.json_body["edited"] == {"diagnosis": ["E11.9"], "payers": ["60054"]}
    assert [len(theirs(api, filled, file)) for file in ALL] == [1, 1, 1]
    again = copied(api, filled, {"payers": ["60054"]}, on_conflict="overwrite")
    assert undone(api, filled, again["id"]).json_body["status"] == "undone"
    assert theirs(api, filled, "payers")[0][1] == PAYER["name"]
    assert undone(api, filled, again["id"]).json_body["restored"] == 1


def test_copies_over_each_other_are_undone_in_turn(api: Api, filled: Cast) -> None:
    there, payer = filled.their_provider_id, {"payers": ["60054"]}
    added(api, filled, "payers", PAYER | {"name": "Green Hill"}, filled.master, provider_id=there)
    first = copied(api, filled, payer, on_conflict="overwrite")
    api.patch(path(filled, "payers", "60054"), {"name": "Second"}, filled.site_admin.token, version=1)
    second = copied(api, filled, payer, on_conflict="overwrite")
    assert undone(api, filled, first["id"]).json_body["code"] == "codes_edited"
    assert undone(api, filled, second["id"]).status_code == 202
    assert theirs(api, filled, "payers")[0][1] == PAYER["name"]
    assert undone(api, filled, first["id"]).status_code == 202
    assert theirs(api, filled, "payers")[0][1] == "Green Hill"


def test_what_is_deleted_or_edited_while_a_copy_runs_is_counted_and_kept(api: Api, filled: Cast) -> None:
    wanted, there = seeded(filled, 8), filled.their_provider_id
    with patch.object(copying, "ITEMS", 6):
        copy = copied(api, filled, {"payers": wanted})
        api.delete(path(filled, "payers", "P0007"), filled.site_admin.token)
        api.tick(HANDLER)
        assert shown(api, filled.master, copy["id"])["files"]["payers"] == counts(new=7, copied=7, gone=1)
        assert undone(api, filled, copy["id"]).json_body["status"] == "undoing"
        api.patch(path(filled, "payers", "P0006", there), {"name": "Mine now"}, filled.master.token, version=1)
        api.tick(HANDLER)
    last = shown(api, filled.master, copy["id"])
    assert (last["status"], last["restored"], last["kept"]) == ("undone", 6, 1)
    assert theirs(api, filled, "payers") == [("P0006", "Mine now", 2)]


def test_under_one_key_there_is_one_copy(api: Api, filled: Cast) -> None:
    first, second = (api.post("/code-copies", body(filled, ALL), filled.master.token, key="k") for _ in range(2))
    assert (first.status_code, first.body) == (202, second.body)
    assert first.headers["Location"] == f"/code-copies/{first.json_body['id']}"
    assert codes(api, filled, "payers") == ["60054"]


def test_five_thousand_codes_fit_into_one_request() -> None:
    sent = [f"S72.{number:04}" for number in range(5000)]
    assert (
        len(json.dumps({"from": "prv_" + "x" * 26, "to": "prv_" + "x" * 26, "entries": {"diagnosis": sent}}))
        < BODY_LIMIT
    )


def test_events_of_copies_hold_codes_and_no_texts(api: Api, filled: Cast, world: World) -> None:
    copy = copied(api, filled, ALL)
    undone(api, filled, copy["id"])
    events = [row for row in world.rows("EVENTS_TABLE") if row["type"]["S"].startswith("code_copy.")]
    assert len(events) == 4
    assert "Blue Ridge" not in str(events)
    assert "60054" in str(events)
