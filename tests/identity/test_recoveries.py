"""POST /recoveries and POST /recoveries/{token}: the owner asks for help; and the owner's address."""

from tests.api import Api
from tests.cast import Cast, new_session
from tests.identity.recovering import OWNER, ask, mails, ticket
from tests.identity.steps import all_text, bad_fields, later, login, mailed_link, secret_of, without_request_id
from tests.world import World

# --- Asking -------------------------------------------------------------------------------------------------------


def test_the_owner_is_mailed_a_link_by_the_practices_id_or_any_username_of_it(
    api: Api, cast: Cast, world: World, link: str
) -> None:
    assert link.startswith("/recoveries/")
    with later(minutes=15):
        assert ask(api, practice_id=cast.site_admin.practice_id, owner_email=OWNER.upper()).status_code == 202
        assert mails(api, world, "Owner's recovery") == [OWNER, OWNER]


def test_the_answer_and_its_time_are_the_same_whatever_there_is(
    api: Api, cast: Cast, world: World, link: str, waits: list[float]
) -> None:
    api.post("/users", {"username": "gone.soon", "email": "gone@clinic.example"}, cast.site_admin.token)
    assert api.delete("/users/gone.soon", cast.site_admin.token).status_code == 204
    with later(hours=1):
        answers = [
            ask(api, username="pat"),
            ask(api, username="gone.soon"),
            ask(api, username="nobody"),
            ask(api, username="x"),
            ask(api, practice_id="prc_nope"),
            ask(api, practice_id=""),
            ask(api, username="ada", owner_email="somebody@else.example"),
            ask(api, username="eve", owner_email="owner.eve@clinic.example"),  # never verified
        ]
        assert mails(api, world, "Owner's recovery") == [OWNER, OWNER]  # the first of these, and the fixture's
    assert len({(each.status_code, each.body) for each in answers}) == 1
    assert all(0 < wait <= 0.5 for wait in waits)


def test_a_practice_is_mailed_once_in_fifteen_minutes(api: Api, cast: Cast, world: World, link: str) -> None:
    for minutes in (1, 14.9):
        with later(minutes=minutes):
            assert ask(api, username="pat").status_code == 202
    assert mails(api, world, "Owner's recovery") == [OWNER]


def test_practice_and_username_can_not_be_named_both_or_neither(api: Api, cast: Cast) -> None:
    assert bad_fields(ask(api)) == {"practice_id", "username"}
    assert bad_fields(ask(api, username="ada", practice_id="prc_1")) == {"practice_id", "username"}
    assert bad_fields(ask(api, username="ada", owner_email="no address")) == {"owner_email"}


# --- The link -----------------------------------------------------------------------------------------------------


def test_it_files_a_ticket_and_changes_nothing_else(api: Api, cast: Cast, world: World, link: str) -> None:
    assert api.post(link, {"action": "appoint", "username": "PAT"}).status_code == 202
    assert login("pat").roles is None
    filed = ticket(cast)
    assert (filed.category, filed.priority, filed.filed_by, filed.status) == (
        "role_change",
        "high",
        "owner:link",
        "new",
    )
    assert filed.request == {
        "username": "pat",
        "role": "site_admin",
        "action": "add",
        "authorized_by": "owner_link",
        "recovery": "appoint",
        "recoveries": "0",
    }
    assert mails(api, world, "asks for a site admin") == ["ada@clinic.example", OWNER]
    assert any(filed.id in message.body for message in world.topic_messages("support"))


def test_it_works_once(api: Api, cast: Cast, world: World, link: str) -> None:
    body = {"action": "appoint", "username": "pat"}
    assert api.post(link, body).status_code == 202
    before = world.everything()
    assert api.post(link, body).status_code == 404
    assert world.everything() == before


def test_it_works_for_24_hours(api: Api, cast: Cast, link: str) -> None:
    with later(hours=24, seconds=1):
        assert api.post(link, {"action": "appoint", "username": "pat"}).status_code == 404
    with later(hours=24):
        assert api.post(link, {"action": "appoint", "username": "pat"}).status_code == 202


def test_what_does_not_suit_the_username_is_refused_and_leaves_the_link_good(
    api: Api, cast: Cast, world: World, link: str
) -> None:
    before = world.everything()
    for action, username, field in (
        ("reactivate", "ada", "username"),
        ("appoint", "ada", "username"),
        ("reactivate", "pat", "username"),
        ("reset_totp", "pat", "username"),
        ("appoint", "eve", "username"),
        ("appoint", "nobody", "username"),
        ("appoint", "x", "username"),
        ("delete", "pat", "action"),
    ):
        assert bad_fields(api.post(link, {"action": action, "username": username})) == {field}, (action, username)
    assert world.everything() == before
    assert api.post(link, {"action": "reset_totp", "username": "ada"}).status_code == 202


def test_links_for_something_else_or_of_another_practice_do_not_work(
    api: Api, cast: Cast, world: World, link: str
) -> None:
    body = {"action": "appoint", "username": "pat"}
    theirs = mailed_link(api, world, "owner.eve@clinic.example")
    before = world.everything()
    for token in (theirs.rpartition("/")[2], "x", "%00", "a" * 400, "YWRhfA"):
        answer = api.post(f"/recoveries/{token}", body)
        assert (answer.status_code, answer.json_body["code"]) == (404, "not_found")
    assert api.post(f"/owner-verifications/{link.rpartition('/')[2]}").status_code == 404
    assert world.everything() == before
    assert secret_of(link.rpartition("/")[2]) not in all_text(world)


# --- The owner's address ------------------------------------------------------------------------------------------


def test_a_site_admin_has_another_link_sent_until_the_address_is_verified(api: Api, cast: Cast, world: World) -> None:
    token = cast.site_admin.token
    codes = [each["code"] for each in api.get("/practice", token).json_body["warnings"]]
    assert "owner_email_unverified" in codes
    with later(days=8):
        token = new_session("ada", cast.site_admin.practice_id)
        first = mailed_link(api, world, OWNER)
        assert api.post(first).status_code == 404  # its seven days are over
        assert api.post("/practice/owner-verification", None, token).status_code == 202
        refused = api.post("/practice/owner-verification", None, token)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert api.post(mailed_link(api, world, OWNER)).status_code == 204
        codes = [each["code"] for each in api.get("/practice", token).json_body["warnings"]]
        assert codes == ["fewer_than_two_site_admins"]
        again = api.post("/practice/owner-verification", None, token)
        assert (again.status_code, again.json_body["code"]) == (409, "owner_verified")


def test_a_practice_whose_owner_never_verified_is_not_recovered_by_mail(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    assert without_request_id(ask(api, username="ada")) == without_request_id(ask(api, username="nobody"))
    assert world.everything() == before
