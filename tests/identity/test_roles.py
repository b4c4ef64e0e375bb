"""What staff apply of a ticket: roles given and taken, as parts of a commit."""

import pytest

from chalicelib import clock
from chalicelib.errors import Problem
from chalicelib.identity.usecases import roles
from chalicelib.model import Actor, Practice, Role
from chalicelib.store import Commit, Context
from tests.api import Api
from tests.cast import Cast, enrolled, make_site_admin
from tests.identity.steps import change, enrol, login, sign_in
from tests.world import World


def applied(cast: Cast, action: str, username: str, role: Role) -> None:
    """A ticket carried out by staff."""
    practice = Practice(cast.site_admin.practice_id, "Elm Street Clinic", "America/Chicago", "standard")
    commit = Commit(Context(Actor("staff:jo", practice.id), clock.now(), "test", practice=practice))
    {"add": roles.add, "remove": roles.remove}[action](commit, username, role, "tkt_1")
    commit.write(None)


def test_a_new_site_admin_can_do_nothing_but_set_up_two_factor(api: Api, cast: Cast, world: World) -> None:
    applied(cast, "add", "Pat", "site_admin")
    assert api.get("/me", cast.plain_user.token).json_body["enrollment_required"] is True
    assert api.get("/users", cast.plain_user.token).json_body["code"] == "enrollment_required"
    token = sign_in(api, "pat").json_body["token"]
    enrol(api, token)
    assert api.get("/users", token).json_body["warnings"] == []
    record = api.get("/audit?limit=4", token).json_body["items"][-1]
    assert (record["type"], record["actor"], record["subject"]) == ("role.added", "staff:jo", "pat")
    assert (record["before"], record["after"]) == ({"roles": []}, {"roles": ["site_admin"], "ticket_id": "tkt_1"})
    api.tick("relay_events")
    (mail,) = (each for each in world.emails() if "roles were changed" in each.subject)
    assert (mail.to, "Roles: site_admin\nTicket: tkt_1" in mail.body) == ("pat@clinic.example", True)


def test_a_role_that_is_taken_is_gone_with_the_next_request(api: Api, cast: Cast) -> None:
    make_site_admin("sue", cast.site_admin.practice_id)
    enrolled("sue", cast.site_admin.practice_id)
    applied(cast, "remove", "sue", "site_admin")
    assert api.get("/users", cast.support_user.token).json_body["code"] == "role_required"
    assert login("sue").roles == {"support_user"}
    applied(cast, "remove", "sue", "support_user")
    assert login("sue").roles is None


def test_a_support_user_counts_for_no_site_admin(api: Api, cast: Cast) -> None:
    applied(cast, "add", "pat", "support_user")
    assert login("pat").roles == {"support_user"}
    assert api.get("/users", cast.site_admin.token).json_body["warnings"] != []


def test_an_inactive_site_admin_who_is_lowered_leaves_the_others_alone(api: Api, cast: Cast) -> None:
    make_site_admin("sue", cast.site_admin.practice_id)
    assert api.post("/users/sue/deactivate", None, cast.site_admin.token).status_code == 200
    applied(cast, "remove", "sue", "site_admin")
    assert login("sue").roles == {"support_user"}
    trail = api.get("/audit?limit=100", cast.site_admin.token).json_body["items"]
    (told,) = (each for each in trail if each["type"] == "role.removed")
    assert (told["before"]["status"], told["after"]["status"]) == ("inactive", "inactive")


@pytest.mark.parametrize(
    ("action", "username", "role", "code"),
    [
        ("remove", "ada", "site_admin", "last_site_admin"),
        ("remove", "pat", "site_admin", "role_not_held"),
        ("add", "sue", "support_user", "role_held"),
        ("add", "ina", "site_admin", "username_not_active"),
        ("add", "eve", "site_admin", "not_found"),
        ("remove", "eve", "site_admin", "not_found"),
        ("add", "x", "site_admin", "not_found"),
    ],
)
def test_what_can_not_be_applied_changes_nothing(
    cast: Cast, world: World, action: str, username: str, role: Role, code: str
) -> None:
    change("cleo", status="inactive")
    before = world.everything()
    with pytest.raises(Problem) as refusal:
        applied(cast, action, "cleo" if username == "ina" else username, role)
    assert refusal.value.code == code
    assert world.everything() == before
