"""POST /providers/{provider_id}/patients/reassign: who moves at once, who is refused, what is told."""

import pytest
from msgspec.structs import replace

from chalicelib.events import EventRow
from chalicelib.identity.sessions import Token
from chalicelib.providers.tables import LeftRow
from tests.api import Api, calls_recorded
from tests.cast import FULL, Cast, give_access, take_access
from tests.providers.endings import deactivated
from tests.providers.steps import (
    caseload,
    closed,
    opened,
    patients_of,
    progress,
    reassign,
    registered,
    seeded,
    where_patients_are,
)
from tests.world import World


@pytest.fixture
def target(api: Api, cast: Cast) -> str:
    """A second account of the practice."""
    return str(opened(api, cast)["id"])


def refused(api: Api, cast: Cast, body: object, source: str = "") -> tuple[int, str]:
    path = f"/providers/{source or cast.provider_id}/patients/reassign"
    answer = api.post(path, body, cast.site_admin.token)
    return answer.status_code, answer.json_body["code"]


def test_a_few_patients_are_moved_by_the_request_itself(api: Api, cast: Cast, target: str) -> None:
    ids = [registered(api, cast)["id"] for _ in range(3)]
    move = reassign(api, cast, cast.provider_id, target)
    assert (move["status"], move["moved"], move["total"]) == ("done", 3, 3)
    assert progress(api, cast, move["id"]) == ("done", 3, 3)
    assert [(each["id"], each["provider_id"], each["moved_by"]) for each in patients_of(api, cast, target)] == [
        (id_, target, move["id"]) for id_ in ids
    ]
    assert patients_of(api, cast) == []
    assert (caseload(cast, cast.provider_id), caseload(cast, target)) == (0, 3)


def test_as_many_as_one_transaction_takes_are_moved_at_once(api: Api, cast: Cast, target: str) -> None:
    seeded(cast, cast.provider_id, 45)
    closed(cast, cast.provider_id)
    body = {"to": target}
    path = f"/providers/{cast.provider_id}/patients/reassign"
    answer = api.post(path, body, cast.site_admin.token, key="with a receipt")
    assert (answer.json_body["status"], answer.json_body["moved"]) == ("done", 45)
    assert set(where_patients_are().values()) == {target}


def test_chosen_patients_move_and_the_others_stay(api: Api, cast: Cast, target: str) -> None:
    ids = [registered(api, cast)["id"] for _ in range(4)]
    move = reassign(api, cast, cast.provider_id, target, [ids[3], ids[1], ids[3]])
    assert (move["status"], move["moved"], move["total"]) == ("done", 2, 2)
    assert where_patients_are() == {ids[0]: cast.provider_id, ids[1]: target, ids[2]: cast.provider_id, ids[3]: target}


def test_chosen_patients_are_read_with_the_session(api: Api, cast: Cast, target: str) -> None:
    body = {"to": target, "patient_ids": [registered(api, cast)["id"] for _ in range(3)]}
    with calls_recorded() as calls:
        api.post(f"/providers/{cast.provider_id}/patients/reassign", body, cast.site_admin.token)
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]


def test_who_is_not_signed_in_has_few_of_a_thousand_read(api: Api, cast: Cast, target: str) -> None:
    body = {"to": target, "patient_ids": [f"pat_{number}" for number in range(1000)]}
    somebody = Token.new(cast.site_admin.practice_id, cast.site_admin.username)
    with calls_recorded() as calls:
        answer = api.post(f"/providers/{cast.provider_id}/patients/reassign", body, somebody.text)
    assert (answer.status_code, calls) == (401, ["dynamodb:BatchGetItem"])


