"""POST /sign-up."""

from typing import Any

import pytest

from chalicelib.identity.tables import PracticeRow
from chalicelib.licensing.tables import ClaimRow
from chalicelib.providers.tables import ProviderRow
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast, sign_up_body
from tests.identity.steps import all_text, bad_fields, login, sign_in
from tests.world import World


def body(**changes: Any) -> dict[str, Any]:
    return {**sign_up_body("grace"), **changes}


def test_makes_practice_provider_username_and_trial_license(api: Api) -> None:
    answer = api.post("/sign-up", body())
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/practice"
    made = answer.json_body
    practice_id, provider_id = made["practice"]["id"], made["provider"]["id"]
    assert made["username"] == "grace"
    assert made["practice"] == {
        "id": practice_id,
        "name": "Elm Street Clinic",
        "time_zone": "America/Chicago",
        "owner_email": "owner.grace@clinic.example",
        "owner_email_verified": False,
    }
    assert made["provider"]["license_type"] == "physician"
    assert made["provider"]["status"] == "active"
    assert made["trial_license"] == {
        "license_type": "physician",
        "provider_id": provider_id,
        "ends_at": "2026-08-01T16:00:00Z",
    }
    assert login("grace").roles == {"site_admin"}
    assert login("grace").practice_id == practice_id
    assert ProviderRow.get(practice_id, f"provider#{provider_id}").as_provider().status == "active"
    assert [row.license_type for row in ClaimRow.query(practice_id, ClaimRow.sk.startswith("claim#"))] == ["physician"]


def test_is_one_transaction(api: Api) -> None:
    with calls_recorded() as calls:
        api.post("/sign-up", body())
    assert [call for call in calls if call.startswith("dynamodb:")] == ["dynamodb:TransactWriteItems"]


@pytest.mark.parametrize(
    ("credential", "license_type"),
    [("MD", "physician"), ("DO", "physician"), ("CRNA", "physician"), ("PA", "midlevel"), ("NP", "midlevel")],
)
def test_the_trial_license_is_of_the_credentials_type(api: Api, credential: str, license_type: str) -> None:
    answer = api.post("/sign-up", body(provider={**body()["provider"], "credential": credential}))
    assert answer.json_body["trial_license"]["license_type"] == license_type


def test_the_new_username_can_sign_in_and_must_enrol(api: Api) -> None:
    api.post("/sign-up", body())
    session = sign_in(api, "grace").json_body
    assert session["enrollment_required"] is True


@pytest.mark.parametrize("spelling", ["grace", "GRACE", "Ｇｒａｃｅ", "gʳace"])
def test_a_username_is_given_out_once_however_it_is_spelled(api: Api, world: World, spelling: str) -> None:
    api.post("/sign-up", body())
    before = world.everything()
    answer = api.post("/sign-up", body(username=spelling, practice_name="Another Clinic"))
    assert (answer.status_code, answer.json_body["code"]) == (409, "username_taken")
    assert world.everything() == before


def test_an_inactive_username_is_still_taken(api: Api, cast: Cast) -> None:
    assert api.post("/users/pat/deactivate", None, cast.site_admin.token).status_code == 200
    assert api.post("/sign-up", body() | {"username": "pat"}).json_body["code"] == "username_taken"


def test_a_repeat_with_its_key_answers_the_same_and_makes_nothing(api: Api, world: World) -> None:
    first = api.post("/sign-up", body(), key="once")
    before = world.everything()
    second = api.post("/sign-up", body(), key="once")
    assert (second.status_code, second.body) == (first.status_code, first.body)
    assert second.headers["Location"] == first.headers["Location"]
    assert world.everything() == before
    assert PracticeRow.count(first.json_body["practice"]["id"]) == 3  # the practice, its owner's link, its account


def test_a_key_used_with_another_body_is_refused(api: Api, world: World) -> None:
    api.post("/sign-up", body(), key="once")
    before = world.everything()
    answer = api.post("/sign-up", body(username="hopper"), key="once")
    assert (answer.status_code, answer.json_body["code"]) == (422, "idempotency_key_reused")
    assert world.everything() == before


def test_a_weak_password_is_refused_and_nothing_written(api: Api, world: World) -> None:
    before = world.everything()
    for password in (
        "elevenchars",
        "x" * 64 + " y " + "z" * 62,
        "password1234",
        "PassWord!!!!!!",
        "123456789012",
        "aaaaaaaaaaaa",
        "qwertyuiop123",
        "elmstreetclinic",
        "Grace2026!!!!",
        "Ada-Byron-1815",
        "ＡＤＡ ＢＹＲＯＮ！！！",
    ):
        assert bad_fields(api.post("/sign-up", body(password=password))) == {"password"}
    assert world.everything() == before


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "only lowercase letters",
        "ünïcödé geht auch",
        "密码可以用中文写成这样子",
        "🔑🐎🔋🧷🌲🏔🎻🚲🧊🪁🥁🦉",
        "z8" + "kq" * 10 + "v " * 53,
    ],
)
def test_a_long_and_uncommon_password_needs_no_composition(api: Api, password: str) -> None:
    assert api.post("/sign-up", body(password=password)).status_code == 201
    assert sign_in(api, "grace", password).status_code == 201


def test_a_password_is_the_same_in_every_unicode_form(api: Api) -> None:
    api.post("/sign-up", body(password="cafe\u0301 crème brûlée"))
    assert sign_in(api, "grace", "café crème brûlée").status_code == 201


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Zurich", "Asia/Kolkata", "UTC"])
def test_time_zones_of_the_iana_database_are_accepted(api: Api, zone: str) -> None:
    assert api.post("/sign-up", body(time_zone=zone)).json_body["practice"]["time_zone"] == zone


def test_other_time_zones_are_refused(api: Api) -> None:
    for zone in ("Mars/Olympus", "EST", "+02:00", "America", "../etc/passwd", "/etc/passwd", "right/Asia/Tokyo", ""):
        assert bad_fields(api.post("/sign-up", body(time_zone=zone))) == {"time_zone"}, zone


def test_other_signs_in_a_username_are_refused(api: Api) -> None:
    for username in ("ab", "x" * 65, "a b c", "-abc", "abc-", "a#b", "a|b", "a\u200bb", "<abc>"):
        assert bad_fields(api.post("/sign-up", body(username=username))) == {"username"}


def test_all_bad_fields_are_named_at_once(api: Api, world: World) -> None:
    before = world.everything()
    provider = {"first_name": "", "last_name": "Hopper", "credential": "RN", "email": "nobody"}
    bad = body(time_zone="Mars/Olympus", username="x", password="short", provider=provider, owner_email="@", extra=1)
    assert bad_fields(api.post("/sign-up", bad)) == {
        "time_zone",
        "username",
        "password",
        "provider.first_name",
        "provider.credential",
        "provider.email",
        "owner_email",
        "extra",
    }
    assert world.everything() == before


def test_a_refused_credential_lists_those_accepted(api: Api) -> None:
    answer = api.post("/sign-up", body(provider={**body()["provider"], "credential": "RN"}))
    (error,) = answer.json_body["errors"]
    assert error["field"] == "provider.credential"
    assert all(credential in error["message"] for credential in ("MD", "DO", "CRNA", "PA", "NP"))


def test_the_password_is_stored_only_as_argon2id(api: Api, world: World, argon2_as_it_is: None) -> None:
    api.post("/sign-up", body(), key="once")
    assert PASSWORD not in all_text(world)
    assert str(login("grace").password_hash).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
