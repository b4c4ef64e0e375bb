"""POST and GET /providers/{provider_id}/patients, and one patient."""

from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.events import EventRow
from chalicelib.providers.tables import CaseloadRow
from tests.api import Api
from tests.cast import Cast, new_session, patient_body
from tests.conftest import NOON
from tests.logs import logged
from tests.providers.steps import caseload, closed, patients_of, registered

WHOLE = patient_body(date_of_birth="1984-05-17", mrn="A-1001", rtm_status="eligible")


def test_a_patient_is_found_where_the_answer_says(api: Api, cast: Cast) -> None:
    answer = api.post(f"/providers/{cast.provider_id}/patients", WHOLE, cast.site_admin.token)
    patient = answer.json_body
    assert answer.status_code == 201
    assert patient == {"id": patient["id"], "provider_id": cast.provider_id, "rtm_status": "eligible"}
    shown = api.get(answer.headers["Location"], cast.site_admin.token)
    assert (shown.status_code, shown.json_body) == (
        200,
        {**WHOLE, **patient, "moved_by": None, "moved_earlier_by": None},
    )


def test_the_rtm_status_is_by_default_what_the_configuration_says(api: Api, cast: Cast) -> None:
    assert registered(api, cast)["rtm_status"] == "not_enrolled"
    path = f"/providers/{cast.provider_id}/configuration"
    api.put(path, {"default_rtm_status": "enrolled"}, cast.site_admin.token)
    assert registered(api, cast)["rtm_status"] == "enrolled"
    assert registered(api, cast, rtm_status="eligible")["rtm_status"] == "eligible"


def test_patients_are_listed_in_the_order_of_registration_page_by_page(api: Api, cast: Cast) -> None:
    names = ["Zeller", "Adams", "Moss", "Ames", "Young"]
    ids = [registered(api, cast, last_name=name)["id"] for name in names]
    assert [each["last_name"] for each in patients_of(api, cast, limit=2)] == names
    assert [each["id"] for each in patients_of(api, cast)] == ids
    assert caseload(cast, cast.provider_id) == 5


def test_an_inactive_account_takes_no_patients(api: Api, cast: Cast) -> None:
    registered(api, cast)
    closed(cast, cast.provider_id)
    answer = api.post(f"/providers/{cast.provider_id}/patients", patient_body(), cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "provider_inactive")
    assert len(patients_of(api, cast)) == caseload(cast, cast.provider_id) == 1


def test_a_closed_caseload_takes_no_patients_whatever_was_read_of_the_account(api: Api, cast: Cast) -> None:
    key = CaseloadRow.key(cast.site_admin.practice_id, cast.provider_id)
    key.row().update(actions=[CaseloadRow.open.set(False)])
    answer = api.post(f"/providers/{cast.provider_id}/patients", patient_body(), cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "provider_inactive")
    assert patients_of(api, cast) == []


@pytest.mark.parametrize("born", ["1900-01-01", "2026-07-02", "1984-02-29"])
def test_a_day_of_birth_is_any_from_1900_to_today(api: Api, cast: Cast, born: str) -> None:
    assert registered(api, cast, date_of_birth=born)


def test_today_is_that_of_the_practice(api: Api, cast: Cast) -> None:
    with clock.frozen(NOON.replace(hour=4) + timedelta(days=1)):  # still the second of July in Chicago
        token = new_session("ada", cast.site_admin.practice_id)
        answers = [
            api.post(f"/providers/{cast.provider_id}/patients", patient_body(date_of_birth=day), token).status_code
            for day in ("2026-07-02", "2026-07-03")
        ]
    assert answers == [201, 422]


def test_a_repeated_request_registers_once(api: Api, cast: Cast) -> None:
    answers = [
        api.post(f"/providers/{cast.provider_id}/patients", WHOLE, cast.site_admin.token, key="one") for _ in range(2)
    ]
    assert answers[0].json_body == answers[1].json_body
    assert len(patients_of(api, cast)) == 1


def test_another_practice_finds_nothing(api: Api, cast: Cast) -> None:
    path, token = f"/providers/{cast.provider_id}/patients", cast.outsider.token
    patient = registered(api, cast)
    assert api.get(path, token).status_code == 404
    assert api.post(path, patient_body(), token).status_code == 404
    assert api.get(f"{path}/{patient['id']}", token).status_code == 404


def test_the_audit_trail_and_the_log_hold_ids_alone(api: Api, cast: Cast) -> None:
    with logged() as lines:
        patient = registered(api, cast, first_name="Maximilian", mrn="A-1001", date_of_birth="1984-05-17")
    (event,) = EventRow.query(
        cast.site_admin.practice_id, EventRow.sk.startswith("evt_"), EventRow.type == "patient.registered"
    )
    assert (event.subject, event.before, event.after) == (patient["id"], {}, {"provider_id": cast.provider_id})
    assert lines
    assert not [secret for secret in ("Maximilian", "Sample", "A-1001", "1984-05-17") if secret in str(lines)]
