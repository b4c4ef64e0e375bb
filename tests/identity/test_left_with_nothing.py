"""A username that loses its last account, and has no role, is signed out; whoever keeps something stays."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity import totp
from chalicelib.identity.model import Reaching
from chalicelib.identity.rules import MOST_USERNAMES
from chalicelib.identity.usecases import grants, second_factor, standing
from chalicelib.identity.usecases.grants import TooManyUsernames
from chalicelib.model import Actor
from chalicelib.store import Context
from chalicelib.support.usecases import passing_on
from tests.api import Api
from tests.cast import Cast, Person, give_access, new_session, take_access
from tests.identity.reaching import add_username, bring_back, end, ending, giving, refusal
from tests.identity.steps import code_of, later, login, sign_in


def alive(api: Api, who: Person) -> bool:
    status = api.get("/me", who.token).status_code
    assert status in (200, 401)
    return status == 200


def test_a_username_whose_only_account_ends_is_signed_out_at_once(api: Api, cast: Cast) -> None:
    assert alive(api, cast.clinician)
    end(cast.site_admin.practice_id, cast.provider_id)
    assert not alive(api, cast.clinician)
    assert api.get(f"/providers/{cast.provider_id}", cast.clinician.token).status_code == 401


def test_it_cannot_sign_in_again_and_is_told_why_only_with_its_password(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    answer = sign_in(api, "cleo")
    assert (answer.status_code, answer.json_body["code"]) == (403, "access_ended")
    assert sign_in(api, "cleo", "wrong password").json_body["code"] == "invalid_credentials"


def test_a_username_whose_only_access_is_taken_away_is_signed_out(api: Api, cast: Cast) -> None:
    take_access("cleo", cast.site_admin.practice_id, cast.provider_id)
    assert not alive(api, cast.clinician)


def test_who_reaches_another_active_account_stays_signed_in(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    assert alive(api, cast.master)
    end(cast.outsider.practice_id, cast.their_provider_id)
    assert not alive(api, cast.master)


def test_a_site_admin_stays_signed_in_and_a_support_users_role_rests(api: Api, cast: Cast) -> None:
    give_access("sue", cast.site_admin.practice_id, cast.provider_id)
    end(cast.site_admin.practice_id, cast.provider_id)
    assert alive(api, cast.site_admin)
    assert not alive(api, cast.support_user)
    assert api.get("/users/sue", cast.site_admin.token).json_body["roles"] == []
    bring_back(cast.site_admin.practice_id, cast.provider_id)
    assert alive(api, cast.support_user)
    assert api.get("/users/sue", cast.site_admin.token).json_body["roles"] == ["support_user"]


def test_who_waits_for_a_first_account_is_signed_in(api: Api, cast: Cast) -> None:
    assert alive(api, cast.plain_user)
    assert sign_in(api, "pat").status_code == 201


def test_two_accounts_that_end_at_the_same_time_leave_their_username_with_nothing(api: Api, cast: Cast) -> None:
    ours = ending(cast.site_admin.practice_id, cast.provider_id)
    theirs = ending(cast.outsider.practice_id, cast.their_provider_id)
    ours.write(None)
    theirs.write(None)
    assert not alive(api, cast.master)


def test_an_account_that_comes_back_lets_its_usernames_sign_in(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    bring_back(cast.site_admin.practice_id, cast.provider_id)
    assert sign_in(api, "cleo").status_code == 201
    assert alive(api, cast.master)


def _deactivated_and_undone(api: Api, cast: Cast, *, looked_after: bool) -> None:
    path, token = f"/providers/{cast.provider_id}/deactivation", cast.site_admin.token
    assert api.post(path, {"confirm": True}, token).status_code == 200
    assert not alive(api, cast.clinician)
    if looked_after:
        assert api.tick("check_sla")["failed"] == 0
    assert api.post(f"{path}/undo", token=token).status_code == 200


def test_sessions_that_have_ended_do_not_begin_again_with_the_account(api: Api, cast: Cast) -> None:
    _deactivated_and_undone(api, cast, looked_after=True)
    assert not alive(api, cast.clinician)
    assert sign_in(api, "cleo").status_code == 201
    assert alive(api, cast.master)
    assert alive(api, cast.site_admin)
    ended = api.get("/audit?type=session.ended", cast.site_admin.token).json_body["items"]
    assert [(record["subject"], record["actor"]) for record in ended] == [("cleo", "system:check_sla")]


def test_a_deactivation_that_is_undone_within_minutes_signs_nobody_out_for_good(api: Api, cast: Cast) -> None:
    _deactivated_and_undone(api, cast, looked_after=False)
    assert api.tick("check_sla")["failed"] == 0
    assert alive(api, cast.clinician)


def test_who_comes_back_while_their_sessions_are_being_ended_keeps_them(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, token = f"/providers/{cast.provider_id}/deactivation", cast.site_admin.token
    api.post(path, {"confirm": True}, token)
    ended = standing.end_sessions

    def late(ctx: Context, username: str) -> None:
        assert api.post(f"{path}/undo", token=token).status_code == 200
        ended(ctx, username)

    with monkeypatch.context() as patched:
        patched.setattr(standing, "end_sessions", late)
        assert api.tick("check_sla")["done"] == 0
    assert api.tick("check_sla")["done"] == 1
    assert alive(api, cast.clinician)


def test_sessions_end_whatever_becomes_of_the_tickets(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("no ticket is passed on")

    monkeypatch.setattr(passing_on, "_pass_on", fails)
    give_access("sue", cast.site_admin.practice_id, cast.provider_id)
    api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, cast.site_admin.token)
    assert api.tick("check_sla")["failed"] == 1
    ended = api.get("/audit?type=session.", cast.site_admin.token).json_body["items"]
    assert {record["subject"] for record in ended} == {"cleo", "sue"}


def test_a_session_that_had_ended_by_itself_is_not_said_to_be_ended(api: Api, cast: Cast) -> None:
    epoch = login("cleo").epoch
    with later(hours=2):
        token = new_session("ada", cast.site_admin.practice_id)
        api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, token)
        assert api.tick("check_sla")["done"] == 1
        assert api.get("/audit?type=session.", token).json_body["items"] == []
    assert login("cleo").epoch == epoch


def test_two_factor_that_is_set_up_while_the_last_account_ends_keeps_no_session(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = api.post("/me/totp", token=cast.clinician.token).json_body["secret"]
    renew = totp.new_recovery_codes

    def late() -> Any:
        api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, cast.site_admin.token)
        return renew()

    with monkeypatch.context() as patched:
        patched.setattr(totp, "new_recovery_codes", late)
        answer = api.post("/me/totp/confirm", {"code": code_of(seed)}, cast.clinician.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "totp_not_started")
    assert api.tick("check_sla")["done"] == 1
    api.post(f"/providers/{cast.provider_id}/deactivation/undo", token=cast.site_admin.token)
    assert not alive(api, cast.clinician)


def test_a_sign_in_that_the_end_of_the_last_account_overtakes_is_refused(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved = second_factor.prove

    def late(*arguments: Any) -> Any:
        api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, cast.site_admin.token)
        assert api.tick("check_sla")["done"] == 1
        return proved(*arguments)

    monkeypatch.setattr(second_factor, "prove", late)
    answer = sign_in(api, "cleo")
    assert (answer.status_code, answer.json_body["code"]) == (403, "access_ended")


def test_an_account_ends_once(api: Api, cast: Cast) -> None:
    first, second = (ending(cast.site_admin.practice_id, cast.provider_id) for _ in range(2))
    assert (refusal(first), type(refusal(second)).__name__) == (None, "Stale")


def test_a_username_let_in_while_an_account_ends_is_not_forgotten(api: Api, cast: Cast) -> None:
    late = ending(cast.site_admin.practice_id, cast.provider_id)
    assert refusal(giving(cast, "pat")) is None
    assert isinstance(refusal(late), Conflict)
    end(cast.site_admin.practice_id, cast.provider_id)
    assert not alive(api, cast.plain_user)


def test_nobody_is_let_in_to_an_inactive_account_nor_twice_nor_who_does_not_exist(api: Api, cast: Cast) -> None:
    twice = refusal(giving(cast, "cleo"))
    assert isinstance(twice, Conflict)
    assert twice.code == "already_granted"
    assert isinstance(refusal(giving(cast, "nobody")), NotFound)
    end(cast.site_admin.practice_id, cast.provider_id)
    assert isinstance(refusal(giving(cast, "pat")), NotFound)


def test_a_preview_names_who_reaches_the_account_and_whom_losing_it_signs_out(api: Api, cast: Cast) -> None:
    ctx = Context(Actor("ada", cast.site_admin.practice_id), clock.now(), "test")
    assert grants.who_reaches(ctx, cast.site_admin.practice_id, cast.provider_id) == [
        Reaching("ada", False),
        Reaching("cleo", True),
        Reaching("max", False),
    ]


def test_the_longest_name_and_the_most_usernames_end_in_one_transaction(api: Api, cast: Cast) -> None:
    admin = cast.site_admin
    words = " ".join(f"name{number}" for number in range(8))
    name = api.request(
        "PATCH",
        f"/providers/{cast.provider_id}",
        {"first_name": words, "npi": "1234567893"},
        token=admin.token,
        headers={"If-Match": "*"},
    )
    assert name.status_code == 200
    for number in range(MOST_USERNAMES - 3):
        add_username(admin.practice_id, f"user{number}")
        assert refusal(giving(cast, f"user{number}")) is None
    add_username(admin.practice_id, "one.more")
    assert isinstance(refusal(giving(cast, "one.more")), TooManyUsernames)
    commit = ending(admin.practice_id, cast.provider_id)
    # Beside these: license and pool with their ledger line, schedule, deactivation, those left behind, receipt.
    assert len(commit._writes) <= 85
    commit.write(None)
    assert not alive(api, Person("user0", admin.practice_id, new_session("user0", admin.practice_id)))
