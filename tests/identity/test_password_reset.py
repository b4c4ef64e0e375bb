"""POST /password-resets and POST /password-resets/{token}."""

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.events import EventRow
from chalicelib.identity import passwords
from tests.api import Api, from_address
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON
from tests.identity.steps import (
    NEW_PASSWORD,
    all_text,
    bad_fields,
    change,
    later,
    login,
    mailed_link,
    secret_of,
    sign_in,
)
from tests.world import World

PAT = "pat@clinic.example"


def ask(api: Api, username: str = "pat") -> None:
    assert api.post("/password-resets", {"username": username}).status_code == 202


def use(api: Api, link: str, password: str = NEW_PASSWORD) -> int:
    return api.post(link, {"password": password}).status_code


def mails(api: Api, world: World, to: str = PAT) -> int:
    api.tick("relay_events")
    return sum(mail.to == to for mail in world.emails())


def test_the_answer_is_the_same_whatever_the_name(api: Api, cast: Cast) -> None:
    change("sue", status="inactive")
    names = ("pat", "PAT", "nobody", "sue", "not a username!", "", "pat")
    answers = [api.post("/password-resets", {"username": name}) for name in names]
    assert {(answer.status_code, answer.body) for answer in answers} == {(202, answers[0].body)}


def test_its_time_is_the_same_whatever_the_name(api: Api, cast: Cast, waits: list[float]) -> None:
    for name in ("pat", "nobody", "not a username!", "pat"):
        ask(api, name)
    assert len(waits) == 4
    assert all(0 < wait <= 0.5 for wait in waits)


def test_nothing_is_written_or_mailed_for_unknown_and_inactive_names(api: Api, cast: Cast, world: World) -> None:
    change("sue", status="inactive")
    before = world.everything()
    for name in ("nobody", "sue", "pat@clinic.example"):
        ask(api, name)
    assert world.everything() == before


def test_the_mailed_link_sets_the_password(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    assert use(api, mailed_link(api, world, PAT)) == 204
    assert sign_in(api, "pat").status_code == 401
    assert sign_in(api, "pat", NEW_PASSWORD).status_code == 201


def test_the_link_works_once(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    use(api, link)
    before = world.everything()
    assert use(api, link, "another fine password") == 404
    assert world.everything() == before


def test_the_link_works_for_ten_minutes(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    with later(minutes=10, seconds=1):
        assert use(api, link) == 404
    with later(minutes=10):
        assert use(api, link) == 204


def test_all_sessions_end(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    use(api, mailed_link(api, world, PAT))
    assert api.get("/me", cast.plain_user.token).status_code == 401


def test_two_factor_is_still_asked_for(api: Api, cast: Cast, world: World) -> None:
    ask(api, "ada")
    assert use(api, mailed_link(api, world, "ada@clinic.example")) == 204
    assert sign_in(api, "ada", NEW_PASSWORD).json_body["code"] == "totp_required"
    assert sign_in(api, "ada", NEW_PASSWORD, totp=cast.site_admin.code()).status_code == 201


def test_at_most_one_link_a_minute_is_mailed(api: Api, cast: Cast, world: World) -> None:
    for seconds, mailed in ((0, 1), (0, 1), (59, 1), (60, 2), (61, 2), (119, 2), (120, 3)):
        with later(seconds=seconds):
            ask(api)
            assert mails(api, world) == mailed, seconds


def test_using_one_link_ends_the_others(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    first = mailed_link(api, world, PAT)
    with later(minutes=2):
        ask(api)
        second = mailed_link(api, world, PAT)
        assert first != second
        assert use(api, second) == 204
        assert use(api, first, "another fine password") == 404


def test_changing_the_password_ends_a_mailed_link(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert api.put("/me/password", body, cast.plain_user.token).status_code == 204
    assert use(api, link, "another fine password") == 404


@pytest.mark.parametrize("password", ["short", "password1234", "pat pat pat pat", "Elm Street Clinic 1"])
def test_the_link_stays_good_after_a_refused_password(api: Api, cast: Cast, world: World, password: str) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    before = world.everything()
    assert bad_fields(api.post(link, {"password": password})) == {"password"}
    assert world.everything() == before
    assert use(api, link) == 204


def test_the_link_makes_its_network_familiar(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    with from_address("203.0.113.7"):
        use(api, mailed_link(api, world, PAT))
    assert login("pat").networks == {"203.0.113.0/24": int(NOON.timestamp())}


def test_an_inactive_username_cannot_use_its_link(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    change("pat", status="inactive")
    assert use(api, link) == 404


def test_the_raw_token_stands_in_no_table(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    token = mailed_link(api, world, PAT).rpartition("/")[2]
    assert token not in all_text(world)
    assert secret_of(token) not in all_text(world)


def test_the_username_is_told_afterwards(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    use(api, mailed_link(api, world, PAT))
    api.tick("relay_events")
    assert any(mail.to == PAT and "was changed" in mail.subject for mail in world.emails())
    assert not any(NEW_PASSWORD in mail.body for mail in world.emails())


def test_the_audit_trail_does_not_say_that_the_username_asked(api: Api, cast: Cast) -> None:
    ask(api)
    (row,) = [row for row in EventRow.query(cast.plain_user.practice_id) if row.type == "password.link_requested"]
    assert (row.actor, row.subject) == ("anonymous", "pat")


def test_garbage_is_no_link(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for token in ("x", "..", "bm8gcGlwZQ", "fHw", "a" * 400, "%F0%9F%94%91", "pat|secret"):
        assert use(api, f"/password-resets/{token}") == 404
    assert world.everything() == before


def test_a_links_secret_is_good_for_no_other_username(api: Api, cast: Cast, world: World) -> None:
    ask(api)
    secret = secret_of(mailed_link(api, world, PAT).rpartition("/")[2])
    for owner in ("ada", "PAT", "username#pat", cast.plain_user.practice_id):
        forged = urlsafe_b64encode(f"{owner}|{secret}".encode()).decode().rstrip("=")
        assert use(api, f"/password-resets/{forged}") == 404


def test_an_owners_link_sets_no_password(api: Api, cast: Cast, world: World) -> None:
    link = mailed_link(api, world, "owner.ada@clinic.example")
    assert use(api, link.replace("owner-verifications", "password-resets")) == 404


def test_a_sign_in_that_a_reset_overtakes_opens_no_session(
    api: Api, cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(api)
    link = mailed_link(api, world, PAT)
    verify = passwords.verify

    def overtaken(stored: str | None, password: str) -> bool:
        right = verify(stored, password)
        use(api, link)
        return right

    monkeypatch.setattr(passwords, "verify", overtaken)
    assert sign_in(api, "pat").status_code == 401


def test_the_first_password_of_a_new_username_comes_by_link(api: Api, cast: Cast, world: World) -> None:
    body = {"username": "newbie", "email": "newbie@clinic.example"}
    assert api.post("/users", body, cast.site_admin.token).status_code == 201
    assert sign_in(api, "newbie", "").status_code == 401
    link = mailed_link(api, world, "newbie@clinic.example")
    with clock.frozen(NOON + timedelta(hours=72, seconds=1)):
        assert use(api, link) == 404
    with clock.frozen(NOON + timedelta(hours=72)):
        assert use(api, link) == 204
        assert sign_in(api, "newbie", NEW_PASSWORD).status_code == 201
