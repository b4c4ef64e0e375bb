"""Usernames of a provider account: GET, POST, PUT …/privileges and DELETE."""

from typing import Any

import pytest

from chalicelib.identity.model import Privileges
from chalicelib.identity.rules import MOST_USERNAMES
from chalicelib.identity.usecases import accesses
from tests.api import Api, calls_recorded
from tests.cast import FULL, PASSWORD, Cast, Person, give_access, new_session, take_access
from tests.identity.reaching import add_username, end
from tests.identity.steps import all_text, bad_fields, change, login, mailed_link, sign_in, without_request_id
from tests.world import World

NONE = dict.fromkeys(("profile", "patients", "codes", "messaging", "reports"), "none")
EVERYTHING = dict.fromkeys(NONE, "full")


def new_username(username: str = "mia", **more: Any) -> dict[str, Any]:
    return {"username": username, "email": f"{username}@clinic.example", **more}


def of(provider_id: str, username: str = "") -> str:
    return f"/providers/{provider_id}/usernames" + (username and f"/{username}")


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


def reaching(api: Api, cast: Cast, who: Person) -> int:
    return api.get(f"/providers/{cast.provider_id}", who.token).status_code


def only_manager(cast: Cast) -> Person:
    """ada, who alone keeps full access to the profile of our account."""
    for name in ("cleo", "max"):
        give_access(name, cast.site_admin.practice_id, cast.provider_id, Privileges(patients="full"))
    return cast.site_admin


# --- Added --------------------------------------------------------------------------------------------------------


def test_an_added_username_signs_in_and_reaches_the_account_with_its_privileges_and_no_other(
    api: Api, cast: Cast, world: World
) -> None:
    body = new_username("Mia", password=PASSWORD, privileges={"patients": "view"})
    answer = api.post(of(cast.provider_id), body, cast.site_admin.token)
    assert answer.status_code == 201
    assert answer.headers["Location"] == of(cast.provider_id, "mia")
    assert answer.json_body == {
        "provider_id": cast.provider_id,
        "username": "mia",
        "of_this_practice": True,
        "privileges": NONE | {"patients": "view"},
        "version": 1,
        "through": None,
        "access_until": None,
    }
    token = sign_in(api, "mia", PASSWORD).json_body["token"]
    (account,) = api.get("/accounts", token).json_body["items"]
    assert (account["provider_id"], account["privileges"]) == (cast.provider_id, NONE | {"patients": "view"})
    assert api.get(f"/providers/{cast.provider_id}/patients", token).status_code == 200
    assert api.get(f"/providers/{cast.provider_id}", token).status_code == 403
    assert PASSWORD not in all_text(world)


def test_without_a_password_a_link_is_mailed_that_sets_one(api: Api, cast: Cast, world: World) -> None:
    assert api.post(of(cast.provider_id), new_username(), cast.site_admin.token).status_code == 201
    link = mailed_link(api, world, "mia@clinic.example")
    assert api.post(link, {"password": PASSWORD}).status_code == 204
    assert sign_in(api, "mia", PASSWORD).status_code == 201


def test_without_privileges_it_has_those_of_who_adds_it(api: Api, cast: Cast) -> None:
    answer = api.post(of(cast.provider_id), new_username(), cast.site_admin.token)
    assert answer.json_body["privileges"] == EVERYTHING
    own = Privileges(profile="full", patients="view")
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, own)
    answer = api.post(of(cast.provider_id), new_username("noa"), cast.clinician.token)
    assert answer.json_body["privileges"] == NONE | {"profile": "full", "patients": "view"}


def test_nobody_gives_more_than_they_have(api: Api, cast: Cast, world: World) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(profile="full", patients="view"))
    add_username(cast.site_admin.practice_id, "ian")
    give_access("ian", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="full"))
    before, token = world.everything(), cast.master.token
    for privileges in ({"patients": "full"}, {"codes": "view"}, EVERYTHING):
        answer = api.post(of(cast.provider_id), new_username(privileges=privileges), token)
        assert refusal(answer) == (403, "beyond_your_own")
    for name in ("ian", "max"):
        answer = api.put(of(cast.provider_id, f"{name}/privileges"), EVERYTHING, token)
        assert refusal(answer) == (403, "beyond_your_own")
    assert world.everything() == before
    # What is there already may stay, and be lowered.
    kept = api.put(of(cast.provider_id, "ian/privileges"), {"codes": "view", "patients": "view"}, token)
    assert kept.json_body["privileges"] == NONE | {"codes": "view", "patients": "view"}


