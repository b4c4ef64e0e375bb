"""POST /owner-verifications/{token}."""

from base64 import urlsafe_b64encode

from chalicelib.events import EventRow
from chalicelib.identity import messages
from chalicelib.model import Announcement
from tests.api import Api
from tests.cast import Cast
from tests.identity.steps import all_text, later, mailed_link, mailed_page, secret_of
from tests.world import World

OWNER = "owner.ada@clinic.example"


def verified(api: Api, cast: Cast) -> bool:
    return bool(api.get("/practice", cast.site_admin.token).json_body["owner_email_verified"])


def test_the_link_mailed_at_sign_up_verifies_the_owner(api: Api, cast: Cast, world: World) -> None:
    link = mailed_link(api, world, OWNER)
    assert not verified(api, cast)
    assert api.post(link).status_code == 204
    assert verified(api, cast)


def test_the_link_works_once(api: Api, cast: Cast, world: World) -> None:
    link = mailed_link(api, world, OWNER)
    api.post(link)
    before = world.everything()
    assert api.post(link).status_code == 404
    assert world.everything() == before


def test_the_link_works_for_seven_days(api: Api, cast: Cast, world: World) -> None:
    link = mailed_link(api, world, OWNER)
    with later(days=7, seconds=1):
        assert api.post(link).status_code == 404
    with later(days=7):
        assert api.post(link).status_code == 204


def test_a_relay_that_mails_twice_mails_the_same_link(api: Api, cast: Cast, world: World) -> None:
    link = mailed_page(api, world, OWNER)
    (event,) = [row for row in EventRow.query(cast.site_admin.practice_id) if row.type == "practice.signed_up"]
    again = messages.practice_signed_up(event, Announcement("email", OWNER))
    assert link in again.body


def test_only_the_hash_of_the_links_secret_is_stored(api: Api, cast: Cast, world: World) -> None:
    token = mailed_link(api, world, OWNER).rpartition("/")[2]
    assert token not in all_text(world)
    assert secret_of(token) not in all_text(world)


def test_garbage_is_no_link(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for token in ("x", "%00", "..", "bm8gcGlwZQ", "fHw", "a" * 400, "%F0%9F%94%91", "ada|secret"):
        assert api.post(f"/owner-verifications/{token}").status_code == 404
    assert world.everything() == before


def test_a_link_does_not_verify_another_practice(api: Api, cast: Cast, world: World) -> None:
    secret = secret_of(mailed_link(api, world, OWNER).rpartition("/")[2])
    forged = urlsafe_b64encode(f"{cast.outsider.practice_id}|{secret}".encode()).decode().rstrip("=")
    assert api.post(f"/owner-verifications/{forged}").status_code == 404


def test_a_password_link_does_not_verify_an_owner(api: Api, cast: Cast, world: World) -> None:
    api.post("/password-resets", {"username": "pat"})
    secret = secret_of(mailed_link(api, world, "pat@clinic.example").rpartition("/")[2])
    forged = urlsafe_b64encode(f"username#pat|{secret}".encode()).decode().rstrip("=")
    assert api.post(f"/owner-verifications/{forged}").status_code == 404
