"""GET /practice."""

from tests.api import Api
from tests.cast import Cast, make_site_admin

FEWER_THAN_TWO = {
    "code": "fewer_than_two_site_admins",
    "detail": "Your practice has fewer than two active site admins. Ask Support for another one, by a ticket.",
}

UNVERIFIED = {
    "code": "owner_email_unverified",
    "detail": "The owner's address is not verified: without it no site admin can be brought back through the owner.",
}


def test_fewer_than_two_site_admins_are_warned_of_until_there_are_two(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token

    def warned() -> list[bool]:
        paths = ("/practice", "/users?limit=1")
        return [FEWER_THAN_TWO in api.get(path, token).json_body["warnings"] for path in paths]

    assert warned() == [True, True]
    make_site_admin("sue", cast.site_admin.practice_id)
    assert warned() == [False, False]
    assert api.post("/users/sue/deactivate", None, token).status_code == 200
    assert warned() == [True, True]


def test_site_admins_see_their_own_practice(api: Api, cast: Cast) -> None:
    for person, name in ((cast.site_admin, "Elm Street Clinic"), (cast.outsider, "Oak Avenue Clinic")):
        assert api.get("/practice", person.token).json_body == {
            "id": person.practice_id,
            "name": name,
            "time_zone": "America/Chicago",
            "owner_email": f"owner.{person.username}@clinic.example",
            "owner_email_verified": False,
            "plan": "standard",
            "billing_note": None,
            "created_at": "2026-07-02T16:00:00Z",
            "version": 1,
            "warnings": [FEWER_THAN_TWO, UNVERIFIED],
        }


def test_others_of_the_practice_do_not(api: Api, cast: Cast) -> None:
    for person in (cast.plain_user, cast.support_user):
        answer = api.get("/practice", person.token)
        assert (answer.status_code, answer.json_body["code"]) == (403, "role_required")
