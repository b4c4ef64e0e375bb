"""What staff carry out of an owner's recovery."""

import pytest

from chalicelib.errors import Problem
from chalicelib.identity.tables import DormancyRow, PracticeRow
from tests.api import Api
from tests.cast import PASSWORD, Cast, enrolled, make_site_admin, new_session
from tests.identity.recovering import OWNER, approved, asked, mails, ticket
from tests.identity.steps import change, enrol, later, login, sign_in
from tests.staff.people import staff_person
from tests.world import World


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
