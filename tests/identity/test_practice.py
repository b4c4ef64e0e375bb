"""GET /practice."""

from tests.api import Api
from tests.cast import Cast, make_site_admin

FEWER_THAN_TWO = {
    "code": "fewer_than_two_site_admins",
    "detail": "Your practice has fewer than two active site admins. Ask Support for another one, by a ticket.",
}


def test_fewer_than_two_site_admins_are_warned_of_until_there_are_two(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    seen = [api.get(path, token).json_body["warnings"] for path in ("/practice", "/users?limit=1")]
    assert seen == [[FEWER_THAN_TWO], [FEWER_THAN_TWO]]
    make_site_admin("sue", cast.site_admin.practice_id)
    assert [api.get(path, token).json_body["warnings"] for path in ("/practice", "/users?limit=1")] == [[], []]
    assert api.post("/users/sue/deactivate", None, token).status_code == 200
    assert api.get("/practice", token).json_body["warnings"] == [FEWER_THAN_TWO]


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
            "warnings": [FEWER_THAN_TWO],
        }


def test_others_of_the_practice_do_not(api: Api, cast: Cast) -> None:
    for person in (cast.plain_user, cast.support_user):
        answer = api.get("/practice", person.token)
        assert (answer.status_code, answer.json_body["code"]) == (403, "role_required")
