"""GET /providers/{id}/deactivation-preview and POST /providers/{id}/deactivation without a date."""

import pytest

from benchmarks.recorder import recorded
from chalicelib.identity.rules import MOST_USERNAMES
from chalicelib.identity.tables import UsernameRow
from chalicelib.licensing.model import Counts, Pool
from chalicelib.providers.deactivation_tables import DeactivationRow
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.providers.tables import CaseloadRow, LeftRow, RosterRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, give_access, make_site_admin
from tests.providers.endings import deactivated, shown, with_patients
from tests.providers.steps import check_directory, licensed, listed, opened
from tests.world import World


def test_the_preview_names_patients_and_what_becomes_of_the_license(api: Api, cast: Cast) -> None:
    bought = opened(api, cast)["id"]
    with_patients(cast, bought, 12)
    assert api.get(f"/providers/{bought}/deactivation-preview", cast.site_admin.token).json_body == {
        "provider_id": bought,
        "patients": 12,
        "license": {"license_type": "physician", "becomes": "available"},
        "removes_data": False,
        "usernames": [],
        "open_tickets": 0,
        "last_site_admin": None,
        "scheduled_deactivation": None,
    }
    trial = api.get(f"/providers/{cast.provider_id}/deactivation-preview", cast.site_admin.token).json_body
    assert (trial["patients"], trial["license"]["becomes"]) == (0, "ended")
    assert not trial["removes_data"]  # the practice has bought a license


def test_of_a_trial_account_it_is_told_whether_its_data_goes(api: Api, cast: Cast) -> None:
    path, token = f"/providers/{cast.provider_id}/deactivation", cast.site_admin.token
    assert api.get(f"{path}-preview", token).json_body["removes_data"]
    assert "removed 90 days later" in api.post(path, {}, token).json_body["detail"]
    licensed(api, cast)
    assert not api.get(f"{path}-preview", token).json_body["removes_data"]
    assert "removed" not in api.post(path, {}, token).json_body["detail"]


def test_the_preview_names_who_loses_access_and_who_is_signed_out(api: Api, cast: Cast) -> None:
    path = f"/providers/{cast.provider_id}/deactivation-preview"
    preview = api.get(path, cast.site_admin.token).json_body
    usernames = preview["usernames"]
    assert {each["username"]: each["left_with_nothing"] for each in usernames} == {
        "ada": False,  # she keeps her role
        "cleo": True,
        "max": False,  # he reaches another practice's account
    }
    assert preview["last_site_admin"] == "ada"
    make_site_admin("sue", cast.site_admin.practice_id)
    assert api.get(path, cast.site_admin.token).json_body["last_site_admin"] is None


def test_nothing_happens_before_it_is_confirmed_and_the_refusal_tells_what_would(
    api: Api, cast: Cast, world: World
) -> None:
    with_patients(cast, cast.provider_id, 3)
    preview = api.get(f"/providers/{cast.provider_id}/deactivation-preview", cast.site_admin.token).json_body
    before = world.everything()
    for body in ({}, {"confirm": False}, {"date": "2026-08-01"}):
        answer = api.post(f"/providers/{cast.provider_id}/deactivation", body, cast.site_admin.token)
        assert (answer.status_code, answer.json_body["code"]) == (409, "confirmation_required")
        assert answer.json_body["preview"] == preview
        assert "3 patients" in answer.json_body["detail"]
    assert world.everything() == before


def test_the_refusal_tells_when_the_account_ends_and_where_its_patients_go(api: Api, cast: Cast) -> None:
    other = opened(api, cast, first_name="Ann", last_name="Hart")["id"]
    path = f"/providers/{cast.provider_id}/deactivation"

    def told(**body: object) -> str:
        return str(api.post(path, body, cast.site_admin.token).json_body["detail"])

    assert told().startswith("The account ends now. It has no patients. Its physician license")
    with_patients(cast, cast.provider_id, 1)
    assert "It has 1 patient, who stays on it until reassigned." in told()
    later = told(date="2026-07-06", reassign_to=other)
    assert later.startswith("The account ends when 2026-07-06 begins in your practice, at 2026-07-06T05:00:00Z.")
    assert "It has 1 patient, who goes to Ann Hart. Its" in later
    assert deactivated(api, cast, other, date="2026-07-06").status_code == 202
    gone = "But Ann Hart is to be deactivated on 2026-07-06: unless that changes, they stay on this account."
    assert gone in told(date="2026-07-06", reassign_to=other)
    assert "to be deactivated" not in told(date="2026-07-05", reassign_to=other)
    assert "to be deactivated" not in told(reassign_to=other)


