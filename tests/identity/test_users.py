"""GET, POST /users and GET /users/{username}."""

from tests.api import Api, calls_recorded
from tests.cast import PASSWORD, Cast
from tests.identity.steps import (
    all_text,
    bad_fields,
    login,
    mailed_link,
    sign_in,
    without_request_id,
)
from tests.world import World


def new_user(username: str = "newbie", **more: object) -> dict[str, object]:
    return {"username": username, "email": "newbie@clinic.example", **more}


def test_a_username_with_a_password_signs_in_at_once(api: Api, cast: Cast, world: World) -> None:
    answer = api.post("/users", new_user("Newbie", password="seven purple lanterns"), cast.site_admin.token)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/users/newbie"
    assert answer.json_body == {
        "username": "newbie",
        "email": "newbie@clinic.example",
        "status": "active",
        "roles": [],
        "totp_enabled": False,
        "password_set": True,
        "created_at": "2026-07-02T16:00:00Z",
        "last_sign_in_on": None,
    }
    assert sign_in(api, "newbie", "seven purple lanterns").status_code == 201
    api.tick("relay_events")
    assert not [mail for mail in world.emails() if mail.to == "newbie@clinic.example"]
    assert "seven purple lanterns" not in all_text(world)


def test_a_username_without_a_password_is_mailed_a_link(api: Api, cast: Cast, world: World) -> None:
    answer = api.post("/users", new_user(), cast.site_admin.token)
    assert answer.json_body["password_set"] is False
    assert mailed_link(api, world, "newbie@clinic.example").startswith("/password-resets/")
    body = next(mail.body for mail in world.emails() if mail.to == "newbie@clinic.example")
    assert "Username: newbie\nPractice: Elm Street Clinic\nInvited by: ada\n" in body
    assert "Sunday, July 5, 2026, 11:00 AM CDT" in body
    assert login("newbie").practice_id == cast.site_admin.practice_id


def test_nobody_gets_a_role_by_being_created(api: Api, cast: Cast) -> None:
    answer = api.post("/users", new_user(roles=["site_admin"]), cast.site_admin.token)
    assert bad_fields(answer) == {"roles"}
    api.post("/users", new_user(), cast.site_admin.token)
    assert login("newbie").roles is None


def test_a_username_of_any_practice_is_taken(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for username in ("pat", "PAT", "eve", "Ｅｖｅ"):
        answer = api.post("/users", new_user(username), cast.site_admin.token)
        assert (answer.status_code, answer.json_body["code"]) == (409, "username_taken")
    assert world.everything() == before


def test_all_bad_fields_are_named_at_once(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    bad = {"username": "a b", "email": "nobody", "password": "short", "status": "active"}
    answer = api.post("/users", bad, cast.site_admin.token)
    assert bad_fields(answer) == {"username", "email", "password", "status"}
    assert world.everything() == before


def test_the_first_password_keeps_the_rules(api: Api, cast: Cast) -> None:
    for password in ("newbienewbie", "Elm Street Clinic", "", "password1234"):
        assert bad_fields(api.post("/users", new_user(password=password), cast.site_admin.token)) == {"password"}


def test_a_repeat_with_its_key_creates_and_mails_once(api: Api, cast: Cast, world: World) -> None:
    first, second = (api.post("/users", new_user(), cast.site_admin.token, key="once") for _ in range(2))
    assert (second.status_code, second.body) == (first.status_code, first.body) == (201, first.body)
    api.tick("relay_events")
    assert sum(mail.to == "newbie@clinic.example" for mail in world.emails()) == 1


def test_a_repeat_keeps_no_password(api: Api, cast: Cast, world: World) -> None:
    api.post("/users", new_user(password=PASSWORD), cast.site_admin.token, key="once")
    assert PASSWORD not in all_text(world)


def test_the_list_names_the_practices_usernames_in_order(api: Api, cast: Cast) -> None:
    page = api.get("/users", cast.site_admin.token).json_body
    assert [user["username"] for user in page["items"]] == ["ada", "cleo", "pat", "sue"]
    assert page["next_cursor"] is None
    assert {user["username"]: user["roles"] for user in page["items"]} == {
        "ada": ["site_admin"],
        "cleo": [],
        "pat": [],
        "sue": ["support_user"],
    }


def test_the_list_is_read_page_by_page(api: Api, cast: Cast) -> None:
    for number in range(4):
        api.post("/users", new_user(f"user{number}"), cast.site_admin.token)
    names, cursor = [], ""
    for size in (3, 3, 2):
        page = api.get(f"/users?limit=3{cursor}", cast.site_admin.token).json_body
        assert len(page["items"]) == size
        names += [user["username"] for user in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert cursor == "&cursor=None"
    assert names == ["ada", "cleo", "pat", "sue", "user0", "user1", "user2", "user3"]


def test_a_cursor_serves_only_its_own_list_and_practice(api: Api, cast: Cast) -> None:
    cursor = api.get("/users?limit=1", cast.site_admin.token).json_body["next_cursor"]
    for path, token in (
        (f"/users?cursor={cursor}", cast.outsider.token),
        (f"/audit?cursor={cursor}", cast.site_admin.token),
        (f"/users?cursor={cursor[:-1]}", cast.site_admin.token),
        (f"/users?cursor={'A' * len(cursor)}", cast.site_admin.token),
    ):
        assert bad_fields(api.get(path, token)) == {"cursor"}


def test_a_page_has_one_to_a_hundred_items(api: Api, cast: Cast) -> None:
    for query in ("limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e9"):
        assert bad_fields(api.get(f"/users?{query}", cast.site_admin.token)) == {"limit"}


def test_one_username_is_found_in_any_spelling(api: Api, cast: Cast) -> None:
    for spelling in ("pat", "PAT", "%EF%BC%B0at"):
        assert api.get(f"/users/{spelling}", cast.site_admin.token).json_body["username"] == "pat"


def test_finding_one_costs_one_call_and_one_for_whether_its_address_is_mailed(api: Api, cast: Cast) -> None:
    with calls_recorded() as calls:
        api.get("/users/pat", cast.site_admin.token)
    assert calls == ["dynamodb:BatchGetItem"] * 2


def test_another_practices_username_answers_like_a_missing_one(api: Api, cast: Cast) -> None:
    foreign, missing = (api.get(f"/users/{name}", cast.site_admin.token) for name in ("eve", "nobody"))
    assert foreign.status_code == missing.status_code == 404
    assert without_request_id(foreign) == without_request_id(missing)


def test_what_can_be_no_username_is_not_found(api: Api, cast: Cast) -> None:
    for name in ("a", "%20", "a%23b", "x" * 500, "%EF%B7%BA" * 170, "%FF%FE", "username%23pat"):
        with calls_recorded() as calls:
            assert api.get(f"/users/{name}", cast.site_admin.token).status_code == 404
        assert len(calls) == 1


def test_an_address_with_signs_of_its_own_is_found_at_its_location(api: Api, cast: Cast) -> None:
    made = api.post("/users", new_user("zoë+1@clinic.example"), cast.site_admin.token)
    location = made.headers["Location"]
    assert location.isascii()
    assert api.get(location, cast.site_admin.token).json_body["username"] == "zoë+1@clinic.example"
