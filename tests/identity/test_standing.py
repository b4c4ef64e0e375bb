"""POST /users/{username}/deactivate, /reactivate, /keep-active, /reset-totp, and what GET tells then."""

from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.identity.tables import PracticeRow
from tests.api import Api
from tests.cast import PASSWORD, Cast, Person, enrolled, make_site_admin, new_session
from tests.identity.steps import NEW_PASSWORD, change, enrol, fail, later, login, mailed_link, sign_in
from tests.world import World


@pytest.fixture
def second(cast: Cast) -> Person:
    """Sue, as a second site admin with two-factor."""
    make_site_admin("sue", cast.site_admin.practice_id)
    return enrolled("sue", cast.site_admin.practice_id)


def ask(api: Api, person: Person, username: str, what: str, key: str | None = None) -> HTTPResponse:
    return api.post(f"/users/{username}/{what}", None, person.token, key)


def refused(answer: HTTPResponse) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


def user(api: Api, person: Person, username: str) -> dict[str, Any]:
    return dict(api.get(f"/users/{username}", person.token).json_body)


def mails(api: Api, world: World, to: str) -> list[str]:
    api.tick("relay_events")
    return [mail.subject.partition(" (")[0] for mail in world.emails() if mail.to == to]


def test_a_deactivated_username_is_out_from_its_next_request_on(api: Api, cast: Cast, world: World) -> None:
    assert ask(api, cast.site_admin, "PAT", "deactivate").json_body["status"] == "inactive"
    assert api.get("/me", cast.plain_user.token).status_code == 401
    assert refused(sign_in(api, "pat")) == (403, "username_inactive")
    assert user(api, cast.site_admin, "pat")["status"] == "inactive"
    assert mails(api, world, "pat@clinic.example") == ["Your username was deactivated"]
    assert refused(ask(api, cast.site_admin, "pat", "deactivate")) == (409, "username_inactive")


def test_no_mailed_link_gets_round_it(api: Api, cast: Cast, world: World) -> None:
    api.post("/password-resets", {"username": "pat"})
    link = mailed_link(api, world, "pat@clinic.example")
    ask(api, cast.site_admin, "pat", "deactivate")
    ask(api, cast.site_admin, "pat", "reactivate")
    assert api.post(link, {"password": NEW_PASSWORD}).status_code == 404


def test_a_reactivated_username_signs_in_as_before_and_its_old_sessions_stay_over(
    api: Api, cast: Cast, world: World
) -> None:
    ask(api, cast.site_admin, "pat", "deactivate")
    assert ask(api, cast.site_admin, "pat", "reactivate").json_body["status"] == "active"
    assert api.get("/me", cast.plain_user.token).status_code == 401
    assert sign_in(api, "pat").status_code == 201
    assert mails(api, world, "pat@clinic.example") == ["Your username was deactivated", "Your username was reactivated"]
    assert refused(ask(api, cast.site_admin, "pat", "reactivate")) == (409, "username_active")


def test_the_last_active_site_admin_stays(api: Api, cast: Cast, second: Person, world: World) -> None:
    assert ask(api, cast.site_admin, "sue", "deactivate").status_code == 200
    before = world.everything()
    assert refused(ask(api, cast.site_admin, "ada", "deactivate")) == (409, "last_site_admin")
    assert world.everything() == before
    ask(api, cast.site_admin, "sue", "reactivate")
    assert ask(api, cast.site_admin, "ada", "deactivate").status_code == 200
    (practice,) = PracticeRow.query(cast.site_admin.practice_id, PracticeRow.sk == "practice")
    assert practice.site_admins == {"sue"}


def test_a_dormant_username_is_reactivated_and_has_thirty_days_again(api: Api, cast: Cast) -> None:
    with later(days=30):
        api.tick("block_dormant")
        admin = Person("ada", cast.site_admin.practice_id, new_session("ada", cast.site_admin.practice_id))
        assert refused(ask(api, admin, "pat", "keep-active")) == (409, "username_not_active")
        assert ask(api, admin, "pat", "reactivate").json_body["status"] == "active"
        assert sign_in(api, "pat").status_code == 201
    with later(days=52):
        api.tick("block_dormant")
        assert sign_in(api, "pat").status_code == 201


