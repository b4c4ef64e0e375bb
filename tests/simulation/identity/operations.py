"""Signing up and in and out, passwords, two-factor, links, usernames and their roles, grants."""

from collections.abc import Callable
from typing import Any

from chalicelib.identity.model import NewGrant
from chalicelib.identity.recovery_rules import Action, asked
from chalicelib.identity.tables import DORMANCY
from chalicelib.identity.usecases import grants, requests, roles
from chalicelib.model import Event, Role
from chalicelib.store import Commit
from tests.cast import PASSWORD, sign_up_body
from tests.identity.steps import NEW_PASSWORD, WRONG
from tests.simulation.operation import event, inside, request
from tests.simulation.script import NOW, RECOVERY_CODE, UNUSED
from tests.simulation.stage import Stage


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


# --- Who may sign in ----------------------------------------------------------------------------------------------


def _standing(name: str, what: str, actor: str, other: str, changes: str = "", **facts: Any) -> None:
    route = f"POST /users/{{username}}/{what}"
    request(name, route, parameter=lambda _: other, actor=actor, names=(other,), changes=changes, **facts)


_ENDED = "username.deactivated"
_standing("deactivate pat", "deactivate", "ada", "pat", _ENDED, keyed=True)
_standing("ada deactivates abe", "deactivate", "ada", "abe", _ENDED)
_standing("abe deactivates ada", "deactivate", "abe", "ada", _ENDED)
_standing("the last site admin leaves", "deactivate", "eve", "eve")
_standing("they deactivate pat", "deactivate", "eve", "pat")
_standing("reactivate ina", "reactivate", "ada", "ina", "username.reactivated", keyed=True)
_standing("abe reactivates ina", "reactivate", "abe", "ina", "username.reactivated")
_standing("keep pat active", "keep-active", "ada", "pat", "username.kept_active")
_standing("reset tom's totp", "reset-totp", "ada", "tom", "totp.reset")
_standing("abe resets ada's totp", "reset-totp", "abe", "ada", "totp.reset")
event("block dormant", "block_dormant", ahead=UNUSED - NOW, waiting=DORMANCY)

request(
    "delete pat",
    "DELETE /users/{username}",
    parameter=lambda _: "pat",
    actor="ada",
    names=("pat",),
    changes="username.deleted",
)
request(
    "delete cleo, who is used", "DELETE /users/{username}", parameter=lambda _: "cleo", actor="ada", names=("cleo",)
)
request("they delete pat", "DELETE /users/{username}", parameter=lambda _: "pat", actor="eve", names=("pat",))


def _role(name: str, work: Callable[..., None], username: str, role: Role, changes: str) -> None:
    inside(name, lambda commit, _: work(commit, username, role, "tkt_1"), changes, names=(username,))


_role("pat becomes site admin", roles.add, "pat", "site_admin", "role.added")
_role("abe becomes support user", roles.add, "abe", "support_user", "role.added")
_role("abe is site admin no more", roles.remove, "abe", "site_admin", "role.removed")
_role("ada is site admin no more", roles.remove, "ada", "site_admin", "role.removed")


# --- The owner ----------------------------------------------------------------------------------------------------

request(
    "mail owner again",
    "POST /practice/owner-verification",
    actor="ada",
    keyed=True,
    changes="practice.owner_link_requested",
)
request(
    "ask for recovery",
    "POST /recoveries",
    lambda stage: {"practice_id": stage.practices["theirs"], "owner_email": "owner.eve@clinic.example"},
    actor="eve",
    signed_in=False,
    quiet=True,
    changes="recovery.link_requested",
)
request(
    "ask for recovery by username",
    "POST /recoveries",
    lambda _: {"username": "max", "owner_email": "owner.eve@clinic.example"},
    actor="eve",
    names=("max",),
    signed_in=False,
    quiet=True,
    changes="recovery.link_requested",
)


def _owner_asks(name: str, action: str, username: str, changes: str = "ticket.filed") -> None:
    route, body = "POST /recoveries/{token}", {"action": action, "username": username}
    facts: dict[str, Any] = {"actor": "eve", "names": (username,), "changes": changes, "signed_in": False}
    request(name, route, lambda _: body, parameter=lambda stage: stage.recovery_link, **facts)


_owner_asks("owner appoints max", "appoint", "max")
_owner_asks("owner resets eve's totp", "reset_totp", "eve")
_owner_asks("owner appoints ours", "appoint", "pat", changes="")


def _recovery(name: str, action: Action, username: str) -> None:
    def work(commit: Commit, _: Stage) -> None:
        request = {"username": username, **asked(action, 0)}
        requests.carry_out(commit, request, "tkt_1")

    inside(name, work, "recovery.carried_out", actor="eve", names=(username, "eve"))


_recovery("max is brought back", "appoint", "max")
_recovery("eve is brought back", "reset_totp", "eve")


def _reactivate_ina(commit: Commit, _: Stage) -> None:
    requests.carry_out(commit, {"username": "ina"}, "tkt_1")


inside("ina is reactivated by ticket", _reactivate_ina, "username.reactivated", names=("ina",))


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
