"""Usernames of provider accounts: added, lowered, taken off. On their account eve and max alone manage; on ours max."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.identity.tables import END_GRANT
from tests.cast import PASSWORD
from tests.identity.steps import WRONG
from tests.simulation.operation import event, request
from tests.simulation.stage import Stage

_ADD = "POST /providers/{provider_id}/usernames"
_LOWER = "PUT /providers/{provider_id}/usernames/{username}/privileges"
_TAKE = "DELETE /providers/{provider_id}/usernames/{username}"
_NEW = {"username": "zoe", "email": "zoe@clinic.example"}
_CREATED, _CHANGED, _TAKEN = "username.created", "grant.changed", "grant.taken"


def _on_ours(username: str = "") -> Callable[[Stage], str]:
    return lambda stage: f"{stage.provider_id} {username}"


def _on_theirs(username: str) -> Callable[[Stage], str]:
    return lambda stage: f"{stage.cast.their_provider_id} {username}"


def _add(name: str, actor: str, keyed: bool, **more: object) -> None:
    body, named = {**_NEW, **more}, ("zoe",)
    request(name, _ADD, lambda _: body, parameter=_on_ours(), actor=actor, names=named, keyed=keyed, changes=_CREATED)


_add("add username", "ada", keyed=True)
_add("master adds username", "max", keyed=False, password=PASSWORD, privileges={"patients": "view"})


def _lower(name: str, actor: str, other: str, place: Callable[[Stage], str]) -> None:
    body = {"patients": "view", "codes": "view"}
    named = (other,)
    request(name, _LOWER, lambda _: body, parameter=place, actor=actor, names=named, quiet=True, changes=_CHANGED)


_lower("change privileges", "ada", "cleo", _on_ours("cleo"))
_lower("they lower max", "eve", "max", _on_theirs("max"))
_lower("max lowers eve", "max", "eve", _on_theirs("eve"))


def _take(name: str, actor: str, other: str, place: Callable[[Stage], str], changes: str = _TAKEN) -> None:
    request(name, _TAKE, parameter=place, actor=actor, names=(other,), changes=changes)


_take("take off", "ada", "cleo", _on_ours("cleo"))
_take("leave", "cleo", "cleo", _on_ours("cleo"))
_take("they take max off", "eve", "max", _on_theirs("max"))
_take("max takes eve off", "max", "eve", _on_theirs("eve"))
_take("the last manager leaves", "max", "max", _on_ours("max"), changes="")
_take("they take ours off", "eve", "cleo", _on_ours("cleo"), changes="")


# --- Other logins' accounts ---------------------------------------------------------------------------------------

_FIND, _JOIN = "POST /accounts/find", "POST /accounts/join"


def _find(name: str, actor: str, other: str, body: Callable[[Stage], object], **facts: Any) -> None:
    request(name, _FIND, body, actor=actor, proves=other, **facts)


def _login(username: str, password: str = PASSWORD) -> dict[str, str]:
    return {"username": username, "password": password}


_find("find", "eve", "cleo", lambda _: _login("cleo"), changes="login.found")
_find(
    "find with code",
    "max",
    "ada",
    lambda stage: {**_login("ada"), "totp": stage.codes["ada"]},
    changes="login.found",
    factor="totp_last_step",
)
_find("guess at another login", "eve", "cleo", lambda _: _login("cleo", WRONG))


def _join(name: str, keyed: bool) -> None:
    def body(stage: Stage) -> object:
        return {"find_token": stage.find_token, "provider_ids": [stage.provider_id]}

    request(name, _JOIN, body, actor="eve", proves="cleo", keyed=keyed, quiet=True, changes="grant.joined")


_join("join", keyed=True)
_join("join without a key", keyed=False)


# --- Invitations, and access that ends by itself --------------------------------------------------------------------

_INVITE = "POST /providers/{provider_id}/invitations"
_ACCEPT, _DECLINE = "POST /invitations/{invitation_id}/accept", "POST /invitations/{invitation_id}/decline"
_MADE = "invitation.made"


def _invitation(which: str) -> Callable[[Stage], str]:
    return lambda stage: stage.invitations[which]


def _invite(name: str, actor: str, username: str, **facts: Any) -> None:
    body = {"username": username, "privileges": {"patients": "view"}}
    named = (username,)
    request(name, _INVITE, lambda _: body, parameter=_on_ours(), actor=actor, names=named, changes=_MADE, **facts)


_invite("invite", "ada", "pat", keyed=True)
_invite("ask to invite", "max", "pat")
_invite("invite nobody", "ada", "nobody.at.all")
request(
    "approve invitation",
    _ACCEPT,
    parameter=_invitation("asked"),
    actor="ada",
    names=("eve",),
    changes="invitation.approved",
)
request(
    "accept invitation",
    _ACCEPT,
    parameter=_invitation("offered"),
    actor="eve",
    keyed=True,
    changes="invitation.accepted",
)
request(
    "accept invitation without a key",
    _ACCEPT,
    parameter=_invitation("offered"),
    actor="eve",
    changes="invitation.accepted",
)
request("accept invitation that is not approved", _ACCEPT, parameter=_invitation("asked"), actor="eve")
request("decline invitation", _DECLINE, parameter=_invitation("offered"), actor="eve", changes="invitation.declined")
request(
    "withdraw invitation",
    "DELETE /providers/{provider_id}/invitations/{invitation_id}",
    parameter=lambda stage: f"{stage.provider_id} {stage.invitations['offered']}",
    actor="max",
    names=("eve",),
    changes="invitation.withdrawn",
)
_take("take off who reaches it for a time", "ada", "sue", _on_ours("sue"))
# Two hours later the time is over.
event("expire", "sweep_expired", ahead=timedelta(hours=2), waiting=END_GRANT)
