"""POST /recoveries, POST /recoveries/{token}, and what staff carry out of the ticket; the owner's address."""

from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib import clock
from chalicelib.errors import Problem
from chalicelib.identity.tables import DormancyRow, PracticeRow
from chalicelib.identity.usecases import requests
from chalicelib.model import Actor
from chalicelib.store import Commit, Context
from chalicelib.support.tables import TicketRow
from tests.api import Api
from tests.cast import PASSWORD, Cast, enrolled, make_site_admin, new_session
from tests.identity.steps import (
    all_text,
    bad_fields,
    change,
    enrol,
    later,
    login,
    mailed_link,
    secret_of,
    sign_in,
    without_request_id,
)
from tests.staff.people import staff_person
from tests.world import World

OWNER = "owner.ada@clinic.example"


@pytest.fixture
def link(api: Api, cast: Cast, world: World) -> str:
    """The owner has verified the address, and was sent a link."""
    assert api.post(mailed_link(api, world, OWNER)).status_code == 204
    return asked(api, world)


def ask(api: Api, **named: str) -> HTTPResponse:
    return api.post("/recoveries", {"owner_email": OWNER, **named})


def asked(api: Api, world: World) -> str:
    assert ask(api, username="ada").status_code == 202
    return mailed_link(api, world, OWNER)


def ticket(cast: Cast) -> Any:
    """The ticket that was filed last."""
    rows = TicketRow.query(cast.site_admin.practice_id, TicketRow.sk.startswith("ticket#"))
    return max((row.as_ticket() for row in rows), key=lambda each: each.number)


def approved(cast: Cast, request: dict[str, Any]) -> None:
    """Staff approve a ticket with this request."""
    practice_id = cast.site_admin.practice_id
    row = PracticeRow.get(practice_id, "practice", consistent_read=True)
    commit = Commit(Context(Actor("staff:jo", practice_id), clock.now(), "test", practice=row.as_practice()))
    requests.carry_out(commit, request, "tkt_1")
    commit.write(None)


def mails(api: Api, world: World, word: str) -> list[str]:
    api.tick("relay_events")
    return sorted(mail.to for mail in world.emails() if word in mail.subject)


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


# --- What staff carry out -----------------------------------------------------------------------------------------


@pytest.fixture
def nobody_left(cast: Cast) -> None:
    """Every site admin is inactive or blocked."""
    make_site_admin("sue", cast.site_admin.practice_id)
    PracticeRow.key(cast.site_admin.practice_id).row().update(actions=[PracticeRow.site_admins.remove()])
    enrolled("sue", cast.site_admin.practice_id)
    change("ada", status="inactive")
    change("sue", status="dormant")
    for name in ("ada", "sue"):
        DormancyRow.key(name).row().delete()


def test_exactly_one_site_admin_comes_back_and_sets_up_two_factor_anew(
    api: Api, cast: Cast, world: World, link: str, nobody_left: None
) -> None:
    assert api.post(link, {"action": "reactivate", "username": "sue"}).status_code == 202
    with later(minutes=20):
        other = asked(api, world)
        assert api.post(other, {"action": "reactivate", "username": "ada"}).status_code == 202
        assert ticket(cast).category == "reactivation"
    approved(cast, {**ticket(cast).request, "username": "sue"})
    with pytest.raises(Problem) as refusal:
        approved(cast, ticket(cast).request)
    assert refusal.value.code == "recovery_outdated"
    assert (login("sue").status, login("ada").status) == ("active", "inactive")
    session = sign_in(api, "sue").json_body
    assert session["enrollment_required"] is True
    enrol(api, session["token"])
    assert api.post("/users/ada/reactivate", None, session["token"]).status_code == 200
    assert mails(api, world, "is back") == [OWNER, "sue@clinic.example"]
    (told,) = (
        each
        for each in api.get("/audit", session["token"]).json_body["items"]
        if each["type"] == "recovery.carried_out"
    )
    assert (told["actor"], told["subject"], told["after"]["ticket_id"]) == ("staff:jo", "sue", "tkt_1")