def test_who_manages_another_practices_account_adds_usernames_there(api: Api, cast: Cast) -> None:
    answer = api.post(of(cast.provider_id), new_username(), cast.master.token)
    assert answer.status_code == 201
    assert login("mia").practice_id == cast.site_admin.practice_id
    newest = api.get("/audit", cast.site_admin.token).json_body["items"][:2]
    assert {(each["type"], each["actor"], each["subject"]) for each in newest} == {
        ("username.created", "max", "mia"),
        ("grant.given", "max", "mia"),
    }


def test_who_reaches_an_account_for_a_time_gives_access_to_it_for_no_longer(api: Api, cast: Cast) -> None:
    until = "2026-07-02T17:00:00Z"
    give_access("max", cast.site_admin.practice_id, cast.provider_id, until=until)
    answer = api.post(of(cast.provider_id), new_username(password=PASSWORD), cast.master.token)
    assert answer.json_body["access_until"] == until
    token = sign_in(api, "mia", PASSWORD).json_body["token"]
    (account,) = api.get("/accounts", token).json_body["items"]
    assert account["access_until"] == until


def test_who_manages_an_account_for_a_time_raises_nothing_that_outlasts_it(api: Api, cast: Cast, world: World) -> None:
    ours, until = cast.site_admin.practice_id, "2026-07-02T17:00:00Z"
    give_access("max", ours, cast.provider_id, until=until)
    for ends in (None, "2026-07-02T17:00:01Z"):
        give_access("cleo", ours, cast.provider_id, Privileges(profile="view", patients="full"), ends)
        before = world.everything()
        place = of(cast.provider_id, "cleo") + "/privileges"
        raised = {"profile": "view", "patients": "full", "codes": "view"}
        for wanted in (raised, {"profile": "full", "codes": "none"}):
            refused = api.put(place, wanted, cast.master.token, version=1)
            assert refusal(refused) == (403, "beyond_your_own")
        assert until in refused.json_body["detail"]
        assert world.everything() == before
        lowered = api.put(place, {"profile": "view", "patients": "view"}, cast.master.token, version=1)
        assert lowered.status_code == 200
    give_access("cleo", ours, cast.provider_id, Privileges(profile="view"), until)
    assert api.put(place, EVERYTHING, cast.master.token, version=1).status_code == 200