def test_a_username_that_is_kept_active_is_not_blocked_for_thirty_days_more(api: Api, cast: Cast) -> None:
    with later(days=29):
        admin = Person("ada", cast.site_admin.practice_id, new_session("ada", cast.site_admin.practice_id))
        assert ask(api, admin, "pat", "keep-active").json_body["status"] == "active"
    with later(days=31):
        api.tick("block_dormant")
        assert (login("pat").status, login("cleo").status) == ("active", "dormant")
    with later(days=59):
        api.tick("block_dormant")
    assert login("pat").status == "dormant"


def test_who_lost_the_authenticator_sets_up_another(api: Api, cast: Cast, second: Person, world: World) -> None:
    answer = ask(api, cast.site_admin, "sue", "reset-totp")
    assert (answer.status_code, answer.json_body["totp_enabled"]) == (200, False)
    assert api.get("/me", second.token).status_code == 401
    session = sign_in(api, "sue").json_body
    assert session["enrollment_required"] is True
    assert refused(api.get("/users", session["token"])) == (403, "enrollment_required")
    enrol(api, session["token"])
    assert api.get("/users", session["token"]).status_code == 200
    told = ["Two-factor sign-in was turned off by a site admin", "Two-factor sign-in was set up"]
    assert mails(api, world, "sue@clinic.example") == told


def test_nobody_resets_ones_own_two_factor_or_one_that_is_off(api: Api, cast: Cast) -> None:
    assert refused(ask(api, cast.site_admin, "Ada", "reset-totp")) == (403, "own_two_factor")
    assert refused(ask(api, cast.site_admin, "pat", "reset-totp")) == (409, "totp_off")


@pytest.mark.parametrize("what", ["deactivate", "reactivate", "keep-active", "reset-totp"])
def test_only_site_admins_ask_and_only_for_their_own_practice(api: Api, cast: Cast, world: World, what: str) -> None:
    before = world.everything()
    for person in (cast.plain_user, cast.support_user, cast.clinician):
        assert refused(ask(api, person, "sue", what)) == (403, "role_required")
    for username in ("pat", "nobody.has.it", "x", "max"):
        person = cast.outsider if username == "pat" else cast.site_admin
        assert refused(ask(api, person, username, what)) == (404, "not_found")
    assert world.everything() == before


def test_the_audit_trail_tells_each_with_before_and_after(api: Api, cast: Cast) -> None:
    for what in ("keep-active", "deactivate", "reactivate"):
        ask(api, cast.site_admin, "pat", what)
    records = api.get("/audit?limit=3", cast.site_admin.token).json_body["items"]
    assert [(each["type"], each["before"], each["after"]) for each in records] == [
        ("username.reactivated", {"status": "inactive"}, {"status": "active"}),
        ("username.deactivated", {"status": "active"}, {"status": "inactive"}),
        ("username.kept_active", {}, {}),
    ]
    assert {(each["actor"], each["subject"]) for each in records} == {("ada", "pat")}


def test_a_repeat_under_the_same_key_happens_once(api: Api, cast: Cast) -> None:
    first, again = (ask(api, cast.site_admin, "pat", "deactivate", key="k-1") for _ in range(2))
    assert (first.status_code, first.body) == (again.status_code, again.body)
    assert login("pat").epoch == 1


def test_three_states_have_three_messages(api: Api, cast: Cast) -> None:
    ask(api, cast.site_admin, "pat", "deactivate")
    change("sue", status="dormant")
    fail(api, "cleo", 5)
    answers = {name: sign_in(api, name, PASSWORD) for name in ("pat", "sue", "cleo")}
    assert [refused(answer) for answer in answers.values()] == [
        (403, "username_inactive"),
        (403, "username_dormant"),
        (429, "too_many_requests"),
    ]
    assert len({answer.json_body["detail"] for answer in answers.values()}) == 3
    shown = {name: user(api, cast.site_admin, name) for name in answers}
    assert [each["status"] for each in shown.values()] == ["inactive", "dormant", "active"]
    assert [each["locked_until"] for each in shown.values()] == [None, None, "2026-07-02T16:00:30Z"]
    with later(minutes=1):
        assert user(api, cast.site_admin, "cleo")["locked_until"] is None


def test_the_last_sign_in_is_shown_by_its_day_in_the_practice(api: Api, cast: Cast) -> None:
    with later(hours=14):  # three in the morning in London, the evening before in Chicago
        assert sign_in(api, "pat").status_code == 201
    assert user(api, cast.site_admin, "pat")["last_sign_in_on"] == "2026-07-03"
    with later(hours=12):
        assert sign_in(api, "pat").status_code == 201
    assert user(api, cast.site_admin, "pat")["last_sign_in_on"] == "2026-07-02"
