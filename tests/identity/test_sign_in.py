"""POST /sessions."""

import io
import logging
from typing import Literal
from unittest.mock import patch

import argon2
import pytest

from chalicelib import telemetry
from chalicelib.identity import passwords
from chalicelib.identity.sessions import Token
from chalicelib.identity.tables import SessionRow
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast
from tests.identity.steps import (
    WRONG,
    all_text,
    change,
    enrol,
    later,
    login,
    mailed_link,
    secret_of,
    sign_in,
    without_request_id,
)
from tests.world import World


def test_the_right_password_opens_a_session(api: Api, cast: Cast) -> None:
    answer = sign_in(api, "pat")
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/sessions/current"
    assert answer.json_body["expires_at"] == "2026-07-03T04:00:00Z"
    assert answer.json_body["enrollment_required"] is False
    assert api.get("/me", answer.json_body["token"]).json_body["username"] == "pat"
    assert login("pat").last_sign_in_at == "2026-07-02T16:00:00Z"


def test_a_username_may_be_spelled_in_any_case_and_form(api: Api, cast: Cast) -> None:
    for spelling in ("PAT", "Ｐａｔ", "pᵃt"):
        assert sign_in(api, spelling).status_code == 201


def test_wrong_and_unknown_are_answered_alike(api: Api, cast: Cast) -> None:
    change("sue", status="inactive")
    answers = [
        sign_in(api, "pat", WRONG),
        sign_in(api, "nobody"),
        sign_in(api, "not a username!"),
        sign_in(api, "sue", WRONG),
        sign_in(api, "ada", WRONG, totp=cast.site_admin.code()),
        sign_in(api, "ada", totp="000000"),
        sign_in(api, "ada", recovery_code="aaaa-bbbb-cccc-dddd"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert all(without_request_id(answer) == without_request_id(answers[0]) for answer in answers)
    assert answers[0].json_body["code"] == "invalid_credentials"


def test_argon2_runs_as_hard_for_a_username_that_nobody_has(api: Api, cast: Cast, argon2_as_it_is: None) -> None:
    verified: list[str] = []

    class Watched(argon2.PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 (argon2's name)
            verified.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    change("pat", password_hash=passwords.hashed(PASSWORD))
    change("sue", password_hash=None)
    with patch.object(passwords, "_hasher", Watched(time_cost=1, memory_cost=46 * 1024, parallelism=1)):
        for username in ("pat", "nobody", "not a username!", "sue"):
            sign_in(api, username, WRONG)
    assert len(verified) == 4
    assert set(verified) == {"$argon2id$v=19$m=47104,t=1,p=1"}


def test_a_username_without_a_password_lets_nobody_in(api: Api, cast: Cast) -> None:
    change("sue", password_hash=None)
    for password in ("", "None", PASSWORD, passwords.NOBODYS_HASH):
        assert sign_in(api, "sue", password).status_code == 401


def test_two_factor_is_asked_for_after_the_right_password(api: Api, cast: Cast) -> None:
    answer = sign_in(api, "ada")
    assert (answer.status_code, answer.json_body["code"]) == (401, "totp_required")
    assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 201


@pytest.mark.parametrize(("steps_ahead", "status"), [(-2, 401), (-1, 201), (0, 201), (1, 401), (2, 401)])
def test_the_present_step_and_the_one_before_are_accepted(api: Api, cast: Cast, steps_ahead: int, status: int) -> None:
    assert sign_in(api, "ada", totp=cast.site_admin.code(steps_ahead)).status_code == status


def test_a_code_works_once(api: Api, cast: Cast) -> None:
    code = cast.site_admin.code()
    assert sign_in(api, "ada", totp=code).status_code == 201
    assert sign_in(api, "ada", totp=code).status_code == 401


def test_a_step_before_a_used_one_is_refused(api: Api, cast: Cast) -> None:
    before = cast.site_admin.code(-1)
    assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 201
    assert sign_in(api, "ada", totp=before).status_code == 401


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", " " * 6, "-00001"])
def test_what_is_no_code_is_refused(api: Api, cast: Cast, code: str) -> None:
    assert sign_in(api, "ada", totp=code).json_body["code"] == "invalid_credentials"


def test_another_usernames_code_is_refused(api: Api, cast: Cast) -> None:
    assert sign_in(api, "ada", totp=cast.outsider.code()).status_code == 401


@pytest.mark.parametrize("typed", ["{code}", "{upper}", "{bare}", " {code} ", "{spaced}"])
def test_a_recovery_code_works_however_it_is_typed_and_once(api: Api, cast: Cast, world: World, typed: str) -> None:
    _, codes = enrol(api, cast.plain_user.token)
    code = codes[3]
    text = typed.format(code=code, upper=code.upper(), bare=code.replace("-", ""), spaced=code.replace("-", " "))
    assert sign_in(api, "pat", recovery_code=text).status_code == 201
    assert sign_in(api, "pat", recovery_code=text).status_code == 401
    assert sign_in(api, "pat", recovery_code=codes[4]).status_code == 201
    assert len(login("pat").recovery_codes or ()) == 8


def test_a_used_recovery_code_is_told_to_the_username(api: Api, cast: Cast, world: World) -> None:
    _, codes = enrol(api, cast.plain_user.token)
    sign_in(api, "pat", recovery_code=codes[0])
    api.tick("relay_events")
    (mail,) = [mail for mail in world.emails() if "recovery code" in mail.subject]
    assert mail.to == "pat@clinic.example"
    assert "9 are left" in mail.body


def test_the_last_recovery_code_works_too(api: Api, cast: Cast) -> None:
    _, codes = enrol(api, cast.plain_user.token)
    assert {sign_in(api, "pat", recovery_code=code).status_code for code in codes} == {201}
    assert sign_in(api, "pat", recovery_code=codes[0]).status_code == 401


def test_an_inactive_username_is_told_so_only_after_its_password(api: Api, cast: Cast) -> None:
    change("pat", status="inactive")
    answer = sign_in(api, "pat")
    assert (answer.status_code, answer.json_body["code"]) == (403, "username_inactive")
    assert sign_in(api, "pat", WRONG).json_body["code"] == "invalid_credentials"
    assert not [row for row in SessionRow.query("username#pat", SessionRow.sk.startswith("session#")) if row.epoch > 0]


def test_a_weaker_hash_is_replaced_at_sign_in(api: Api, cast: Cast, argon2_as_it_is: None) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    change("pat", password_hash=weak)
    assert sign_in(api, "pat").status_code == 201
    stronger = str(login("pat").password_hash)
    assert stronger.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert sign_in(api, "pat").status_code == 201
    assert login("pat").password_hash == stronger


def test_with_two_factor_it_takes_three_calls_to_aws(api: Api, cast: Cast) -> None:
    with calls_recorded() as calls:
        assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 201
    assert calls == ["dynamodb:BatchGetItem", "kms:Decrypt", "dynamodb:TransactWriteItems"]


def test_each_sign_in_gives_another_token_and_stores_only_its_hash(api: Api, cast: Cast, world: World) -> None:
    tokens = {sign_in(api, "pat").json_body["token"] for _ in range(2)}
    assert len(tokens) == 2
    stored = all_text(world)
    for token in tokens:
        assert len(secret_of(token)) >= 43  # 256 bits in base 64
        assert token not in stored
        assert secret_of(token) not in stored
        assert Token.parse(token).hash in stored


def test_a_receipt_of_a_sign_in_is_never_kept(api: Api, cast: Cast, world: World) -> None:
    body = {"username": "pat", "password": PASSWORD}
    first, second = (api.post("/sessions", body, key="same").json_body["token"] for _ in range(2))
    assert first != second
    assert world.rows("RECEIPTS_TABLE") == []


def test_passwords_and_codes_stand_in_no_row_and_no_log(api: Api, cast: Cast, world: World) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(telemetry._JsonLines())
    root, logger = logging.getLogger(), logging.getLogger("practice_admin.telemetry")
    level = root.level
    for each in (root, logger):
        each.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        token = sign_in(api, "ada", totp=(code := cast.site_admin.code())).json_body["token"]
        sign_in(api, "ada", WRONG, totp="987654")
        api.post("/password-resets", {"username": "pat"})
        link = mailed_link(api, world, "pat@clinic.example")
        api.post(link, {"password": "a password of nine words, typed in once only"})
        own = [line for line in out.getvalue().splitlines() if '"message": "request"' in line]
    finally:
        root.setLevel(level)
        for each in (root, logger):
            each.removeHandler(handler)
    assert len(own) >= 4
    for secret in (PASSWORD, WRONG, "nine words", secret_of(token)):
        assert secret not in out.getvalue()
        assert secret not in all_text(world)
    for secret in (code, "987654", token, link.rpartition("/")[2]):
        assert not any(secret in line for line in own)


def test_signing_in_again_leaves_other_sessions_alone(api: Api, cast: Cast) -> None:
    sign_in(api, "pat")
    with later(minutes=5):
        assert api.get("/me", cast.plain_user.token).status_code == 200
