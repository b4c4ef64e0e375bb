"""POST /accounts/find: the accounts that another login of one's own reaches."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from chalice.test import HTTPResponse

from chalicelib.identity import passwords
from chalicelib.identity.model import Privileges
from chalicelib.identity.tables import FailuresRow
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast, give_access, new_session
from tests.identity.reaching import end
from tests.identity.steps import WRONG, all_text, bad_fields, change, code_of, later, sign_in, without_request_id
from tests.linking.steps import EVERYTHING, find
from tests.world import World


def test_a_login_is_found_with_the_accounts_that_it_reaches(api: Api, cast: Cast, world: World) -> None:
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view"))
    answer = find(api, cast.outsider, "CLEO")
    assert answer.status_code == 200, answer.body
    body = answer.json_body
    assert body["expires_at"] == "2026-07-02T16:05:00Z"
    assert body["accounts"] == [
        {
            "provider_id": cast.provider_id,
            "practice_name": "Elm Street Clinic",
            "provider_name": "Ada Byron",
            "privileges": dict.fromkeys(EVERYTHING, "none") | {"patients": "view"},
            "access_until": None,
        }
    ]
    assert body["find_token"] not in all_text(world)
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["actor"], newest["subject"]) == ("login.found", "eve", "cleo")
    assert api.get("/audit?limit=1", cast.outsider.token).json_body["items"][0]["type"] != "login.found"


def test_an_inactive_account_is_not_among_them(api: Api, cast: Cast) -> None:
    give_access("cleo", cast.outsider.practice_id, cast.their_provider_id)
    end(cast.outsider.practice_id, cast.their_provider_id)
    assert [each["provider_id"] for each in find(api, cast.outsider, "cleo").json_body["accounts"]] == [
        cast.provider_id
    ]


def test_with_two_factor_it_takes_a_code_once(api: Api, cast: Cast) -> None:
    code = cast.site_admin.code()
    assert find(api, cast.outsider, "ada", totp=code).status_code == 200
    assert find(api, cast.outsider, "ada", totp=code).status_code == 404
    assert sign_in(api, "ada", totp=code).status_code == 401
    assert sign_in(api, "ada", totp=code_of(cast.site_admin.seed, 1)).status_code == 401


@pytest.mark.parametrize("sent", [{}, {"totp": "000000"}], ids=["without a code", "with a code"])
def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(api: Api, cast: Cast, sent: dict[str, str]) -> None:
    change("sue", status="inactive")
    change("pat", accounts=0)
    cases: list[tuple[str, str]] = [
        ("nobody", PASSWORD),
        ("a", PASSWORD),
        ("cleo", WRONG),
        ("ada", WRONG),
        ("ada", PASSWORD),  # with a wrong code, or none
        ("sue", PASSWORD),  # who is inactive
        ("pat", PASSWORD),  # who has lost all accounts
    ]
    made: list[Any] = []
    answers: list[HTTPResponse] = []
    with patch.object(passwords, "verify", wraps=passwords.verify) as verified:
        for number, (username, password) in enumerate(cases):
            with later(days=2 * number):  # when failures are forgotten
                token = new_session("max", cast.outsider.practice_id)
                with calls_recorded() as calls:
                    answers.append(find(api, replace(cast.master, token=token), username, password, **sent))
            made.append([call.replace("Decrypt", "Encrypt") for call in calls])
    assert verified.call_count == len(cases)
    assert {each.status_code for each in answers} == {404}
    assert answers[0].json_body["code"] == "account_not_found"
    assert all(without_request_id(each) == without_request_id(answers[0]) for each in answers)
    assert all(each == made[0] for each in made), made
    assert made[0].count("kms:Encrypt") == len(sent)
    assert made[0].count("dynamodb:UpdateItem") == 2  # who asks, and whom


def test_ones_own_login_is_refused_in_clear_words_and_counts_nothing(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = find(api, cast.master, "MAX", WRONG)
    assert bad_fields(answer) == {"username"}
    assert "signed in with" in answer.json_body["errors"][0]["message"]
    assert world.everything() == before


# --- Throttled ----------------------------------------------------------------------------------------------------


def test_who_guesses_at_many_logins_is_delayed(api: Api, cast: Cast) -> None:
    for number in range(5):
        assert find(api, cast.outsider, f"somebody{number}").status_code == 404
    refused = find(api, cast.outsider, "cleo")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "31")
    assert find(api, cast.master, "cleo").status_code == 200  # others are not
    assert sign_in(api, "eve", totp=cast.outsider.code()).status_code == 201  # nor is the caller's own sign-in


def test_a_login_that_is_guessed_at_is_delayed_for_everybody_and_for_sign_in(api: Api, cast: Cast) -> None:
    for who in (cast.outsider, cast.master, cast.plain_user, cast.support_user, cast.site_admin):
        assert find(api, who, "cleo", WRONG).status_code == 404
    assert find(api, cast.outsider, "cleo").status_code == 429
    assert sign_in(api, "cleo").status_code == 429
    assert find(api, cast.outsider, "nobody").status_code == 404


def test_a_login_that_nobody_has_is_delayed_alike(api: Api, cast: Cast) -> None:
    for who in (cast.outsider, cast.master, cast.plain_user, cast.support_user, cast.site_admin):
        assert find(api, who, "nobody").status_code == 404
    assert find(api, cast.clinician, "nobody").status_code == 429


def test_a_success_forgets_the_failures_at_the_login_but_not_those_of_the_caller(api: Api, cast: Cast) -> None:
    for username in ("cleo", "cleo", "nobody", "nobody"):
        assert find(api, cast.outsider, username, WRONG).status_code == 404
    assert find(api, cast.outsider, "cleo").status_code == 200
    assert not FailuresRow.count("username#cleo", FailuresRow.sk.startswith("failures#"))
    assert find(api, cast.outsider, "nobody").status_code == 404
    assert find(api, cast.outsider, "cleo").status_code == 429


# --- Who -----------------------------------------------------------------------------------------------------------


def test_a_key_stores_no_answer_that_carries_a_secret(api: Api, cast: Cast, world: World) -> None:
    body = {"username": "cleo", "password": PASSWORD}
    tokens = [
        api.post("/accounts/find", body, cast.outsider.token, key="once").json_body["find_token"] for _ in range(2)
    ]
    assert tokens[0] != tokens[1]
    assert world.rows("RECEIPTS_TABLE") == []


def test_every_field_is_checked(api: Api, cast: Cast) -> None:
    bad = {"username": "x" * 257, "password": 1, "totp": 123456, "recovery_code": "x"}
    assert bad_fields(api.post("/accounts/find", bad, cast.outsider.token)) == set(bad)