@pytest.mark.parametrize("route", ["deactivation", "reactivation", "deactivation/undo"])
def test_an_account_that_was_changed_since_it_was_looked_at_is_left_as_it_is(
    api: Api, cast: Cast, world: World, route: str
) -> None:
    licensed(api, cast)
    if route != "deactivation":
        deactivated(api, cast, cast.provider_id)
    body, token = {"confirm": True} if route == "deactivation" else None, cast.site_admin.token
    version, before = shown(api, cast, cast.provider_id)["version"], world.everything()
    path = f"/providers/{cast.provider_id}/{route}"
    answer = api.request("POST", path, body, token=token, headers={"If-Match": f'"{version - 1}"'})
    assert (answer.status_code, answer.json_body["code"]) == (412, "stale_version")
    assert world.everything() == before
    assert api.request("POST", path, body, token=token, headers={"If-Match": f'"{version}"'}).status_code == 200


def test_ends_the_account_in_the_directory_on_the_roster_and_in_the_pool(api: Api, cast: Cast, world: World) -> None:
    provider = opened(api, cast, first_name="Zoë")
    answer = deactivated(api, cast, provider["id"])
    assert answer.status_code == 200
    assert answer.json_body == provider | {
        "status": "inactive",
        "version": 2,
        "undo_until": "2026-07-03T16:00:00Z",
        "reassignment_id": None,
    }
    assert answer.headers["ETag"] == '"2"'
    assert shown(api, cast, provider["id"]) == provider | {"status": "inactive", "version": 2}
    check_directory()
    assert "Zoë Johnson" in listed(api, cast.site_admin, "status=inactive&q=zoe")
    assert "Zoë Johnson" not in listed(api, cast.site_admin, "assignable=true")
    last = list(RosterRow.query(cast.site_admin.practice_id, RosterRow.sk.startswith("roster#")))[-1]
    assert (last.provider_id, last.active) == (provider["id"], False)
    assert world.pools()[cast.site_admin.practice_id] == Pool(Counts(physician=1), Counts(physician=1))
    assert api.get("/reconciliation", cast.site_admin.token).json_body["differences"] == []


def test_a_trial_license_ends_with_its_account(api: Api, cast: Cast, world: World) -> None:
    assert deactivated(api, cast, cast.provider_id).status_code == 200
    assert world.pools()[cast.site_admin.practice_id] == Pool()


def test_patients_stay_where_they_are_and_the_account_takes_no_more(api: Api, cast: Cast) -> None:
    with_patients(cast, cast.provider_id, 3)
    deactivated(api, cast, cast.provider_id)
    practice_id = cast.site_admin.practice_id
    caseload = CaseloadRow.get(f"{practice_id}#{cast.provider_id}", "caseload")
    assert (caseload.patients, caseload.open) == (3, False)
    assert [row.sk for row in LeftRow.query(practice_id, LeftRow.sk.startswith("left#"))] == [
        f"left#{cast.provider_id}"
    ]


def test_accounting_is_told_once_and_the_audit_trail_has_one_line(api: Api, cast: Cast, world: World) -> None:
    provider_id = opened(api, cast)["id"]
    api.tick("relay_events")
    world.topic_messages("accounting")
    assert [deactivated(api, cast, provider_id).status_code for _ in range(2)] == [200, 409]
    api.tick("relay_events")
    (message,) = world.topic_messages("accounting")
    assert message.subject == f"Provider account {provider_id} deactivated"
    assert "one physician license became available" in message.body
    assert "By: ada" in message.body
    newest = api.get("/audit?limit=2", cast.site_admin.token).json_body["items"]
    assert [line["type"] for line in newest] == ["provider.deactivated", "license_order.placed"]
    assert (newest[0]["subject"], newest[0]["actor"], newest[0]["before"]) == (provider_id, "ada", {"status": "active"})
    assert newest[0]["after"]["status"] == "inactive"


def test_a_repeat_under_the_same_key_answers_the_same(api: Api, cast: Cast) -> None:
    path, token = f"/providers/{cast.provider_id}/deactivation", cast.site_admin.token
    first, second = (api.post(path, {"confirm": True}, token, key="d-1") for _ in range(2))
    assert (second.status_code, second.body, second.headers["ETag"]) == (200, first.body, '"2"')


def test_an_inactive_account_is_not_deactivated_again(api: Api, cast: Cast, world: World) -> None:
    deactivated(api, cast, cast.provider_id)
    before = world.everything()
    for body in ({}, {"date": "2026-08-01"}, {"confirm": False}):
        answer = deactivated(api, cast, cast.provider_id, **body)
        assert (answer.status_code, answer.json_body["code"]) == (409, "provider_inactive")
    preview = api.get(f"/providers/{cast.provider_id}/deactivation-preview", cast.site_admin.token)
    assert (preview.status_code, preview.json_body["code"]) == (409, "provider_inactive")
    assert world.everything() == before