def test_patients_who_are_not_there_are_named_and_nobody_moves(api: Api, cast: Cast, target: str) -> None:
    here, elsewhere = registered(api, cast)["id"], registered(api, cast, target)["id"]
    body = {"to": target, "patient_ids": [here, elsewhere, "pat_nobody"]}
    answer = api.post(f"/providers/{cast.provider_id}/patients/reassign", body, cast.site_admin.token)
    assert answer.status_code == 422
    assert answer.json_body["errors"] == [
        {"field": "patient_ids", "message": f"These are no patients of this provider account: {elsewhere}, pat_nobody."}
    ]
    assert answer.json_body["unknown_patient_ids"] == [elsewhere, "pat_nobody"]
    assert where_patients_are() == {here: cast.provider_id, elsewhere: target}


def test_an_inactive_target_is_missing_to_who_reached_it_by_a_grant(api: Api, cast: Cast, target: str) -> None:
    who, practice_id = cast.plain_user, cast.site_admin.practice_id
    for account in (cast.provider_id, target):
        give_access(who.username, practice_id, account)
    deactivated(api, cast, target)
    answer = api.post(f"/providers/{cast.provider_id}/patients/reassign", {"to": target}, who.token)
    assert (answer.status_code, answer.json_body["code"]) == (404, "not_found")


def test_a_move_to_itself_is_refused(api: Api, cast: Cast) -> None:
    registered(api, cast)
    assert refused(api, cast, {"to": cast.provider_id}) == (422, "invalid_value")


@pytest.mark.parametrize("patients", [0, 1, 46])
def test_an_inactive_target_is_refused(api: Api, cast: Cast, target: str, patients: int) -> None:
    seeded(cast, cast.provider_id, patients)
    closed(cast, target)
    assert refused(api, cast, {"to": target}) == (409, "provider_inactive")
    assert set(where_patients_are().values()) <= {cast.provider_id}


@pytest.mark.parametrize("patients", [1, 46])
def test_another_practices_account_is_no_target(api: Api, cast: Cast, patients: int) -> None:
    seeded(cast, cast.provider_id, patients)
    theirs = api.get("/providers", cast.outsider.token).json_body["items"][0]["id"]
    assert refused(api, cast, {"to": theirs}) == (404, "not_found")
    assert set(where_patients_are().values()) == {cast.provider_id}


def test_another_practice_moves_nobody_and_sees_no_progress(api: Api, cast: Cast, target: str) -> None:
    registered(api, cast)
    path = f"/providers/{cast.provider_id}/patients/reassign"
    assert api.post(path, {"to": target}, cast.outsider.token).status_code == 404
    move = reassign(api, cast, cast.provider_id, target)
    assert api.get(f"/reassignments/{move['id']}", cast.outsider.token).status_code == 404


def test_who_reaches_both_accounts_fully_may_move_patients_and_see_how_far_they_are(
    api: Api, cast: Cast, target: str
) -> None:
    who, practice_id = cast.plain_user, cast.site_admin.practice_id
    registered(api, cast)
    path = f"/providers/{cast.provider_id}/patients/reassign"
    give_access(who.username, practice_id, cast.provider_id, replace(FULL, codes="none"))
    assert api.post(path, {"to": target}, who.token).status_code == 404
    give_access(who.username, practice_id, target, replace(FULL, patients="view"))
    answer = api.post(path, {"to": target}, who.token)
    assert (answer.status_code, answer.json_body["code"]) == (403, "privilege_required")
    take_access(who.username, practice_id, target)
    give_access(who.username, practice_id, target)
    answer = api.post(path, {"to": target}, who.token)
    assert (answer.status_code, answer.json_body["status"]) == (202, "done")
    assert api.get(answer.headers["Location"], who.token).json_body == answer.json_body
    assert api.get(f"/reassignments/{answer.json_body['id']}", who.token).status_code == 403
    assert api.get(f"/providers/{target}/reassignments/{answer.json_body['id']}", who.token).status_code == 404


