"""What the tests of linking do again and again."""

from typing import Any

from chalice.test import HTTPResponse

from tests.api import Api
from tests.cast import PASSWORD, Cast, Person
from tests.world import World

NONE = dict.fromkeys(("profile", "patients", "codes", "messaging", "reports"), "none")
EVERYTHING = dict.fromkeys(NONE, "full")


def new_username(username: str = "mia", **more: Any) -> dict[str, Any]:
    """The body of a request that adds a username to an account."""
    return {"username": username, "email": f"{username}@clinic.example", **more}


def of(provider_id: str, username: str = "") -> str:
    """Where an account's usernames are, or one of them."""
    return f"/providers/{provider_id}/usernames" + (username and f"/{username}")


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json_body["code"]


def reaching(api: Api, cast: Cast, who: Person) -> int:
    """The status with which they see the profile of our account."""
    return api.get(f"/providers/{cast.provider_id}", who.token).status_code


def find(api: Api, who: Person, username: str, password: str = PASSWORD, **factor: str) -> HTTPResponse:
    """Look for another login's accounts."""
    return api.post("/accounts/find", {"username": username, "password": password, **factor}, who.token)


def invite(api: Api, cast: Cast, who: Person, username: str, **more: Any) -> HTTPResponse:
    """Invite a username to our account."""
    body = {"username": username, "privileges": {"patients": "view"}, **more}
    return api.post(f"/providers/{cast.provider_id}/invitations", body, who.token)


def invited(api: Api, cast: Cast, who: Person, username: str, **more: Any) -> str:
    """The id of an invitation that is made."""
    answer = invite(api, cast, who, username, **more)
    assert answer.status_code == 201, answer.body
    return str(answer.json_body["id"])


def answer(api: Api, who: Person, invitation_id: str, how: str = "accept") -> HTTPResponse:
    """Accept an invitation, or decline it."""
    return api.post(f"/invitations/{invitation_id}/{how}", token=who.token)


def reached(api: Api, who: Person) -> list[str]:
    """The accounts that their grants reach."""
    return [each["provider_id"] for each in api.get("/accounts", who.token).json_body["items"]]


def mailed(api: Api, world: World, to: str) -> list[str]:
    """What a username was mailed."""
    api.tick("relay_events")
    return [mail.body for mail in world.emails() if mail.to == f"{to}@clinic.example"]
