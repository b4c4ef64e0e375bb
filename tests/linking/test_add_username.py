"""POST …/usernames: a new username that reaches a provider account."""

from chalicelib.identity.model import Privileges
from chalicelib.identity.rules import MOST_USERNAMES
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast, give_access
from tests.identity.reaching import add_username, end
from tests.identity.steps import all_text, bad_fields, login, mailed_link, sign_in
from tests.linking.steps import EVERYTHING, NONE, new_username, of, refusal
from tests.world import World


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
