"""PUT /users/{username}/email, DELETE /users/{username}/mail-stop, DELETE /me/mail-stop, and where a stop is seen."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.mail import AddressRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.feedback import bounced, complained
from tests.identity.steps import login, mailed_link
from tests.identity.test_users import new_user
from tests.world import World

STOPPED = {"reason": "bounce", "at": "2026-07-02T16:00:00Z"}
SENT = "2026-07-02T15:59:00.000Z"


def pats_bounced(cast: Cast, sent: str = SENT) -> dict[str, Any]:
    """A mail of pat's own practice came back."""
    return bounced("pat@clinic.example", sent, cast.site_admin.practice_id)


def changed(api: Api, cast: Cast, username: str = "pat", email: str = "new@clinic.example") -> int:
    return api.put(f"/users/{username}/email", {"email": email}, cast.site_admin.token).status_code


def emails(api: Api, world: World, to: str) -> list[str]:
    api.tick("relay_events")
    return [mail.subject.partition(" (")[0] for mail in world.emails() if mail.to == to]


# --- Where a stop is seen -----------------------------------------------------------------------------------------


def test_a_stop_shows_on_the_users_page_and_on_ones_own(api: Api, cast: Cast) -> None:
    def seen() -> list[object]:
        page = api.get("/users/pat", cast.site_admin.token)
        return [answer.json_body["mail_stopped"] for answer in (page, api.get("/me", cast.plain_user.token))]

    assert seen() == [None, None]
    api.told(pats_bounced(cast))
    assert seen() == [STOPPED, STOPPED]
    assert api.get("/me", cast.site_admin.token).json_body["mail_stopped"] is None


# --- Send mail again ----------------------------------------------------------------------------------------------


def test_a_site_admin_and_the_person_let_mail_be_sent_again(api: Api, cast: Cast, world: World) -> None:
    ways = (("/users/pat/mail-stop", cast.site_admin), ("/me/mail-stop", cast.plain_user))
    for minutes, (path, who) in enumerate(ways, start=5):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            sent = f"2026-07-02T16:0{minutes}:00.000Z"
            api.told(complained("pat@clinic.example", sent, cast.site_admin.practice_id))
            assert api.get("/me", who.token).status_code == 200  # notes the session's use
            with calls_recorded() as calls:
                assert api.delete(path, who.token).status_code == 204
            assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
            assert api.get("/me", cast.plain_user.token).json_body["mail_stopped"] is None
    trail = api.get("/audit?limit=4", cast.site_admin.token).json_body["items"]
    assert [(each["type"], each["actor"]) for each in trail if each["type"] == "mail.resumed"] == [
        ("mail.resumed", "pat"),
        ("mail.resumed", "ada"),
    ]


