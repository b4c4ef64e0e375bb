"""POST /me/totp, POST /me/totp/confirm, DELETE /me/totp."""

from base64 import b32decode
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import botocore.exceptions
import pytest

from chalicelib import http
from chalicelib.identity import rules, totp
from chalicelib.identity.tables import PracticeRow
from tests.api import Api
from tests.cast import Cast, new_session, sign_up_body
from tests.identity.steps import all_text, change, code_of, enrol, fail, later, login, sign_in
from tests.world import World


def test_starting_gives_what_an_authenticator_needs(api: Api, cast: Cast) -> None:
    answer = api.post("/me/totp", {}, cast.plain_user.token)
    assert answer.status_code == 200
    started = answer.json_body
    assert len(b32decode(started["secret"])) == 20  # 160 bits
    uri = urlsplit(started["otpauth_uri"])
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/practice-admin:pat")
    assert parse_qs(uri.query) == {"secret": [started["secret"]], "issuer": ["practice-admin"]}
    picture = ElementTree.fromstring(started["qr_svg"])  # noqa: S314 (our own)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"


def test_nothing_changes_until_it_is_confirmed(api: Api, cast: Cast) -> None:
    api.post("/me/totp", {}, cast.plain_user.token)
    assert api.get("/me", cast.plain_user.token).json_body["totp_enabled"] is False
    assert sign_in(api, "pat").status_code == 201


def test_confirming_turns_it_on_and_gives_ten_recovery_codes(api: Api, cast: Cast) -> None:
    seed, codes = enrol(api, cast.plain_user.token)
    assert len(set(codes)) == 10
    assert api.get("/me", cast.plain_user.token).json_body["recovery_codes_left"] == 10
    assert sign_in(api, "pat").json_body["code"] == "totp_required"
    with later(seconds=30):
        assert sign_in(api, "pat", totp=code_of(seed)).status_code == 201


def test_the_code_that_confirmed_opens_no_session(api: Api, cast: Cast) -> None:
    seed, _ = enrol(api, cast.plain_user.token)
    assert sign_in(api, "pat", totp=code_of(seed)).status_code == 401


def test_a_wrong_code_confirms_nothing(api: Api, cast: Cast) -> None:
    seed = api.post("/me/totp", {}, cast.plain_user.token).json_body["secret"]
    for code in ("000000", "", code_of(seed, 1), code_of(seed, -2)):
        assert api.post("/me/totp/confirm", {"code": code}, cast.plain_user.token).status_code == 422
    assert login("pat").totp_seed is None


def test_it_is_confirmed_once_and_only_after_a_start(api: Api, cast: Cast) -> None:
    early = api.post("/me/totp/confirm", {"code": "123456"}, cast.plain_user.token)
    assert (early.status_code, early.json_body["code"]) == (409, "totp_not_started")
    seed, _ = enrol(api, cast.plain_user.token)
    again = api.post("/me/totp/confirm", {"code": code_of(seed)}, cast.plain_user.token)
    assert (again.status_code, again.json_body["code"]) == (409, "totp_not_started")


def test_other_sessions_end_and_this_one_goes_on(api: Api, cast: Cast) -> None:
    other = new_session("pat", cast.plain_user.practice_id)
    enrol(api, cast.plain_user.token)
    assert api.get("/me", other).status_code == 401
    assert api.get("/me", cast.plain_user.token).status_code == 200


def test_only_ciphertext_and_hashes_are_stored(api: Api, cast: Cast, world: World) -> None:
    started = api.post("/me/totp", {}, cast.plain_user.token, key="k").json_body["secret"]
    assert started not in all_text(world)
    seed, codes = enrol(api, cast.plain_user.token)
    stored = all_text(world)
    assert seed not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert world.rows("RECEIPTS_TABLE") == []


def test_a_seed_is_bound_to_its_username_and_practice(api: Api, cast: Cast) -> None:
    ours, theirs = cast.site_admin, cast.outsider
    sealed = str(login("ada").totp_seed)
    assert totp.unseal(sealed, ours.practice_id, "ada") == ours.seed
    for practice_id, username in ((ours.practice_id, "pat"), (theirs.practice_id, "ada"), (theirs.practice_id, "eve")):
        with pytest.raises(botocore.exceptions.ClientError):
            totp.unseal(sealed, practice_id, username)


def test_a_seed_copied_to_another_username_opens_nothing(api: Api, cast: Cast) -> None:
    change("pat", totp_seed=login("ada").totp_seed, totp_last_step=1)
    assert sign_in(api, "pat", totp=cast.site_admin.code()).status_code >= 400


def test_the_username_is_told(api: Api, cast: Cast, world: World) -> None:
    enrol(api, cast.plain_user.token)
    api.delete("/me/totp", cast.plain_user.token)
    api.tick("relay_events")
    told = [mail.subject for mail in world.emails() if mail.to == "pat@clinic.example"]
    assert ["set up" in told[0], "turned off" in told[1]] == [True, True]


# --- A session that only knew the password ---------------------------------------------------------------------------


