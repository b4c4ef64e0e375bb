"""DELETE /users/{username}: a username that nobody uses goes for good."""

from datetime import timedelta

import pytest

from chalicelib import clock
from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast, give_access, sign_up_body
from tests.conftest import NOON
from tests.identity.reaching import end
from tests.identity.steps import later, login, sign_in, without_request_id
from tests.world import World


def delete(api: Api, cast: Cast, username: str) -> tuple[int, str]:
    answer = api.delete(f"/users/{username}", cast.site_admin.token)
    return answer.status_code, answer.json_body["code"] if answer.body else ""


def test_it_is_signed_out_and_in_no_list_any_more(api: Api, cast: Cast, world: World) -> None:
    assert delete(api, cast, "PAT") == (204, "")
    assert api.get("/me", cast.plain_user.token).status_code == 401
    assert sign_in(api, "pat").status_code == 401
    assert api.get("/users/pat", cast.site_admin.token).status_code == 404
    assert "pat" not in [each["username"] for each in api.get("/users", cast.site_admin.token).json_body["items"]]
    record = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (record["type"], record["subject"]) == ("username.deleted", "pat")
    api.tick("relay_events")
    assert "was deleted" in [mail.body for mail in world.emails() if mail.to == "pat@clinic.example"][-1]


def test_the_name_is_never_given_out_again_and_nothing_else_is_kept(api: Api, cast: Cast) -> None:
    delete(api, cast, "pat")
    assert login("pat").attribute_values.keys() == {"pk", "sk", "username", "status", "epoch", "created_at"}
    taken = [
        api.post("/sign-up", sign_up_body("Pat")),
        api.post("/users", {"username": "pat", "email": "x@clinic.example"}, cast.site_admin.token),
        api.post(
            f"/providers/{cast.provider_id}/usernames",
            {"username": "pat", "email": "x@clinic.example", "password": PASSWORD},
            cast.site_admin.token,
        ),
    ]
    assert [(each.status_code, each.json_body["code"]) for each in taken] == [(409, "username_taken")] * 3
    for action in ("reactivate", "keep-active", "deactivate", "reset-totp"):
        assert api.post(f"/users/pat/{action}", token=cast.site_admin.token).status_code == 404
    assert api.post("/password-resets", {"username": "pat"}).status_code == 202
    assert delete(api, cast, "pat") == (404, "not_found")


def test_an_inactive_one_is_deleted_too(api: Api, cast: Cast) -> None:
    assert api.post("/users/pat/deactivate", token=cast.site_admin.token).status_code == 200
    assert delete(api, cast, "pat") == (204, "")


def test_one_that_is_used_stays(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    assert delete(api, cast, "ada") == (409, "own_username")
    assert delete(api, cast, "sue") == (409, "username_in_use")  # has a role
    assert delete(api, cast, "cleo") == (409, "username_in_use")  # reaches an account
    assert world.everything() == before
    end(cast.site_admin.practice_id, cast.provider_id)
    assert delete(api, cast, "cleo") == (409, "username_in_use")  # and would again, if that came back


def test_access_to_another_practices_account_is_use(api: Api, cast: Cast) -> None:
    give_access("pat", cast.outsider.practice_id, cast.their_provider_id)
    assert delete(api, cast, "pat") == (409, "username_in_use")
    assert api.delete(f"/providers/{cast.their_provider_id}/usernames/pat", cast.plain_user.token).status_code == 204
    assert delete(api, cast, "pat") == (204, "")


def test_access_that_has_just_ended_is_settled_first(api: Api, cast: Cast) -> None:
    until = clock.to_text(NOON + timedelta(minutes=5))
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, until=until)
    with later(minutes=6):
        refused = api.delete("/users/pat", cast.site_admin.token)
        assert (refused.status_code, "Try again tomorrow." in refused.json_body["detail"]) == (409, True)
        assert api.tick("sweep_expired")["done"] == 1
        assert delete(api, cast, "pat") == (204, "")


@pytest.mark.parametrize("name", ["eve", "nobody", "a", "%20", "x" * 100])
def test_others_and_nobody_are_missing_alike(api: Api, cast: Cast, world: World, name: str) -> None:
    before = world.everything()
    answer = api.delete(f"/users/{name}", cast.site_admin.token)
    assert without_request_id(answer) == without_request_id(api.delete("/users/none", cast.site_admin.token))
    assert answer.status_code == 404
    assert world.everything() == before


def test_it_costs_a_read_a_query_and_a_commit(api: Api, cast: Cast) -> None:
    with calls_recorded() as calls:
        delete(api, cast, "pat")
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:TransactWriteItems"]
