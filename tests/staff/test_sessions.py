"""Staff's own door: POST /staff/sessions, GET and DELETE /staff/sessions/current, two-factor, PUT /staff/password."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock, http
from chalicelib.identity.rules import STAFF_ABSOLUTE
from tests.api import Api, from_address
from tests.cast import PASSWORD, Cast, Person, new_session
from tests.conftest import NOON
from tests.identity.steps import NEW_PASSWORD, WRONG, all_text, code_of, later, login
from tests.staff.people import staff_person
from tests.world import World

CURRENT = "/staff/sessions/current"


def sign_in(api: Api, name: str = "sam", password: str = PASSWORD, **factor: str) -> Any:
    return api.post("/staff/sessions", {"username": name, "password": password, **factor})


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


@pytest.fixture
def sam(api: Api) -> Person:
    return staff_person("sam")


def test_name_password_and_code_open_a_session(api: Api, sam: Person) -> None:
    opened = sign_in(api, "SAM", totp=sam.code())
    assert (opened.status_code, opened.json_body["enrollment_required"]) == (201, False)
    current = api.get(CURRENT, opened.json_body["token"]).json_body
    assert (current["name"], current["role"], current["enrollment_required"]) == ("sam", "support", False)
    assert current["expires_at"] == clock.to_text(NOON + STAFF_ABSOLUTE)
    assert current["idle_until"] == clock.to_text(NOON + timedelta(minutes=15))


def test_no_code_no_session(api: Api, sam: Person) -> None:
    assert refusal(sign_in(api)) == (401, "totp_required")
    assert refusal(sign_in(api, totp="000000")) == (401, "invalid_credentials")
    assert refusal(sign_in(api, password=WRONG, totp=sam.code())) == (401, "invalid_credentials")
    assert refusal(sign_in(api, "nobody", totp=sam.code())) == (401, "invalid_credentials")


def test_a_code_opens_one_session(api: Api, sam: Person) -> None:
    assert sign_in(api, totp=sam.code()).status_code == 201
    assert refusal(sign_in(api, totp=sam.code())) == (401, "invalid_credentials")


def test_the_doors_of_staff_and_of_customers_know_nobody_of_each_other(api: Api, cast: Cast, sam: Person) -> None:
    assert refusal(sign_in(api, "ada", totp=cast.site_admin.code())) == (401, "invalid_credentials")
    for name in ("sam", "staff:sam", "STAFF:sam", "staff#sam"):
        answer = api.post("/sessions", {"username": name, "password": PASSWORD, "totp": sam.code()})
        assert refusal(answer) == (401, "invalid_credentials")
    assert refusal(sign_in(api, "staff:sam", totp=sam.code())) == (401, "invalid_credentials")
    assert sign_in(api, totp=sam.code()).status_code == 201, "their guesses count apart"


def test_nobody_signs_up_under_the_name_of_staff(api: Api, cast: Cast) -> None:
    answer = api.post("/users", {"username": "staff:sam", "email": "s@clinic.example"}, cast.site_admin.token)
    assert answer.status_code == 422


def test_a_session_of_staff_opens_no_other_route_and_no_other_session_theirs(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    for route in http.ROUTES:
        if route.permit.signed_in:
            token = cast.site_admin.token if route.permit.staff else sam.token
            path = route.path.replace("{", "").replace("}", "")
            assert refusal(api.request(route.method, path, {}, token=token)) == (401, "not_signed_in"), route.name


def test_a_session_ends_after_four_hours_and_when_it_is_not_used(api: Api, sam: Person) -> None:
    for minutes in range(14, 240, 14):
        with later(minutes=minutes):
            assert api.get(CURRENT, sam.token).status_code == 200
    with later(hours=4):
        assert api.get(CURRENT, sam.token).status_code == 401
    idle = staff_person("kim").token
    with later(minutes=15):
        assert api.get(CURRENT, idle).status_code == 401


def test_signing_out_ends_the_session_at_once(api: Api, sam: Person) -> None:
    assert api.delete(CURRENT, sam.token).status_code == 204
    assert api.get(CURRENT, sam.token).status_code == 401


# --- Guesses ------------------------------------------------------------------------------------------------------


def test_of_fifty_wrong_codes_five_are_looked_at_and_then_the_right_one_waits_too(api: Api, sam: Person) -> None:
    answers = [refusal(sign_in(api, totp="000000")) for _ in range(50)]
    assert answers == [(401, "invalid_credentials")] * 5 + [(429, "too_many_requests")] * 45
    locked = sign_in(api, totp=sam.code())
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "31")
    with later(seconds=30):
        assert sign_in(api, totp="000000").status_code == 401
    with later(seconds=89):
        assert sign_in(api, totp=sam.code()).status_code == 429
    with later(seconds=90):
        assert sign_in(api, totp=sam.code()).status_code == 201


def test_guesses_elsewhere_leave_a_familiar_network_alone(api: Api, sam: Person) -> None:
    with from_address("198.51.100.7"):
        assert sign_in(api, totp=sam.code()).status_code == 201
    for _ in range(6):
        sign_in(api, password=WRONG)
    with from_address("198.51.100.9"), later(minutes=1):
        assert sign_in(api, totp=sam.code()).status_code == 201
    with later(seconds=20):
        assert sign_in(api, totp=sam.code(2)).status_code == 429


# --- Two-factor and passwords --------------------------------------------------------------------------------------


def enrol(api: Api, token: str) -> tuple[str, list[str]]:
    seed = api.post("/staff/totp", {}, token).json_body["secret"]
    confirmed = api.post("/staff/totp/confirm", {"code": code_of(seed)}, token)
    return seed, confirmed.json_body["recovery_codes"]


def test_the_first_sign_in_can_only_set_up_two_factor(api: Api) -> None:
    staff_person("new", enrolled=False)
    opened = sign_in(api, "new").json_body
    assert opened["enrollment_required"] is True
    for route in http.ROUTES:
        if route.permit.staff and not route.permit.enrolling:
            path = route.path.replace("{", "").replace("}", "")
            answer = api.request(route.method, path, {}, token=opened["token"])
            assert refusal(answer) == (403, "enrollment_required"), route.name
    assert len(enrol(api, opened["token"])[1]) == 10
    assert api.get(CURRENT, opened["token"]).json_body["enrollment_required"] is False


def test_what_may_be_done_before_two_factor_is_a_short_list() -> None:
    assert {route.name for route in http.ROUTES if route.permit.staff and route.permit.enrolling} == {
        "GET /staff/sessions/current",
        "DELETE /staff/sessions/current",
        "POST /staff/totp",
        "POST /staff/totp/confirm",
    }


def test_a_recovery_code_opens_one_session(api: Api) -> None:
    _, (code, *_) = enrol(api, staff_person("new", enrolled=False).token)
    with later(minutes=1):
        assert sign_in(api, "new", recovery_code=code).status_code == 201
        assert refusal(sign_in(api, "new", recovery_code=code)) == (401, "invalid_credentials")


def test_another_authenticator_needs_the_old_ones_code(api: Api, sam: Person) -> None:
    assert refusal(api.post("/staff/totp", {}, sam.token)) == (403, "totp_required")
    assert api.post("/staff/totp", {"totp": "000000"}, sam.token).status_code == 422
    assert api.post("/staff/totp", {"totp": sam.code()}, sam.token).status_code == 200


def test_only_ciphertext_and_hashes_are_stored(api: Api, world: World) -> None:
    seed, codes = enrol(api, staff_person("new", enrolled=False).token)
    stored = all_text(world)
    assert seed not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_a_changed_password_ends_all_sessions(api: Api, sam: Person) -> None:
    other = new_session(sam.username, sam.practice_id)
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert api.put("/staff/password", body | {"current_password": WRONG}, sam.token).status_code == 422
    assert api.put("/staff/password", body | {"password": "short"}, sam.token).status_code == 422
    assert api.put("/staff/password", body, sam.token).status_code == 204
    assert {api.get(CURRENT, token).status_code for token in (sam.token, other)} == {401}
    assert sign_in(api, password=NEW_PASSWORD, totp=sam.code()).status_code == 201


def test_sign_ins_stand_in_the_vendors_trail_and_in_no_practices(api: Api, cast: Cast, sam: Person) -> None:
    sign_in(api, totp=sam.code())
    assert "staff:sam" not in str(api.get("/audit", cast.site_admin.token).json_body)
    assert login("staff:sam").last_sign_in_at == clock.to_text(NOON)