def test_two_people_of_staff_approve_what_the_owner_asks_for(api: Api, cast: Cast, world: World, link: str) -> None:
    api.post(link, {"action": "appoint", "username": "pat"})
    filed = ticket(cast)
    sam, sid = staff_person("sam"), staff_person("sid")
    path = f"/staff/tickets/{filed.id}/approve"
    assert api.post(path, {}, sam.token).status_code == 200
    assert api.post(path, {}, sam.token).json_body["code"] == "second_person_needed"
    assert login("pat").roles is None
    assert api.post(path, {}, sid.token).json_body["decision"] == "approved"
    assert login("pat").roles == {"site_admin"}
    assert mails(api, world, "is back") == ["ada@clinic.example", OWNER, "pat@clinic.example"]


def test_what_is_outdated_is_told_to_staff_and_stays_undecided(api: Api, cast: Cast, world: World, link: str) -> None:
    api.post(link, {"action": "reset_totp", "username": "ada"})
    path = f"/staff/tickets/{ticket(cast).id}/approve"
    make_site_admin("sue", cast.site_admin.practice_id)
    assert api.post("/users/ada/deactivate", None, cast.site_admin.token).status_code == 200
    assert api.post(path, {}, staff_person("sam").token).status_code == 200
    refused = api.post(path, {}, staff_person("sid").token)
    assert (refused.status_code, refused.json_body["code"]) == (409, "recovery_outdated")
    assert ticket(cast).decision is None


def test_a_site_admin_without_the_authenticator_is_let_in_with_the_password(
    api: Api, cast: Cast, world: World, link: str
) -> None:
    api.post(link, {"action": "reset_totp", "username": "ada"})
    approved(cast, ticket(cast).request)
    assert api.get("/me", cast.site_admin.token).status_code == 401
    session = sign_in(api, "ada", PASSWORD)
    assert (session.status_code, session.json_body["enrollment_required"]) == (201, True)


def test_another_username_is_appointed_blocked_or_not(api: Api, cast: Cast, world: World, link: str) -> None:
    with later(hours=1):
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post("/users/pat/deactivate", None, token).status_code == 200
        assert api.post(link, {"action": "appoint", "username": "pat"}).status_code == 202
        approved(cast, ticket(cast).request)
        assert sign_in(api, "pat").json_body["enrollment_required"] is True
        warned = api.get("/practice", token).json_body["warnings"]
    assert (login("pat").roles, warned) == ({"site_admin"}, [])


def test_what_has_changed_since_is_not_carried_out(api: Api, cast: Cast, world: World, link: str) -> None:
    make_site_admin("sue", cast.site_admin.practice_id)
    token = cast.site_admin.token
    assert api.post("/users/sue/deactivate", None, token).status_code == 200
    assert api.post(link, {"action": "reactivate", "username": "sue"}).status_code == 202
    assert api.post("/users/sue/reactivate", None, token).status_code == 200
    before = world.everything()
    with pytest.raises(Problem) as refusal:
        approved(cast, ticket(cast).request)
    assert refusal.value.code == "recovery_outdated"
    assert world.everything() == before


def test_other_tickets_about_usernames_are_carried_out_by_the_same_part(api: Api, cast: Cast) -> None:
    approved(cast, {"username": "pat", "role": "support_user", "action": "add"})
    assert login("pat").roles == {"support_user"}
    approved(cast, {"username": "pat", "role": "support_user", "action": "remove"})
    assert login("pat").roles is None
    api.post("/users/pat/deactivate", None, cast.site_admin.token)
    approved(cast, {"username": "pat"})
    assert login("pat").status == "active"
    record = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (record["type"], record["after"]) == ("username.reactivated", {"status": "active", "ticket_id": "tkt_1"})


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
