"""PATCH /providers/{id}."""

from typing import Any

import pytest

from benchmarks.recorder import recorded
from chalicelib.licensing.model import Counts, Pool
from chalicelib.providers.tables import RosterRow
from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.providers.steps import check_directory, licensed, listed, opened
from tests.world import World


def edited(api: Api, cast: Cast, body: Any, version: int | None = 1) -> Any:
    return api.patch(f"/providers/{cast.provider_id}", body, cast.site_admin.token, version)


@pytest.mark.parametrize(
    "body",
    [
        {"first_name": "Zoë"},
        {"last_name": "محمد"},
        {"first_name": "😀", "last_name": "李"},
        {"email": "new@clinic.example"},
        {"npi": "1234567893"},
        {"billing_role": "assistant"},
        {"access_type": "administrator"},
        {"credential": "DO"},
        {"first_name": "Ann", "last_name": "Li", "email": "al@clinic.example", "billing_role": "technician"},
    ],
    ids=str,
)
def test_changes_what_is_named_and_nothing_else(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    path = f"/providers/{cast.provider_id}"
    before = api.get(path, cast.site_admin.token)
    answer = edited(api, cast, body)
    assert answer.status_code == 200
    assert answer.json_body == before.json_body | body | {"version": 2}
    assert (before.headers["ETag"], answer.headers["ETag"]) == ('"1"', '"2"')
    assert api.get(path, cast.site_admin.token).json_body == answer.json_body
    assert api.get("/providers", cast.site_admin.token).json_body["items"] == [answer.json_body]
    check_directory()


def test_is_found_by_its_new_name_and_not_by_the_old(api: Api, cast: Cast) -> None:
    edited(api, cast, {"first_name": "Grace", "last_name": "Hopper", "email": "gh@clinic.example"})
    found = {typed: listed(api, cast.site_admin, f"q={typed}") for typed in ("grace", "hop", "gh@", "ada", "byron")}
    assert found == {
        "grace": ["Grace Hopper"],
        "hop": ["Grace Hopper"],
        "gh@": ["Grace Hopper"],
        "ada": [],
        "byron": [],
    }


def test_an_npi_is_taken_away_by_null(api: Api, cast: Cast) -> None:
    edited(api, cast, {"npi": "1234567893"})
    assert edited(api, cast, {"npi": None}, 2).json_body["npi"] is None
    assert listed(api, cast.site_admin, "q=1234567893") == []


@pytest.mark.parametrize("body", [{}, {"first_name": "Ada"}, {"credential": "MD", "npi": None}])
def test_what_changes_nothing_writes_nothing(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    with calls_recorded() as calls:
        answer = edited(api, cast, body)
    assert (answer.status_code, answer.json_body["version"]) == (200, 1)
    assert calls == ["dynamodb:BatchGetItem"]


def test_needs_the_version_that_it_was_made_for(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = edited(api, cast, {"first_name": "Zoë"}, None)
    assert (answer.status_code, answer.json_body["code"]) == (428, "if_match_required")
    assert world.everything() == before


def test_of_two_edits_of_one_version_the_second_is_refused_and_loses_nothing(api: Api, cast: Cast) -> None:
    assert edited(api, cast, {"first_name": "Zoë"}).status_code == 200
    answer = edited(api, cast, {"last_name": "Li"})
    assert (answer.status_code, answer.json_body["code"]) == (412, "stale_version")
    assert answer.json_body["current_version"] == 2
    assert edited(api, cast, {"last_name": "Li"}, 2).json_body["first_name"] == "Zoë"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('W/"1"', 412),
        ('"2"', 412),
        ('"01"', 412),
        ("1", 400),
        ("", 400),
        ('"1', 400),
        ('"' + "1" * 200 + '"', 400),
    ],
)
def test_if_match_is_read_as_http_says(api: Api, cast: Cast, header: str, status: int) -> None:
    path, body = f"/providers/{cast.provider_id}", {"first_name": "Zoë"}
    answer = api.request("PATCH", path, body, token=cast.site_admin.token, headers={"If-Match": header})
    assert answer.status_code == status
    assert status != 400 or answer.json_body["code"] == "bad_if_match"


def test_a_credential_of_the_other_type_claims_a_license_before_it_releases_one(
    api: Api, cast: Cast, world: World
) -> None:
    practice_id, token = cast.site_admin.practice_id, cast.site_admin.token
    other = opened(api, cast)
    path, body = f"/providers/{other['id']}", {"credential": "PA", "first_name": "Zoë"}
    before = world.everything()
    refusal = api.patch(path, body, token, 1)
    assert (refusal.status_code, refusal.json_body["code"]) == (409, "no_license_available")
    assert refusal.json_body["quote"]["lines"][0]["license_type"] == "midlevel"
    assert world.everything() == before
    licensed(api, cast, 0, 1)
    answer = api.patch(path, body, token, 1)
    assert (answer.json_body["credential"], answer.json_body["license_type"]) == ("PA", "midlevel")
    assert world.pools()[practice_id] == Pool(Counts(physician=1), Counts(1, 1))
    lines = [(row.credential, row.active) for row in RosterRow.query(practice_id, RosterRow.sk.startswith("roster#"))]
    assert lines == [("MD", True), ("MD", True), ("PA", True)]
    check_directory()


def test_a_trial_license_changes_its_type_with_its_holder(api: Api, cast: Cast, world: World) -> None:
    assert edited(api, cast, {"credential": "NP"}).json_body["license_type"] == "midlevel"
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(midlevel=1))


def test_is_told_in_the_audit_trail_with_what_changed(api: Api, cast: Cast) -> None:
    edited(api, cast, {"first_name": "Ada", "last_name": "Li", "billing_role": "assistant"})
    (record,) = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"]
    assert (record["type"], record["subject"]) == ("provider.edited", cast.provider_id)
    assert record["before"] == {"last_name": "Byron", "billing_role": "provider"}
    assert record["after"] == {"last_name": "Li", "billing_role": "assistant"}


@pytest.mark.moto("counts units, which are the same on both")
def test_an_edit_writes_the_account_and_its_copies_alone(api: Api, cast: Cast) -> None:
    with recorded() as calls:
        edited(api, cast, {"access_type": "part_time"})
    # Account and event; on two shelves the listing and two terms (its email begins with neither name).
    assert [call.units.write for call in calls if call.name == "dynamodb:TransactWriteItems"] == [2 * (2 + 2 * (1 + 3))]
    assert sum(call.units.idle for call in calls) == 0


def test_the_worst_rename_fits_into_one_transaction(api: Api, cast: Cast) -> None:
    for version, word in enumerate(("ab", "cd"), 1):
        names = [f"{word}{number} {word}x{number} {word}y{number} {word}z{number}" for number in (1, 2)]
        body = {"first_name": names[0], "last_name": names[1], "email": f"{word}@clinic.example", "npi": "1234567893"}
        assert edited(api, cast, body, version).status_code == 200
    check_directory()


def test_another_practices_account_is_not_there(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = api.patch(f"/providers/{cast.provider_id}", {"first_name": "Eve"}, cast.outsider.token, 1)
    assert (answer.status_code, answer.json_body["code"]) == (404, "not_found")
    assert world.everything() == before
