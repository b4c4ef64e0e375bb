"""A ticket of the category `owner_change`, approved: the owner's address is another one, which waits to be verified."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.identity.steps import change, later, mailed_link
from tests.staff.people import staff_person
from tests.staff.test_tickets import place
from tests.support.steps import filed
from tests.world import World

OLD, NEW = "owner.ada@clinic.example", "new.owner@clinic.example"


@pytest.fixture
def sam(api: Api) -> Person:
    return staff_person("sam")


def asked(api: Api, cast: Cast, email: str = NEW) -> int:
    return filed(api, cast.site_admin, category="owner_change", request={"owner_email": email})


def decided(api: Api, sam: Person, cast: Cast, number: int, how: str = "approve") -> Any:
    return api.post(place(cast.site_admin, number, how), {"body": "So it is."}, sam.token)


def owner(api: Api, cast: Cast) -> tuple[str, bool]:
    practice = api.get("/practice", cast.site_admin.token).json_body
    return practice["owner_email"], practice["owner_email_verified"]


def ask_recovery(api: Api, email: str) -> None:
    assert api.post("/recoveries", {"owner_email": email, "username": "ada"}).status_code == 202


def test_the_new_address_is_verified_by_its_link_and_the_old_one_is_told(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    api.post(mailed_link(api, world, OLD))
    number = asked(api, cast)
    assert owner(api, cast) == (OLD, True), "nothing changes before it is approved"
    assert decided(api, sam, cast, number).status_code == 200
    assert owner(api, cast) == (NEW, False)
    link = mailed_link(api, world, NEW)
    (notice,) = [each.body for each in world.emails() if each.to == OLD and "was changed" in each.subject]
    assert NEW not in notice
    assert link.startswith("/owner-verifications/")
    assert api.post(link).status_code == 204
    assert owner(api, cast) == (NEW, True)


def test_the_audit_trail_names_the_ticket(api: Api, cast: Cast, sam: Person) -> None:
    number = asked(api, cast)
    decided(api, sam, cast, number)
    trail = api.get("/audit?limit=5", cast.site_admin.token).json_body["items"]
    (changed,) = [each for each in trail if each["type"] == "practice.owner_email_changed"]
    assert changed["actor"] == "staff:sam"
    assert changed["before"] == {"owner_email": OLD, "verified": False}
    ticket_id = place(cast.site_admin, number).rpartition("/")[2]
    assert changed["after"] == {"owner_email": NEW, "verified": False, "ticket_id": ticket_id}


def test_recovery_waits_until_the_new_address_is_verified(api: Api, cast: Cast, sam: Person, world: World) -> None:
    api.post(mailed_link(api, world, OLD))
    decided(api, sam, cast, asked(api, cast))
    verification = mailed_link(api, world, NEW)
    before = world.everything()
    for email in (OLD, NEW):
        ask_recovery(api, email)
    assert world.everything() == before
    api.post(verification)
    with later(minutes=16):
        ask_recovery(api, NEW)
        assert mailed_link(api, world, NEW).startswith("/recoveries/")


def test_a_link_that_the_old_address_was_sent_verifies_nothing_any_more(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    old = mailed_link(api, world, OLD)
    decided(api, sam, cast, asked(api, cast))
    assert api.post(old).status_code == 404
    assert owner(api, cast) == (NEW, False)


def test_what_was_asked_through_the_old_address_is_not_carried_out(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    api.post(mailed_link(api, world, OLD))
    ask_recovery(api, OLD)
    link, number = mailed_link(api, world, OLD), asked(api, cast)
    body = {"action": "appoint", "username": "pat"}
    assert api.post(link, body).status_code == 202
    assert decided(api, sam, cast, number).status_code == 200
    assert decided(api, sam, cast, number + 1).status_code == 200  # the first of two
    refused = decided(api, staff_person("sid"), cast, number + 1)
    assert (refused.status_code, refused.json_body["code"]) == (409, "recovery_outdated")


def test_a_recovery_link_of_the_old_address_files_nothing(api: Api, cast: Cast, sam: Person, world: World) -> None:
    api.post(mailed_link(api, world, OLD))
    ask_recovery(api, OLD)
    link = mailed_link(api, world, OLD)
    decided(api, sam, cast, asked(api, cast))
    before = world.everything()
    assert api.post(link, {"action": "appoint", "username": "pat"}).status_code == 404
    assert world.everything() == before


def test_declined_unfit_or_of_a_former_site_admin_it_changes_nothing(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    assert decided(api, sam, cast, asked(api, cast), "decline").status_code == 200
    same = decided(api, sam, cast, asked(api, cast, "Owner.Ada@clinic.example"))
    assert (same.status_code, same.json_body["code"]) == (409, "owner_email_held")
    number = asked(api, cast)
    assert owner(api, cast)[0] == OLD
    change("ada", roles={"support_user"})
    before = world.everything()
    refused = decided(api, sam, cast, number)
    assert (refused.status_code, refused.json_body["code"]) == (409, "asker_not_site_admin")
    assert world.everything() == before
    change("ada", roles={"site_admin"})  # as the practice's own row says