def test_who_reached_it_gets_404_from_the_next_request_on_and_who_has_nothing_left_401(api: Api, cast: Cast) -> None:
    path = f"/providers/{cast.provider_id}/patients"
    assert {api.get(path, who.token).status_code for who in (cast.clinician, cast.master)} == {200}
    deactivated(api, cast, cast.provider_id)
    assert api.get(path, cast.clinician.token).status_code == 401
    assert api.get(path, cast.master.token).status_code == 404
    assert api.get(path, cast.site_admin.token).status_code == 200
    assert shown(api, cast, cast.provider_id)["status"] == "inactive"
    api.post(f"/providers/{cast.provider_id}/deactivation/undo", token=cast.site_admin.token)
    assert {api.get(path, who.token).status_code for who in (cast.clinician, cast.master)} == {200}


def test_the_largest_account_ends_and_comes_back_in_one_transaction_each(api: Api, cast: Cast) -> None:
    first, last = ("ab1 abx1 aby1 abz1", "ab2 abx2 aby2 abz2")
    provider_id = opened(api, cast, first_name=first, last_name=last, npi="1234567893")["id"]
    target = opened(api, cast)["id"]
    for number in range(MOST_USERNAMES):
        username = f"user{number:02}"
        facts = {"practice_id": cast.site_admin.practice_id, "email": "u@clinic.example", "status": "active"}
        UsernameRow.key(username).row(username=username, epoch=0, created_at="", **facts).save()
        give_access(username, cast.site_admin.practice_id, provider_id)
    deactivated(api, cast, provider_id, date="2026-07-06")
    ends = {"confirm": True, "reassign_to": target}
    for path, body in (("deactivation", ends), ("deactivation/undo", {})):
        answer = api.post(f"/providers/{provider_id}/{path}", body, cast.site_admin.token, key="k-1")
        assert answer.status_code == 200, answer.body
    check_directory()


# --- Patients who are to go elsewhere -----------------------------------------------------------------------------


def test_a_target_begins_the_move_of_the_patients_in_the_same_commit(api: Api, cast: Cast) -> None:
    target = opened(api, cast)["id"]
    with_patients(cast, cast.provider_id, 1_000)
    answer = deactivated(api, cast, cast.provider_id, reassign_to=target)
    (move,) = ReassignmentRow.query(cast.site_admin.practice_id, ReassignmentRow.sk.startswith("reassignment#"))
    begun = move.as_reassignment()
    assert (begun.id, begun.status) == (answer.json_body["reassignment_id"], "running")
    assert (begun.source, begun.to, begun.total, begun.moved) == (cast.provider_id, target, 1_000, 0)
    assert move.due_at == "2026-07-02T16:00:00Z"
    done = DeactivationRow.get(cast.site_admin.practice_id, f"deactivation#{cast.provider_id}").as_deactivation()
    assert done.reassignment_id == begun.id


@pytest.mark.parametrize("confirm", [True, False])
def test_a_target_must_be_another_active_account_of_the_practice(
    api: Api, cast: Cast, world: World, confirm: bool
) -> None:
    inactive = opened(api, cast)["id"]
    deactivated(api, cast, inactive)
    foreign = api.get("/providers", cast.outsider.token).json_body["items"][0]["id"]
    before = world.everything()
    expected = {
        cast.provider_id: (422, "invalid_value"),
        inactive: (422, "invalid_value"),
        foreign: (404, "not_found"),
        "prv_nobody": (404, "not_found"),
        "": (404, "not_found"),
    }
    for target, refusal in expected.items():
        for date in ({}, {"date": "2026-08-01"}):
            answer = deactivated(api, cast, cast.provider_id, reassign_to=target, confirm=confirm, **date)
            assert (answer.status_code, answer.json_body["code"]) == refusal, target
    assert world.everything() == before


def test_costs_two_calls_and_the_same_with_ten_patients_or_ten_thousand(api: Api, cast: Cast) -> None:
    target = opened(api, cast)["id"]
    units = []
    for patients in (10, 10_000):
        provider_id = opened(api, cast)["id"]
        with_patients(cast, provider_id, patients)
        with calls_recorded() as calls, recorded() as measured:
            deactivated(api, cast, provider_id, reassign_to=target)
        assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
        units.append(sum((call.units.write for call in measured), start=0))
    assert units[0] == units[1]