def test_what_is_not_stopped_is_not_resumed(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for path, token in (("/users/pat/mail-stop", cast.site_admin.token), ("/me/mail-stop", cast.plain_user.token)):
        answer = api.delete(path, token)
        assert (answer.status_code, answer.json_body["code"]) == (409, "mail_not_stopped")
    assert world.everything() == before


def test_a_bounce_of_a_mail_that_was_sent_before_stops_nothing_anew(api: Api, cast: Cast) -> None:
    api.told(pats_bounced(cast))
    api.delete("/users/pat/mail-stop", cast.site_admin.token)
    assert api.told(pats_bounced(cast), "message-2")["skipped"] == 1
    assert api.get("/me", cast.plain_user.token).json_body["mail_stopped"] is None
    assert api.told(pats_bounced(cast, "2026-07-02T16:00:01.000Z"), "message-3")["done"] == 1


@pytest.mark.parametrize("path", ["/users/eve/mail-stop", "/users/nobody/mail-stop"])
def test_another_practices_username_is_not_found(api: Api, cast: Cast, world: World, path: str) -> None:
    api.told(bounced("eve@clinic.example"))
    before = world.everything()
    assert api.delete(path, cast.site_admin.token).status_code == 404
    assert (
        api.put(path.replace("mail-stop", "email"), {"email": "x@x.example"}, cast.site_admin.token).status_code == 404
    )
    assert world.everything() == before


def test_what_became_of_another_practices_mail_is_neither_told_nor_taken_back(
    api: Api, cast: Cast, world: World
) -> None:
    api.post("/users", new_user(email="pat@clinic.example"), cast.outsider.token)
    api.told(pats_bounced(cast))
    seen = api.get("/users/newbie", cast.outsider.token).json_body["mail_stopped"]
    assert seen == {"reason": None, "at": None}
    before = world.everything()
    answer = api.delete("/users/newbie/mail-stop", cast.outsider.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "mail_stopped_elsewhere")
    assert world.everything() == before
    assert api.delete("/users/pat/mail-stop", cast.site_admin.token).status_code == 204
    assert api.get("/users/newbie", cast.outsider.token).json_body["mail_stopped"] is None


def test_a_stop_that_names_no_practice_is_nobodys_own(api: Api, cast: Cast) -> None:
    AddressRow.key("pat@clinic.example").row(reason="bounce", at="2026-07-02T16:00:00Z").save()
    assert api.get("/me", cast.plain_user.token).json_body["mail_stopped"] == {"reason": None, "at": None}
    assert api.delete("/me/mail-stop", cast.plain_user.token).json_body["code"] == "mail_stopped_elsewhere"


# --- Another address ----------------------------------------------------------------------------------------------


def test_another_address_is_mailed_from_now_on_and_both_are_told(api: Api, cast: Cast, world: World) -> None:
    api.told(pats_bounced(cast))
    answer = api.put("/users/PAT/email", {"email": "new@clinic.example"}, cast.site_admin.token)
    assert (answer.status_code, answer.json_body["email"]) == (200, "new@clinic.example")
    assert api.get("/users/pat", cast.site_admin.token).json_body["mail_stopped"] is None
    assert emails(api, world, "new@clinic.example") == ["The address of your username was changed"]
    assert emails(api, world, "pat@clinic.example") == []  # that does not work
    assert changed(api, cast, "sue", "sue.new@clinic.example") == 200
    assert emails(api, world, "sue@clinic.example") == ["The address of your username was changed"]
    (line,) = [
        each
        for each in api.get("/audit?limit=5", cast.site_admin.token).json_body["items"]
        if (each["type"], each["subject"]) == ("username.email_changed", "pat")
    ]
    assert (line["before"], line["after"]) == ({"email": "pat@clinic.example"}, {"email": "new@clinic.example"})


def test_sessions_and_links_mailed_to_the_old_address_end(api: Api, cast: Cast, world: World) -> None:
    api.post("/password-resets", {"username": "pat"})
    link = mailed_link(api, world, "pat@clinic.example")
    assert changed(api, cast) == 200
    assert api.get("/me", cast.plain_user.token).status_code == 401
    assert api.post(link, {"password": "seven purple lanterns"}).status_code == 404


def test_who_has_no_password_yet_gets_a_new_link_at_the_new_address(api: Api, cast: Cast, world: World) -> None:
    api.post("/users", new_user(email="typo@clinic.example"), cast.site_admin.token)
    lost = mailed_link(api, world, "typo@clinic.example")
    assert changed(api, cast, "newbie", "right@clinic.example") == 200
    link = mailed_link(api, world, "right@clinic.example")
    assert api.post(lost, {"password": "seven purple lanterns"}).status_code == 404
    assert api.post(link, {"password": "seven purple lanterns"}).status_code == 204


def test_an_inactive_username_is_mailed_no_link_that_could_not_work(api: Api, cast: Cast, world: World) -> None:
    api.post("/users", new_user(email="typo@clinic.example"), cast.site_admin.token)
    api.post("/users/newbie/deactivate", token=cast.site_admin.token)
    assert changed(api, cast, "newbie", "right@clinic.example") == 200
    assert emails(api, world, "right@clinic.example") == ["The address of your username was changed"]


def test_the_same_address_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    assert changed(api, cast, email="pat@clinic.example") == 200
    assert world.everything() == before


@pytest.mark.parametrize(
    "email",
    ["", "pat", "pat@", "a b@clinic.example", "pat@clinic.example\nBcc: x@x.example", "é@clinic.example", 7, None],
)
def test_what_is_no_address_is_refused(api: Api, cast: Cast, world: World, email: object) -> None:
    before = world.everything()
    answer = api.put("/users/pat/email", {"email": email}, cast.site_admin.token)
    assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "email")
    assert world.everything() == before


def test_a_site_admin_who_changes_the_own_address_signs_in_again(api: Api, cast: Cast) -> None:
    assert changed(api, cast, "ada") == 200
    assert api.get("/me", cast.site_admin.token).status_code == 401
    assert api.get("/me", new_session("ada", cast.site_admin.practice_id)).status_code == 401  # of an earlier epoch
    assert login("ada").email == "new@clinic.example"
