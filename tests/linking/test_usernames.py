"""Usernames of a provider account: who sees them and for whom they are missing, and what a change costs."""

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import FULL, PASSWORD, Cast, give_access, new_session, take_access
from tests.identity.steps import login, without_request_id
from tests.linking.steps import new_username, of, refusal
from tests.world import World


def test_the_list_names_all_who_reach_the_account_page_by_page(api: Api, cast: Cast) -> None:
    found, cursor = [], ""
    for _ in range(3):
        page = api.get(f"{of(cast.provider_id)}?limit=1{cursor}", cast.master.token).json_body
        found += [(each["username"], each["of_this_practice"]) for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert (found, cursor) == ([("ada", True), ("cleo", True), ("max", False)], "&cursor=None")


def test_one_is_found_in_any_spelling_and_others_are_missing_alike(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    assert api.get(of(cast.provider_id, "CLEO"), token).json_body["username"] == "cleo"
    names = ("pat", "eve", "nobody", "a", "%20", "x" * 200, "cleo%23")
    answers = [api.get(of(cast.provider_id, name), token) for name in names]
    assert {each.status_code for each in answers} == {404}
    assert all(without_request_id(each) == without_request_id(answers[0]) for each in answers)


@pytest.mark.parametrize("who", ["outsider", "plain_user", "support_user"])
def test_an_account_that_one_does_not_reach_is_missing_like_one_that_is_not_there(
    api: Api, cast: Cast, world: World, who: str
) -> None:
    token, before = getattr(cast, who).token, world.everything()
    for method, rest, body in (
        ("GET", "", None),
        ("POST", "", new_username()),
        ("GET", "/cleo", None),
        ("PUT", "/cleo/privileges", {}),
        ("DELETE", "/cleo", None),
        ("DELETE", f"/{getattr(cast, who).username}", None),
    ):
        foreign, missing = (
            api.request(method, of(name) + rest, body, token=token) for name in (cast.provider_id, "prv_none")
        )
        assert foreign.status_code == 404
        assert without_request_id(foreign) == without_request_id(missing)
    assert world.everything() == before


def test_two_tabs_on_two_accounts_never_mix(api: Api, cast: Cast) -> None:
    token = new_session("max", cast.outsider.practice_id)
    for name in (cast.provider_id, cast.their_provider_id):
        api.post(of(name), new_username(f"of.{name}"), token)
    lists = [api.get(of(name), token).json_body["items"] for name in (cast.provider_id, cast.their_provider_id)]
    assert [[each["username"] for each in items if "of." in each["username"]] for items in lists] == [
        [f"of.{cast.provider_id}"],
        [f"of.{cast.their_provider_id}"],
    ]
    assert login(f"of.{cast.their_provider_id}").practice_id == cast.outsider.practice_id


def test_a_lowered_manager_manages_no_more_in_the_session_that_is_open(api: Api, cast: Cast) -> None:
    api.put(of(cast.provider_id, "cleo/privileges"), {"profile": "view"}, cast.site_admin.token)
    assert refusal(api.get(of(cast.provider_id, "ada"), cast.clinician.token)) == (403, "privilege_required")
    assert [each["username"] for each in api.get(of(cast.provider_id), cast.clinician.token).json_body["items"]] == [
        "cleo"
    ]
    take_access("max", cast.site_admin.practice_id, cast.provider_id)
    assert api.get(of(cast.provider_id), cast.master.token).status_code == 404
    give_access("max", cast.site_admin.practice_id, cast.provider_id, FULL)
    assert api.get(of(cast.provider_id), cast.master.token).status_code == 200


@pytest.mark.parametrize(("who", "calls"), [("site_admin", 2), ("master", 3)])
def test_a_change_costs_two_calls_and_one_more_through_a_grant(api: Api, cast: Cast, who: str, calls: int) -> None:
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view"))
    token = getattr(cast, who).token
    for method, path, body in (
        ("POST", of(cast.provider_id), new_username(password=PASSWORD)),
        ("PUT", of(cast.provider_id, "cleo/privileges"), {"codes": "view"}),
        ("DELETE", of(cast.provider_id, "cleo"), None),
    ):
        with calls_recorded() as made:
            assert api.request(method, path, body, token=token).status_code < 300
        assert len(made) == calls, (method, made)


def test_lowering_a_manager_costs_one_more_to_see_that_another_is_left(api: Api, cast: Cast) -> None:
    with calls_recorded() as made:
        api.put(of(cast.provider_id, "cleo/privileges"), {}, cast.site_admin.token)
    assert made == ["dynamodb:BatchGetItem", "dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
