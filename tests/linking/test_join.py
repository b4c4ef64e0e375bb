"""POST /accounts/join: accounts that were found are reached from then on."""

from datetime import timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib import clock
from chalicelib.identity.model import Privileges
from chalicelib.identity.rules import MOST_USERNAMES
from chalicelib.identity.tables import GrantRow
from chalicelib.identity.usecases import finding
from tests.api import Api
from tests.cast import PASSWORD, Cast, Person, give_access, new_session, provider_body, sign_up_body, take_access
from tests.conftest import NOON
from tests.identity.reaching import add_username, end
from tests.identity.steps import NEW_PASSWORD, bad_fields, change, later, sign_in, without_request_id
from tests.licensing.orders import placed
from tests.linking.steps import EVERYTHING, find
from tests.world import World


def token_for(api: Api, who: Person, username: str = "cleo") -> str:
    answer = find(api, who, username)
    assert answer.status_code == 200, answer.body
    return str(answer.json_body["find_token"])


def join(api: Api, who: Person, token: str, *provider_ids: str, key: str | None = None) -> HTTPResponse:
    return api.post("/accounts/join", {"find_token": token, "provider_ids": provider_ids}, who.token, key)


def reached(api: Api, who: Person) -> list[str]:
    return [each["provider_id"] for each in api.get("/accounts", who.token).json_body["items"]]


def newest(api: Api, who: Person) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/audit?limit=1", who.token).json_body["items"][0]
    return found


def test_a_joined_account_is_reached_with_the_privileges_of_the_found_login_and_no_more(api: Api, cast: Cast) -> None:
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="full", profile="view"))
    answer = join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    assert answer.status_code == 200, answer.body
    (account,) = answer.json_body["accounts"]
    privileges = dict.fromkeys(EVERYTHING, "none") | {"patients": "full", "profile": "view"}
    assert (account["practice_name"], account["privileges"]) == ("Elm Street Clinic", privileges)
    assert reached(api, cast.outsider) == [cast.provider_id, cast.their_provider_id]
    assert api.get(f"/providers/{cast.provider_id}/patients", cast.outsider.token).status_code == 200
    denied = api.put(f"/providers/{cast.provider_id}/configuration", {}, cast.outsider.token)
    assert (denied.status_code, denied.json_body["code"]) == (403, "privilege_required")


def test_full_everywhere_stays_so(api: Api, cast: Cast) -> None:
    join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    grant = GrantRow.get("username#eve", f"grant#{cast.provider_id}")
    assert (grant.privileges, grant.through) == ("full", "cleo")


def test_it_stands_in_the_accounts_audit_trail_and_in_no_other(api: Api, cast: Cast) -> None:
    join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    record = newest(api, cast.site_admin)
    assert (record["type"], record["actor"], record["subject"]) == ("grant.joined", "eve", "eve")
    assert record["after"] == {"provider_id": cast.provider_id, "privileges": "full", "through": "cleo"}
    assert "grant.joined" not in str(api.get("/audit", cast.outsider.token).json_body)


def test_the_other_login_is_told_once_by_email_without_names(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=1, midlevel=0)
    other = api.post("/providers", provider_body(), cast.site_admin.token).json_body["id"]
    give_access("cleo", cast.site_admin.practice_id, other)
    join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id, other)
    api.tick("relay_events")
    (mail,) = [each for each in world.emails() if each.to == "cleo@clinic.example"]
    assert "/console/access" in mail.body
    for name in ("eve", "cleo", "Elm", "Oak", "Ada", cast.provider_id):
        assert name not in mail.subject + mail.body


