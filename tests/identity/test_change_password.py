"""PUT /me/password."""

import pytest

from tests.api import Api
from tests.cast import PASSWORD, Cast, new_session
from tests.identity.steps import NEW_PASSWORD, WRONG, all_text, bad_fields, sign_in
from tests.world import World


def body(password: str = NEW_PASSWORD, current: str = PASSWORD) -> dict[str, str]:
    return {"current_password": current, "password": password}


def test_the_new_password_holds_and_the_old_one_does_not(api: Api, cast: Cast) -> None:
    assert api.put("/me/password", body(), cast.plain_user.token).status_code == 204
    assert sign_in(api, "pat").status_code == 401
    assert sign_in(api, "pat", NEW_PASSWORD).status_code == 201


def test_all_sessions_end_at_once_and_only_this_usernames(api: Api, cast: Cast) -> None:
    other = new_session("pat", cast.plain_user.practice_id)
    api.put("/me/password", body(), cast.plain_user.token)
    assert api.get("/me", cast.plain_user.token).status_code == 401
    assert api.get("/me", other).status_code == 401
    assert api.get("/me", cast.support_user.token).status_code == 200


def test_a_wrong_present_password_changes_nothing(api: Api, cast: Cast) -> None:
    answer = api.put("/me/password", body(current=WRONG), cast.plain_user.token)
    assert bad_fields(answer) == {"current_password"}
    assert sign_in(api, "pat").status_code == 201


def test_wrong_present_passwords_count_as_failed_sign_ins(api: Api, cast: Cast) -> None:
    for _ in range(5):
        api.put("/me/password", body(current=WRONG), cast.plain_user.token)
    assert api.put("/me/password", body(), cast.plain_user.token).status_code == 429
    assert sign_in(api, "pat").status_code == 429


@pytest.mark.parametrize("current", [PASSWORD, WRONG])
def test_a_refused_new_password_does_not_tell_whether_the_present_one_is_right(
    api: Api, cast: Cast, world: World, current: str
) -> None:
    before = world.everything()
    for password in ("too short", "password1234", "patpatpatpat", "Elm Street Clinic!", "x" * 129):
        assert bad_fields(api.put("/me/password", body(password, current), cast.plain_user.token)) == {"password"}
    assert world.everything() == before


def test_the_username_is_told_and_the_passwords_are_stored_nowhere(api: Api, cast: Cast, world: World) -> None:
    api.put("/me/password", body(), cast.plain_user.token)
    api.tick("relay_events")
    assert any("password was changed" in mail.subject for mail in world.emails() if mail.to == "pat@clinic.example")
    assert NEW_PASSWORD not in all_text(world)
    assert PASSWORD not in all_text(world)
