"""`/code-copies`: previewed, copied at once, undone, across practices."""

import json

import pytest

from chalicelib.identity.model import Privileges
from chalicelib.serving import BODY_LIMIT
from tests.api import Api
from tests.cast import Cast, give_access
from tests.codes.copying import ALL, FULL, VIEW, body, copied, counts, shown, theirs, undone
from tests.codes.steps import DIABETES, PAYER, VACCINE, added, codes, findings, findings_of_entries, path
from tests.world import World


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
