"""Signing up and in and out, passwords, two-factor, links, usernames."""

from collections.abc import Callable

from chalicelib.identity.model import NewGrant
from chalicelib.identity.usecases import grants
from chalicelib.model import Event
from chalicelib.store import Commit
from tests.cast import PASSWORD, sign_up_body
from tests.identity.steps import NEW_PASSWORD, WRONG
from tests.simulation.operation import inside, request
from tests.simulation.stage import RECOVERY_CODE, Stage


def _sign_in(username: str, password: str = PASSWORD, **factor: str) -> dict[str, str]:
    return {"username": username, "password": password, **factor}


request(
    "sign up",
    "POST /sign-up",
    lambda _: sign_up_body("zoe"),
    actor="zoe",
    signed_in=False,
    keyed=True,
    changes="practice.signed_up",
)
request(
    "sign up without a key",
    "POST /sign-up",
    lambda _: sign_up_body("zoe"),
    actor="zoe",
    signed_in=False,
    changes="practice.signed_up",
)
request(
    "verify owner",
    "POST /owner-verifications/{token}",
    parameter=lambda stage: stage.owner_link,
    actor="ada",
    signed_in=False,
    changes="practice.owner_verified",
)
request(
    "sign in",
    "POST /sessions",
    lambda _: _sign_in("pat"),
    actor="pat",
    signed_in=False,
    changes="session.opened",
)
request(
    "sign in with code",
    "POST /sessions",
    lambda stage: _sign_in("ada", totp=stage.codes["ada"]),
    actor="ada",
    signed_in=False,
    changes="session.opened",
    factor="totp_last_step",
)
request(
    "sign in with recovery code",
    "POST /sessions",
    lambda _: _sign_in("ada", recovery_code=RECOVERY_CODE),
    actor="ada",
    signed_in=False,
    changes="session.opened",
    factor="recovery_codes",
)
request("sign in without code", "POST /sessions", lambda _: _sign_in("ada"), actor="ada", signed_in=False)
request("guess", "POST /sessions", lambda _: _sign_in("pat", WRONG), actor="pat", signed_in=False)
request("guess a code", "POST /sessions", lambda _: _sign_in("ada", totp="000000"), actor="ada", signed_in=False)
request(
    "sign out", "DELETE /sessions/current", actor="pat", token=lambda stage: stage.idle_token, changes="session.closed"
)
request("look", "GET /me", actor="pat", token=lambda stage: stage.idle_token)
request(
    "change password",
    "PUT /me/password",
    lambda _: {"current_password": PASSWORD, "password": NEW_PASSWORD},
    actor="pat",
    changes="password.changed",
)
request(
    "ask for link",
    "POST /password-resets",
    lambda _: {"username": "pat"},
    actor="pat",
    signed_in=False,
    quiet=True,
    changes="password.link_requested",
)
request(
    "set password",
    "POST /password-resets/{token}",
    lambda _: {"password": NEW_PASSWORD},
    parameter=lambda stage: stage.password_link,
    actor="pat",
    signed_in=False,
    changes="password.reset",
)
request("start totp", "POST /me/totp", lambda _: {}, actor="pat", changes="totp.started")
request(
    "replace totp",
    "POST /me/totp",
    lambda stage: {"totp": stage.codes["tom"]},
    actor="tom",
    changes="totp.started",
    factor="totp_last_step",
)
request(
    "confirm totp",
    "POST /me/totp/confirm",
    lambda stage: {"code": stage.codes["tim"]},
    actor="tim",
    changes="totp.enrolled",
)
request("remove totp", "DELETE /me/totp", actor="tom", changes="totp.removed")
request(
    "create user",
    "POST /users",
    lambda _: {"username": "zoe", "email": "zoe@clinic.example"},
    actor="ada",
    names=("zoe",),
    keyed=True,
    changes="username.created",
)
request(
    "create user with password",
    "POST /users",
    lambda _: {"username": "zoe", "email": "zoe@clinic.example", "password": NEW_PASSWORD},
    actor="ada",
    names=("zoe",),
    changes="username.created",
)
request(
    "edit practice",
    "PATCH /practice",
    lambda _: {"name": "Elm Street"},
    version='"1"',
    actor="ada",
    changes="practice.edited",
)
request(
    "change time zone",
    "PATCH /practice",
    lambda _: {"time_zone": "Pacific/Honolulu"},
    version='"1"',
    actor="ada",
    changes="practice.edited",
)


# --- Grants -------------------------------------------------------------------------------------------------------


def _let_in(provider_of: Callable[[Stage], str]) -> Callable[[Commit, Stage], None]:
    def work(commit: Commit, stage: Stage) -> None:
        commit.record(Event("grant.given", "pat", after={"provider_id": provider_of(stage)}))
        practice_id = commit.ctx.own_practice.id
        grants.give(commit, "pat", NewGrant(practice_id, provider_of(stage), {"patients": "view"}))

    return work


_ours, _theirs = _let_in(lambda stage: stage.provider_id), _let_in(lambda stage: stage.cast.their_provider_id)
inside("let in", _ours, "grant.given", names=("pat",))
inside("let in as well", _ours, "grant.given", names=("pat",))
inside("they let in", _theirs, "grant.given", actor="eve", names=("pat",))