def test_privileges_are_not_raised_on_an_access_that_lasts_longer_since(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, until, change_ = cast.site_admin.practice_id, "2026-07-02T17:00:00Z", accesses.change
    for name in ("max", "cleo"):
        give_access(name, ours, cast.provider_id, FULL if name == "max" else Privileges(profile="view"), until)

    def overtaken(*arguments: Any) -> None:
        give_access("cleo", ours, cast.provider_id, Privileges(profile="view"))
        change_(*arguments)

    monkeypatch.setattr(accesses, "change", overtaken)
    place = of(cast.provider_id, "cleo")
    assert api.put(f"{place}/privileges", EVERYTHING, cast.master.token, version=1).status_code == 412
    kept = api.get(place, cast.site_admin.token).json_body
    assert (kept["privileges"], kept["access_until"]) == (NONE | {"profile": "view"}, None)


def test_a_name_is_given_out_once_everywhere(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for name in ("pat", "PAT", "eve"):
        assert refusal(api.post(of(cast.provider_id), new_username(name), cast.site_admin.token)) == (
            409,
            "username_taken",
        )
    assert world.everything() == before


def test_an_inactive_account_takes_no_username(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    answer = api.post(of(cast.provider_id), new_username(), cast.site_admin.token)
    assert refusal(answer) == (409, "provider_inactive")


def test_so_many_usernames_reach_an_account_and_no_more(api: Api, cast: Cast) -> None:
    for number in range(MOST_USERNAMES - 3):
        add_username(cast.site_admin.practice_id, f"user{number}")
        give_access(f"user{number}", cast.site_admin.practice_id, cast.provider_id)
    answer = api.post(of(cast.provider_id), new_username(), cast.site_admin.token)
    assert refusal(answer) == (409, "too_many_usernames")
    with calls_recorded() as calls:
        assert len(api.get(f"{of(cast.provider_id)}?limit=100", cast.site_admin.token).json_body["items"]) == 40
    assert len(calls) == 2


def test_all_bad_fields_are_named_at_once(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    bad = new_username("a b", email="x", password="short", roles=["site_admin"], privileges={"patients": "all", "x": 1})
    answer = api.post(of(cast.provider_id), bad, cast.site_admin.token)
    assert bad_fields(answer) == {
        "username",
        "email",
        "password",
        "roles",
        "privileges.patients",
        "privileges.x",
    }
    assert world.everything() == before


def test_a_repeat_with_its_key_adds_and_mails_once(api: Api, cast: Cast, world: World) -> None:
    first, second = (
        api.post(of(cast.provider_id), new_username(), cast.site_admin.token, key="once") for _ in range(2)
    )
    assert (second.status_code, second.body) == (first.status_code, first.body)
    api.tick("relay_events")
    assert sum(mail.to == "mia@clinic.example" for mail in world.emails()) == 1


# --- Seen ---------------------------------------------------------------------------------------------------------


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


# --- Lowered and raised -------------------------------------------------------------------------------------------


def test_other_privileges_hold_from_the_next_request_of_an_open_session(api: Api, cast: Cast) -> None:
    path = of(cast.provider_id, "max/privileges")
    assert reaching(api, cast, cast.master) == 200
    answer = api.put(path, {"patients": "full"}, cast.site_admin.token)
    assert (answer.json_body["privileges"], answer.json_body["version"]) == (NONE | {"patients": "full"}, 2)
    assert reaching(api, cast, cast.master) == 403
    api.put(path, {"profile": "view"}, cast.site_admin.token)
    assert reaching(api, cast, cast.master) == 200


def test_a_change_for_an_older_version_is_refused(api: Api, cast: Cast) -> None:
    path = of(cast.provider_id, "max/privileges")
    assert api.get(of(cast.provider_id, "max"), cast.site_admin.token).headers["ETag"] == '"1"'
    assert api.put(path, {"codes": "view"}, cast.site_admin.token, version=1).headers["ETag"] == '"2"'
    assert api.put(path, {"codes": "full"}, cast.site_admin.token, version=1).status_code == 412


def test_the_same_privileges_again_change_nothing(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    assert api.put(of(cast.provider_id, "max/privileges"), EVERYTHING, cast.site_admin.token).status_code == 200
    assert world.everything() == before


def test_what_was_and_what_is_stands_in_the_audit_trail(api: Api, cast: Cast) -> None:
    api.put(of(cast.provider_id, "max/privileges"), {"codes": "view"}, cast.site_admin.token)
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["subject"]) == ("grant.changed", "max")
    assert newest["before"] == {"privileges": "full"}
    assert newest["after"] == {"provider_id": cast.provider_id, "privileges": {"codes": "view"}}


def test_the_last_active_username_that_manages_the_account_is_neither_lowered_nor_removed(
    api: Api, cast: Cast, world: World
) -> None:
    admin = only_manager(cast)
    before = world.everything()
    lowered = api.put(of(cast.provider_id, "ada/privileges"), {"patients": "full"}, admin.token)
    removed = api.delete(of(cast.provider_id, "ada"), admin.token)
    assert [refusal(each) for each in (lowered, removed)] == [(409, "last_manager")] * 2
    assert world.everything() == before
    elsewhere = api.put(of(cast.provider_id, "ada/privileges"), {"profile": "full"}, admin.token)
    assert elsewhere.status_code == 200


def test_an_inactive_username_is_no_manager_to_leave_an_account_to(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges())
    change("cleo", status="inactive")
    assert refusal(api.delete(of(cast.provider_id, "ada"), cast.site_admin.token)) == (409, "last_manager")
    assert api.delete(of(cast.provider_id, "cleo"), cast.site_admin.token).status_code == 204
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(profile="full"))
    assert api.delete(of(cast.provider_id, "ada"), cast.site_admin.token).status_code == 204


# --- Taken off ----------------------------------------------------------------------------------------------------


def test_who_is_taken_off_reaches_the_account_no_more(api: Api, cast: Cast) -> None:
    assert api.delete(of(cast.provider_id, "max"), cast.clinician.token).status_code == 204
    assert reaching(api, cast, cast.master) == 404
    assert api.get(f"/providers/{cast.their_provider_id}", cast.master.token).status_code == 200
    assert api.delete(of(cast.provider_id, "max"), cast.clinician.token).status_code == 404


def test_who_loses_the_last_account_is_signed_out(api: Api, cast: Cast) -> None:
    api.delete(of(cast.provider_id, "cleo"), cast.site_admin.token)
    assert reaching(api, cast, cast.clinician) == 401


def test_everybody_may_leave_whatever_their_privileges(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges())
    assert refusal(api.delete(of(cast.provider_id, "cleo"), cast.master.token)) == (403, "privilege_required")
    assert refusal(api.delete(of(cast.provider_id, "nobody"), cast.master.token)) == (403, "privilege_required")
    assert api.delete(of(cast.provider_id, "MAX"), cast.master.token).status_code == 204
    assert reaching(api, cast, cast.master) == 404
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["actor"], newest["subject"]) == ("grant.taken", "max", "max")


def test_a_site_admin_takes_usernames_off_an_inactive_account_whose_counts_stay(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    assert login("max").accounts == 1
    assert api.delete(of(cast.provider_id, "max"), cast.site_admin.token).status_code == 204
    assert login("max").accounts == 1
    assert api.get(f"/providers/{cast.their_provider_id}", cast.master.token).status_code == 200


# --- Whose ---------------------------------------------------------------------------------------------------------


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
