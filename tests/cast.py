"""The fixed cast of the tests: one practice with its people, and an outsider from another practice."""

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pyotp

from chalicelib import clock
from chalicelib.identity import passwords, totp
from chalicelib.identity.sessions import Token
from chalicelib.identity.tables import UsernameRow
from chalicelib.model import Role
from tests.api import Api

PASSWORD = "correct horse battery staple"
# Hashing costs real time on purpose; the cast shares one hash.
_HASH = passwords.hashed(PASSWORD)


@dataclass(frozen=True)
class Person:
    """Somebody signed in."""

    username: str
    practice_id: str
    token: str
    seed: str = ""

    def code(self, steps_ahead: int = 0) -> str:
        """The present TOTP code, or one of a later step."""
        return str(pyotp.TOTP(self.seed).at(int(clock.now().timestamp()) + 30 * steps_ahead))


@dataclass(frozen=True)
class Cast:
    """Who is who. The outsider is site admin of another practice."""

    site_admin: Person
    support_user: Person
    plain_user: Person
    outsider: Person
    provider_id: str


def sign_up_body(username: str, practice_name: str = "Elm Street Clinic") -> dict[str, object]:
    """A valid sign-up."""
    return {
        "practice_name": practice_name,
        "time_zone": "America/Chicago",
        "provider": {
            "first_name": "Ada",
            "last_name": "Byron",
            "credential": "MD",
            "email": f"{username}@clinic.example",
        },
        "username": username,
        "password": PASSWORD,
        "owner_email": f"owner.{username}@clinic.example",
    }


def provider_body(**changes: Any) -> dict[str, Any]:
    """A valid provider account."""
    return {
        "first_name": "Ann",
        "last_name": "Johnson",
        "credential": "MD",
        "email": "ann.johnson@clinic.example",
        **changes,
    }


def patient_body(**changes: Any) -> dict[str, Any]:
    """A valid patient."""
    return {"first_name": "Max", "last_name": "Sample", **changes}


def practice_with_people(api: Api) -> Cast:
    """Sign up two practices and give the first its people."""
    with patch.object(passwords, "hashed", return_value=_HASH):
        ours = api.post("/sign-up", sign_up_body("ada")).json_body
        theirs = api.post("/sign-up", sign_up_body("eve", "Oak Avenue Clinic")).json_body
    practice_id = ours["practice"]["id"]
    return Cast(
        site_admin=enrolled("ada", practice_id),
        support_user=_added("sue", practice_id, {"support_user"}),
        plain_user=_added("pat", practice_id, set()),
        outsider=enrolled("eve", theirs["practice"]["id"]),
        provider_id=ours["provider"]["id"],
    )


def enrolled(username: str, practice_id: str) -> Person:
    """Give a username two-factor and a session, without going through the routes (they have tests of their own)."""
    seed = totp.new_seed()
    UsernameRow.key(username).row().update(
        actions=[UsernameRow.totp_seed.set(totp.seal(seed, practice_id, username)), UsernameRow.totp_last_step.set(1)]
    )
    return Person(username, practice_id, new_session(username, practice_id), seed)


def _added(username: str, practice_id: str, roles: set[Role]) -> Person:
    UsernameRow.key(username).row(
        username=username,
        practice_id=practice_id,
        email=f"{username}@clinic.example",
        status="active",
        roles=roles or None,
        password_hash=_HASH,
        epoch=0,
        created_at=clock.to_text(clock.now()),
    ).save()
    return Person(username, practice_id, new_session(username, practice_id))


def new_session(username: str, practice_id: str) -> str:
    """The token of a fresh session, opened without the routes."""
    token = Token.new(practice_id, username)
    now = int(clock.now().timestamp())
    token.session_key.row(epoch=0, created_at=now, last_used_at=now, expires_at=now + 43_200).save()
    return token.text