def test_chosen_patients_of_another_practice_are_moved_by_who_reaches_both_accounts(
    api: Api, cast: Cast, target: str
) -> None:
    for account in (cast.provider_id, target):
        give_access("max", cast.site_admin.practice_id, account, replace(FULL, codes="none"))
    body = {"to": target, "patient_ids": [registered(api, cast)["id"] for _ in range(3)]}
    with calls_recorded() as calls:
        answer = api.post(f"/providers/{cast.provider_id}/patients/reassign", body, cast.master.token)
    assert (answer.status_code, answer.json_body["moved"]) == (202, 3)
    assert set(where_patients_are().values()) == {target}
    assert calls == [*["dynamodb:BatchGetItem"] * 3, "dynamodb:TransactWriteItems"]


def test_all_reassignments_are_listed_newest_first_those_of_deactivations_too(
    api: Api, cast: Cast, target: str
) -> None:
    registered(api, cast)
    first = reassign(api, cast, cast.provider_id, target)["id"]
    ending = {"reassign_to": cast.provider_id, "confirm": True}
    ended = api.post(f"/providers/{target}/deactivation", ending, cast.site_admin.token).json_body
    found = api.get("/reassignments?limit=1", cast.site_admin.token).json_body
    assert [each["id"] for each in found["items"]] == [ended["reassignment_id"]]
    rest = api.get(f"/reassignments?limit=1&cursor={found['next_cursor']}", cast.site_admin.token).json_body
    assert ([each["id"] for each in rest["items"]], rest["next_cursor"]) == ([first], None)
    assert api.get("/reassignments", cast.outsider.token).json_body["items"] == []
    assert api.get("/reassignments", cast.plain_user.token).status_code == 403


def test_a_view_of_patients_moves_nobody(api: Api, cast: Cast, target: str) -> None:
    who, practice_id = cast.plain_user, cast.site_admin.practice_id
    give_access(who.username, practice_id, cast.provider_id, replace(FULL, patients="view"))
    give_access(who.username, practice_id, target)
    path = f"/providers/{cast.provider_id}/patients/reassign"
    assert api.post(path, {"to": target}, who.token).status_code == 403


def test_an_account_without_patients_has_nobody_to_move(api: Api, cast: Cast, target: str) -> None:
    move = reassign(api, cast, cast.provider_id, target)
    assert (move["status"], move["moved"], move["total"]) == ("done", 0, 0)


def test_patients_left_behind_move_and_the_last_one_ends_the_queue(api: Api, cast: Cast, target: str) -> None:
    ids = [registered(api, cast)["id"] for _ in range(3)]
    closed(cast, cast.provider_id)
    left = LeftRow.key(cast.site_admin.practice_id, cast.provider_id)
    reassign(api, cast, cast.provider_id, target, ids[:2])
    assert LeftRow.count(left.pk, LeftRow.sk == left.sk) == 1
    reassign(api, cast, cast.provider_id, target, ids[2:])
    assert LeftRow.count(left.pk, LeftRow.sk == left.sk) == 0


def test_a_repeated_request_moves_once(api: Api, cast: Cast, target: str) -> None:
    registered(api, cast)
    path = f"/providers/{cast.provider_id}/patients/reassign"
    first, second = (api.post(path, {"to": target}, cast.site_admin.token, key="one") for _ in range(2))
    assert first.json_body == second.json_body
    assert caseload(cast, target) == 1


def test_the_audit_trail_says_who_moved_where_by_ids(api: Api, cast: Cast, world: World, target: str) -> None:
    patient = registered(api, cast)
    move = reassign(api, cast, cast.provider_id, target)
    rows = EventRow.query(cast.site_admin.practice_id, EventRow.sk.startswith("evt_"), EventRow.subject == move["id"])
    where = {"source": cast.provider_id, "to": target}
    assert [(row.type, row.actor, row.before, row.after) for row in rows] == [
        ("reassignment.started", "ada", {}, {**where, "total": 1}),
        (
            "reassignment.moved",
            "ada",
            {"moved": 0},
            {**where, "status": "done", "moved": 1, "patient_ids": [patient["id"]]},
        ),
    ]