def test_the_other_login_may_take_it_away_again_whatever_its_privileges(api: Api, cast: Cast) -> None:
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view"))
    join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    path = f"/providers/{cast.provider_id}/usernames"
    shown = api.get(path, cast.clinician.token).json_body["items"]
    assert [(each["username"], each["through"]) for each in shown] == [("cleo", None), ("eve", "cleo")]
    assert api.delete(f"{path}/max", cast.clinician.token).status_code == 403
    assert api.delete(f"{path}/eve", cast.clinician.token).status_code == 204
    assert reached(api, cast.outsider) == [cast.their_provider_id]


# --- Once and again -----------------------------------------------------------------------------------------------


def test_a_token_serves_once(api: Api, cast: Cast, world: World) -> None:
    token = token_for(api, cast.outsider)
    assert join(api, cast.outsider, token, cast.provider_id).status_code == 200
    before = world.everything()
    again = join(api, cast.outsider, token, cast.provider_id)
    assert (again.status_code, again.json_body["code"]) == (404, "find_token_unknown")
    assert world.everything() == before


def test_the_same_request_under_one_key_answers_the_same_and_joins_once(api: Api, cast: Cast, world: World) -> None:
    token = token_for(api, cast.outsider)
    first, second = (join(api, cast.outsider, token, cast.provider_id, key="once") for _ in range(2))
    assert (second.status_code, second.body) == (first.status_code, first.body) == (200, first.body)
    assert token not in str(world.rows("RECEIPTS_TABLE"))


def test_joining_again_changes_nothing_and_answers_the_same(api: Api, cast: Cast, world: World) -> None:
    first = join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view"))
    token = token_for(api, cast.outsider)
    before = world.everything()
    again = join(api, cast.outsider, token, cast.provider_id, cast.provider_id)
    assert (again.status_code, again.body) == (200, first.body)
    assert world.everything() == before


def test_a_late_repeat_of_a_join_that_changed_nothing_joins_nothing(api: Api, cast: Cast) -> None:
    token = token_for(api, cast.outsider)
    give_access("eve", cast.site_admin.practice_id, cast.provider_id)
    first = join(api, cast.outsider, token, cast.provider_id, key="once")
    take_access("eve", cast.site_admin.practice_id, cast.provider_id)
    again = join(api, cast.outsider, token, cast.provider_id, key="once")
    assert (again.status_code, again.body) == (first.status_code, first.body) == (200, first.body)
    assert reached(api, cast.outsider) == [cast.their_provider_id]


def test_nineteen_accounts_are_joined_at_once_of_which_earlier_access_has_just_ended(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=18, midlevel=0)
    made = [api.post("/providers", provider_body(), cast.site_admin.token).json_body["id"] for _ in range(18)]
    for each in made:
        give_access("cleo", cast.site_admin.practice_id, each)
    for each in [cast.provider_id, *made]:
        give_access("eve", cast.site_admin.practice_id, each, until=clock.to_text(NOON - timedelta(hours=1)))
    token, wanted = token_for(api, cast.outsider), [cast.provider_id, *made]
    assert bad_fields(join(api, cast.outsider, token, *wanted, "prv_more")) == {"provider_ids"}
    answer = join(api, cast.outsider, token, *wanted, key="k")
    assert [each["provider_id"] for each in answer.json_body["accounts"]] == wanted
    assert reached(api, cast.outsider) == sorted([*wanted, cast.their_provider_id])


# --- Not so --------------------------------------------------------------------------------------------------------


def test_a_token_holds_five_minutes_and_in_its_own_session_alone(api: Api, cast: Cast) -> None:
    token = token_for(api, cast.outsider)
    other = Person("eve", cast.outsider.practice_id, new_session("eve", cast.outsider.practice_id))
    answers = [
        join(api, who, each, cast.provider_id)
        for who, each in ((other, token), (cast.plain_user, token), (cast.outsider, token[:-2]), (cast.outsider, "x"))
    ]
    with later(minutes=5):
        answers.append(join(api, cast.outsider, token, cast.provider_id))
    assert {(each.status_code, each.json_body["code"]) for each in answers} == {(404, "find_token_unknown")}
    assert all(without_request_id(each) == without_request_id(answers[0]) for each in answers)
    with later(minutes=4, seconds=59):
        assert join(api, cast.outsider, token, cast.provider_id).status_code == 200


