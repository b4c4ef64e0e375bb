"""The fixed cast of the tests: one practice with its people, and two from another practice, one of whom it lets in."""

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pyotp

from chalicelib import clock
from chalicelib.identity import passwords, totp
from chalicelib.identity.model import NewGrant, Privileges
from chalicelib.identity.rules import FULL_EVERYWHERE, held, privileges_of
from chalicelib.identity.sessions import Token
from chalicelib.identity.standing_rules import next_look
from chalicelib.identity.tables import AccountRow, DormancyRow, GrantRow, PracticeRow, UsernameRow
from chalicelib.identity.usecases import grants
from chalicelib.model import Role
from tests.api import Api

PASSWORD = "correct horse battery staple"
# Hashing costs real time on purpose; the cast shares one hash.
_HASH = passwords.hashed(PASSWORD)
FULL = privileges_of(FULL_EVERYWHERE)


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
    """Who is who. The outsider is site admin of another practice, `their_provider_id` that practice's account.

    The clinician is a plain user who reaches our account, the master one of the other practice who reaches both
    practices' accounts: each Full everywhere.
    """

    site_admin: Person
    support_user: Person
    plain_user: Person
    outsider: Person
    clinician: Person
    master: Person
    provider_id: str
    their_provider_id: str


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
    practice_id, their_practice_id = ours["practice"]["id"], theirs["practice"]["id"]
    cast = Cast(
        site_admin=enrolled("ada", practice_id),
        support_user=_added("sue", practice_id, {"support_user"}),
        plain_user=_added("pat", practice_id, set()),
        outsider=enrolled("eve", their_practice_id),
        clinician=_added("cleo", practice_id, set()),
        master=_added("max", their_practice_id, set()),
        provider_id=ours["provider"]["id"],
        their_provider_id=theirs["provider"]["id"],
    )
    give_access("cleo", practice_id, cast.provider_id)
    give_access("max", practice_id, cast.provider_id)
    give_access("max", their_practice_id, cast.their_provider_id)
    return cast


def give_access(
    username: str, practice_id: str, provider_id: str, privileges: Privileges = FULL, until: str | None = None
) -> None:
    """Let a username reach an account with these privileges, in place of those that it has."""
    key = GrantRow.key(username, provider_id)
    known = GrantRow.count(key.pk, GrantRow.sk == key.sk)
    grants.row_of(username, NewGrant(practice_id, provider_id, held(privileges), until)).save()
    if not known:
        account: AccountRow = AccountRow.key(practice_id, provider_id).row()
        account.update(actions=[AccountRow.usernames.add({username}), AccountRow.version.add(1)])
        UsernameRow.key(username).row().update(actions=[UsernameRow.accounts.add(1)])


def take_access(username: str, practice_id: str, provider_id: str) -> None:
    """Take a username's access to an active account away."""
    GrantRow.key(username, provider_id).row().delete()
    account: AccountRow = AccountRow.key(practice_id, provider_id).row()
    account.update(actions=[AccountRow.usernames.delete({username}), AccountRow.version.add(1)])
    UsernameRow.key(username).row().update(actions=[UsernameRow.accounts.add(-1)])


def take_role(username: str, practice_id: str) -> None:
    """Make somebody site admin no more, as no route does."""
    UsernameRow.key(username).row().update(actions=[UsernameRow.roles.delete({"site_admin"})])
    PracticeRow.key(practice_id).row().update(actions=[PracticeRow.site_admins.delete({username})])


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
    used(username)
    return Person(username, practice_id, new_session(username, practice_id))


def used(username: str) -> None:
    """A username is active, and counts as used now."""
    since = clock.to_text(clock.now())
    DormancyRow.new(username, since, next_look(since, clock.now())).save()


def make_site_admin(username: str, practice_id: str) -> None:
    """Make an active username site admin, as no route does."""
    UsernameRow.key(username).row().update(actions=[UsernameRow.roles.add({"site_admin"})])
    PracticeRow.key(practice_id).row().update(actions=[PracticeRow.site_admins.add({username})])


def new_session(username: str, practice_id: str) -> str:
    """The token of a fresh session, opened without the routes."""
    token = Token.new(practice_id, username)
    now = int(clock.now().timestamp())
    token.session_key.row(epoch=0, created_at=now, last_used_at=now, expires_at=now + 43_200).save()
    return token.text
