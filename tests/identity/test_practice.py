"""GET /practice."""

from tests.api import Api
from tests.cast import Cast


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
        }


def test_others_of_the_practice_do_not(api: Api, cast: Cast) -> None:
    for person in (cast.plain_user, cast.support_user):
        answer = api.get("/practice", person.token)
        assert (answer.status_code, answer.json_body["code"]) == (403, "role_required")
