"""Grants: who acts on which provider account, for which practice, from one request to the next."""

from typing import Any

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, give_access, take_access
from tests.identity.reaching import bring_back, end
from tests.world import World

VIEW = Privileges(profile="view")


def account_of(cast: Cast) -> str:
    return f"/providers/{cast.provider_id}"


def seen(api: Api, cast: Cast, who: Person) -> int:
    """How GET of our account is answered."""
    return api.get(account_of(cast), who.token).status_code


def configured(api: Api, cast: Cast, who: Person) -> Any:
    return api.put(f"{account_of(cast)}/configuration", {"outcome_threshold": 5}, who.token)


def trail(api: Api, who: Person) -> list[tuple[str, str, str]]:
    rows = api.get("/audit?limit=100", who.token).json_body["items"]
    return [(row["type"], row["actor"], row["subject"]) for row in rows]


def test_a_grant_reaches_its_account_and_no_other(api: Api, cast: Cast) -> None:
    assert seen(api, cast, cast.clinician) == 200
    assert api.get(f"/providers/{cast.their_provider_id}", cast.clinician.token).status_code == 404


def test_a_grant_reaches_another_practices_account_like_its_own_people(api: Api, cast: Cast) -> None:
    answers = [api.get(account_of(cast), who.token) for who in (cast.site_admin, cast.clinician, cast.master)]
    assert {(each.status_code, each.body, each.headers["ETag"]) for each in answers} == {(200, answers[0].body, '"1"')}


def test_one_username_acts_on_several_practices_accounts_each_named_by_the_path(api: Api, cast: Cast) -> None:
    assert configured(api, cast, cast.master).status_code == 200
    theirs = f"/providers/{cast.their_provider_id}/configuration"
    assert api.get(theirs, cast.master.token).json_body["outcome_threshold"] == 3
    assert api.get(f"{account_of(cast)}/configuration", cast.master.token).json_body["outcome_threshold"] == 5


def test_a_foreign_an_unlinked_and_an_inactive_account_and_none_at_all_look_alike(api: Api, cast: Cast) -> None:
    ended, outsider = cast.their_provider_id, cast.outsider
    answers = [api.get(f"/providers/{name}", cast.plain_user.token) for name in (cast.provider_id, "prv_none")]
    answers += [api.get(f"/providers/{name}", outsider.token) for name in (cast.provider_id, "prv_none", "%20", "é#")]
    end(outsider.practice_id, ended)
    answers.append(api.get(f"/providers/{ended}", cast.master.token))
    bodies = [each.json_body for each in answers]
    assert all(body.pop("request_id") for body in bodies)
    assert [each.status_code for each in answers] == [404] * 7
    assert bodies == [bodies[0]] * 7


def test_a_grant_taken_away_bites_on_the_next_request(api: Api, cast: Cast) -> None:
    assert seen(api, cast, cast.master) == 200
    take_access(cast.master.username, cast.site_admin.practice_id, cast.provider_id)
    assert seen(api, cast, cast.master) == 404
    assert configured(api, cast, cast.master).status_code == 404


def test_a_lowered_privilege_bites_on_the_next_request(api: Api, cast: Cast) -> None:
    for who in (cast.clinician, cast.master):
        assert configured(api, cast, who).status_code == 200
        give_access(who.username, cast.site_admin.practice_id, cast.provider_id, VIEW)
        assert seen(api, cast, who) == 200
        refused = configured(api, cast, who)
        assert (refused.status_code, refused.json_body["code"]) == (403, "privilege_required")
        give_access(who.username, cast.site_admin.practice_id, cast.provider_id, Privileges(patients="full"))
        assert seen(api, cast, who) == 403


def test_an_account_that_ends_is_out_of_reach_from_the_next_request_but_for_its_site_admins(
    api: Api, cast: Cast
) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    assert [seen(api, cast, who) for who in (cast.master, cast.outsider, cast.plain_user)] == [404] * 3
    answer = api.get(account_of(cast), cast.site_admin.token)
    assert (answer.status_code, answer.json_body["status"]) == (200, "inactive")
    bring_back(cast.site_admin.practice_id, cast.provider_id)
    assert seen(api, cast, cast.master) == 200


def test_an_inactive_account_is_missing_also_to_those_whose_grant_would_not_do(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    assert seen(api, cast, cast.master) == 403
    end(cast.site_admin.practice_id, cast.provider_id)
    assert seen(api, cast, cast.master) == 404


def test_what_is_done_through_a_grant_stands_in_the_audit_trail_of_the_accounts_practice(api: Api, cast: Cast) -> None:
    theirs = trail(api, cast.outsider)
    configured(api, cast, cast.master)
    assert trail(api, cast.site_admin)[0] == ("provider.configured", "max", cast.provider_id)
    assert trail(api, cast.outsider) == theirs


def test_a_repeat_with_its_key_through_a_grant_is_done_once_and_its_answer_kept_there(api: Api, cast: Cast) -> None:
    patient = {"first_name": "Rosa", "last_name": "Diaz"}
    paths = [f"/providers/{name}/patients" for name in (cast.provider_id, cast.their_provider_id)]
    answers = [api.post(path, patient, cast.master.token, key="once") for path in paths * 2]
    assert [each.status_code for each in answers] == [201] * 4
    assert [each.body for each in answers[2:]] == [each.body for each in answers[:2]]
    lists = [api.get(path, cast.master.token).json_body["items"] for path in paths]
    assert [[each["id"] for each in items] for items in lists] == [[each.json_body["id"]] for each in answers[:2]]


def test_a_site_admin_is_none_in_a_practice_that_a_grant_leads_to(api: Api, cast: Cast) -> None:
    give_access("eve", cast.site_admin.practice_id, cast.provider_id, VIEW)
    assert seen(api, cast, cast.outsider) == 200
    assert configured(api, cast, cast.outsider).status_code == 403
    edit = api.request(
        "PATCH", account_of(cast), {"last_name": "Mine"}, token=cast.outsider.token, headers={"If-Match": "*"}
    )
    assert edit.status_code == 404
    listed = api.get("/providers", cast.outsider.token).json_body["items"]
    assert [each["id"] for each in listed] == [cast.their_provider_id]


def test_a_site_admin_needs_no_grant_and_is_not_bound_by_one(api: Api, cast: Cast) -> None:
    give_access("ada", cast.site_admin.practice_id, cast.provider_id, VIEW)
    assert configured(api, cast, cast.site_admin).status_code == 200
    take_access("ada", cast.site_admin.practice_id, cast.provider_id)
    assert configured(api, cast, cast.site_admin).status_code == 200


def test_roles_without_a_grant_open_no_account(api: Api, cast: Cast) -> None:
    assert seen(api, cast, cast.support_user) == 404


@pytest.mark.parametrize(("who", "calls"), [("site_admin", 1), ("clinician", 1), ("master", 2)])
def test_the_check_costs_no_call_but_one_where_the_grant_leads_to_another_practice(
    api: Api, cast: Cast, who: str, calls: int
) -> None:
    with calls_recorded() as made:
        assert seen(api, cast, getattr(cast, who)) == 200
    assert made == ["dynamodb:BatchGetItem"] * calls


def test_who_has_no_grant_makes_no_call_beyond_the_session(api: Api, cast: Cast) -> None:
    with calls_recorded() as made:
        assert seen(api, cast, cast.outsider) == 404
    assert made == ["dynamodb:BatchGetItem"]


def test_a_refused_change_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, VIEW)
    before = world.everything()
    for who in (cast.master, cast.outsider, cast.plain_user):
        assert configured(api, cast, who).status_code in (403, 404)
    assert world.everything() == before