@pytest.mark.parametrize("how", ["password", "inactive"])
def test_a_login_that_changed_since_joins_nothing(api: Api, cast: Cast, how: str) -> None:
    token = token_for(api, cast.outsider)
    if how == "password":
        body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
        assert api.put("/me/password", body, cast.clinician.token).status_code == 204
    else:
        change("cleo", status="inactive")
    assert join(api, cast.outsider, token, cast.provider_id).json_body["code"] == "find_token_unknown"
    assert reached(api, cast.outsider) == [cast.their_provider_id]


def test_accounts_out_of_its_reach_are_missing_alike(api: Api, cast: Cast, world: World) -> None:
    third = api.post("/sign-up", sign_up_body("zoe")).json_body["provider"]["id"]
    token = token_for(api, cast.outsider)
    before = world.everything()
    answers = [join(api, cast.outsider, token, cast.provider_id, each) for each in (third, "prv_none", "%00", "x" * 64)]
    assert {each.status_code for each in answers} == {404}
    assert all(without_request_id(each) == without_request_id(answers[0]) for each in answers)
    assert world.everything() == before


def test_what_was_lost_since_it_was_found_is_not_joined(api: Api, cast: Cast) -> None:
    token = token_for(api, cast.outsider)
    end(cast.site_admin.practice_id, cast.provider_id)
    assert join(api, cast.outsider, token, cast.provider_id).status_code == 404
    token = token_for(api, cast.outsider, "max")
    take_access("max", cast.outsider.practice_id, cast.their_provider_id)
    assert join(api, cast.outsider, token, cast.provider_id).status_code == 404


def test_an_access_that_lasts_shorter_since_is_not_joined_for_longer(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, join_ = token_for(api, cast.outsider), finding.join

    def overtaken(*arguments: Any) -> None:
        give_access("cleo", cast.site_admin.practice_id, cast.provider_id, until="2026-07-02T17:00:00Z")
        join_(*arguments)

    monkeypatch.setattr(finding, "join", overtaken)
    assert join(api, cast.outsider, token, cast.provider_id).status_code == 404
    assert cast.provider_id not in reached(api, cast.outsider)


def test_so_many_usernames_reach_an_account_and_no_more(api: Api, cast: Cast, world: World) -> None:
    for number in range(MOST_USERNAMES - 3):
        add_username(cast.site_admin.practice_id, f"user{number}")
        give_access(f"user{number}", cast.site_admin.practice_id, cast.provider_id)
    token = token_for(api, cast.outsider)
    before = world.everything()
    answer = join(api, cast.outsider, token, cast.provider_id)
    assert (answer.status_code, answer.json_body["code"]) == (409, "too_many_usernames")
    assert world.everything() == before


def test_who_joins_manages_where_the_found_login_does_and_the_last_manager_stays(api: Api, cast: Cast) -> None:
    for name in ("ada", "max"):
        take_access(name, cast.site_admin.practice_id, cast.provider_id)
    join(api, cast.outsider, token_for(api, cast.outsider), cast.provider_id)
    path = f"/providers/{cast.provider_id}/usernames"
    assert api.delete(f"{path}/cleo", cast.outsider.token).status_code == 204
    last = api.delete(f"{path}/eve", cast.outsider.token)
    assert (last.status_code, last.json_body["code"]) == (409, "last_manager")


def test_a_username_that_waited_for_its_first_account_has_it(api: Api, cast: Cast) -> None:
    assert join(api, cast.plain_user, token_for(api, cast.plain_user), cast.provider_id).status_code == 200
    assert sign_in(api, "pat").status_code == 201
    assert api.get(f"/providers/{cast.provider_id}", cast.plain_user.token).status_code == 200