def test_a_site_admin_without_two_factor_can_do_nothing_but_enrol(api: Api, cast: Cast) -> None:
    api.post("/sign-up", sign_up_body("zoe", "Third Clinic"))
    token = sign_in(api, "zoe").json_body["token"]
    for route in http.ROUTES:
        answer = api.request(route.method, route.path.replace("{", "").replace("}", ""), {}, token=token)
        refused = answer.status_code == 403 and answer.json_body["code"] == "enrollment_required"
        own = route.permit.signed_in and not route.permit.staff
        assert refused == (own and not route.permit.enrolling), route.name
        if route.name == "DELETE /sessions/current":
            token = sign_in(api, "zoe").json_body["token"]
    enrol(api, token)
    assert api.get("/practice", token).status_code == 200


def test_what_may_be_done_before_enrolling_is_a_short_list() -> None:
    assert {route.name for route in http.ROUTES if route.permit.enrolling and not route.permit.staff} == {
        "GET /sessions/current",
        "DELETE /sessions/current",
        "GET /me",
        "POST /me/totp",
        "POST /me/totp/confirm",
        "GET /help/articles",
        "GET /help/articles/{slug}",
    }


def test_a_seed_begun_in_one_session_is_confirmed_in_no_other(api: Api, cast: Cast) -> None:
    attackers = new_session("pat", cast.plain_user.practice_id)
    left = api.post("/me/totp", {}, attackers).json_body["secret"]
    own = api.post("/me/totp", {}, cast.plain_user.token).json_body["secret"]
    api.post("/me/totp", {}, attackers)
    assert api.post("/me/totp/confirm", {"code": code_of(left)}, cast.plain_user.token).status_code == 422
    assert api.post("/me/totp/confirm", {"code": code_of(own)}, cast.plain_user.token).status_code == 200
    assert api.post("/me/totp/confirm", {"code": code_of(left)}, attackers).status_code == 401


# --- Replacing and turning off -------------------------------------------------------------------------------------


def test_replacing_needs_the_old_code(api: Api, cast: Cast) -> None:
    admin = cast.site_admin
    bare = api.post("/me/totp", {}, admin.token)
    assert (bare.status_code, bare.json_body["code"]) == (403, "totp_required")
    assert api.post("/me/totp", {"totp": cast.outsider.code()}, admin.token).status_code == 422
    assert api.post("/me/totp", {"totp": admin.code()}, admin.token).status_code == 200
    assert sign_in(api, "ada", totp=admin.code()).status_code == 401, "the code was used"
    with later(seconds=30):
        assert sign_in(api, "ada", totp=admin.code()).status_code == 201, "the old seed holds until then"


def test_a_recovery_code_replaces_a_lost_authenticator_once(api: Api, cast: Cast) -> None:
    old, codes = enrol(api, cast.plain_user.token)
    started = api.post("/me/totp", {"recovery_code": codes[0]}, cast.plain_user.token)
    new = started.json_body["secret"]
    assert api.post("/me/totp", {"recovery_code": codes[0]}, cast.plain_user.token).status_code == 422
    assert api.post("/me/totp/confirm", {"code": code_of(new)}, cast.plain_user.token).status_code == 200
    with later(minutes=1):
        assert sign_in(api, "pat", totp=code_of(old)).status_code == 401
        assert sign_in(api, "pat", recovery_code=codes[1]).status_code == 401
        assert sign_in(api, "pat", totp=code_of(new)).status_code == 201


def test_guesses_at_the_old_code_count_as_failed_sign_ins(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    for code in ("111111", "222222", "333333", "444444", "555555"):
        assert api.post("/me/totp", {"totp": code}, token).status_code == 422
    assert api.post("/me/totp", {"totp": cast.site_admin.code()}, token).status_code == 429
    assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 429


def test_failures_elsewhere_do_not_hinder_the_first_enrolment(api: Api, cast: Cast) -> None:
    fail(api, "pat", 5)
    assert len(enrol(api, cast.plain_user.token)[1]) == 10


def test_a_site_admin_cannot_turn_it_off(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = api.delete("/me/totp", cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (403, "totp_mandatory")
    assert world.everything() == before


def test_who_becomes_a_site_admin_at_that_moment_keeps_it(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(api, cast.plain_user.token)

    def appointed(*_: Any) -> bool:
        change("pat", roles={"site_admin"})
        practice = PracticeRow.key(cast.site_admin.practice_id)
        practice.row().update(actions=[PracticeRow.site_admins.add({"pat"})])
        return True

    monkeypatch.setattr(rules, "is_fresh", appointed)
    answer = api.delete("/me/totp", cast.plain_user.token)
    assert (answer.status_code, answer.json_body["code"]) == (403, "totp_mandatory")
    assert login("pat").totp_seed


def test_others_can_turn_it_off_and_their_recovery_codes_go_too(api: Api, cast: Cast) -> None:
    _, codes = enrol(api, cast.plain_user.token)
    assert api.delete("/me/totp", cast.plain_user.token).status_code == 204
    assert login("pat").recovery_codes is None
    assert sign_in(api, "pat").status_code == 201
    again = api.delete("/me/totp", cast.plain_user.token)
    assert (again.status_code, again.json_body["code"]) == (409, "totp_off")
    with later(minutes=1):
        enrol(api, cast.plain_user.token)
        assert sign_in(api, "pat", recovery_code=codes[0]).status_code == 401
