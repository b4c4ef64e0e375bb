"""Every operation that changes something, as somebody does it on the stage: one for each mutating route and each
scheduled handler, more where a route has several ways through it.

The simulations run each of them into every fault at every AWS call, and every two of them interleaved.
"""

from datetime import timedelta
from typing import Any

from chalicelib import signing
from chalicelib.licensing.usecases import orders, pool
from chalicelib.model import Event
from chalicelib.store import Commit
from tests.cast import PASSWORD, sign_up_body
from tests.identity.steps import NEW_PASSWORD, WRONG
from tests.licensing.orders import order_body
from tests.simulation.operation import OPERATIONS, Answer, Operation, event, inside, request, staff
from tests.simulation.stage import AUGUST, HOLDER, NOW, RECOVERY_CODE, Stage

__all__ = ["OPERATIONS", "Answer", "Operation"]
_PAST_DEADLINE = timedelta(minutes=1)


def _sign_in(username: str, password: str = PASSWORD, **factor: str) -> dict[str, str]:
    return {"username": username, "password": password, **factor}


# --- Identity -----------------------------------------------------------------------------------------------------

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

# --- Licensing ----------------------------------------------------------------------------------------------------

request("quote", "POST /license-quotes", lambda _: {"physician": 1}, actor="ada")


def _order(stage: Stage) -> str:
    return stage.order_id


def _body(_: Stage) -> Any:
    return order_body(1, 1)


def _cold_body(_: Stage) -> Any:
    signing._key.cache_clear()  # a function that has just started reads the key first
    return order_body(0, 2)


_ORDER, _ORDERED = "POST /license-orders", "license_order.placed"
request("order", _ORDER, _body, actor="ada", keyed=True, changes=_ORDERED)
request("order without a key", _ORDER, _body, actor="ada", changes=_ORDERED)
request("order after a cold start", _ORDER, _cold_body, actor="ada", keyed=True, changes=_ORDERED)
request("they order", _ORDER, _body, actor="eve", keyed=True, changes=_ORDERED)
_CANCEL = "POST /license-orders/{order_id}/cancel"
_CANCELLED = "license_order.cancelled"
request("cancel", _CANCEL, parameter=_order, actor="ada", keyed=True, changes=_CANCELLED)
request("cancel without a key", _CANCEL, parameter=_order, actor="ada", changes=_CANCELLED)
request("they cancel ours", _CANCEL, parameter=_order, actor="eve")


def _claim(provider_id: str) -> Any:
    def work(commit: Commit, stage: Stage) -> None:
        commit.record(Event("license.claimed", provider_id))
        pool.claim(commit, stage.practices["ours"], provider_id, "physician")

    return work


def _release(commit: Commit, stage: Stage) -> None:
    commit.record(Event("license.released", HOLDER))
    pool.release(commit, pool.find_claim(commit.ctx, stage.practices["ours"], HOLDER))


def _end_trial(commit: Commit, stage: Stage) -> None:
    commit.record(Event("license.trial_ended", stage.cast.provider_id))
    pool.release(commit, pool.find_claim(commit.ctx, stage.practices["ours"], stage.cast.provider_id))


def _change_type(commit: Commit, stage: Stage) -> None:
    commit.record(Event("license.type_changed", HOLDER))
    pool.change_type(commit, pool.find_claim(commit.ctx, stage.practices["ours"], HOLDER), "physician")


def _buy_and_claim(commit: Commit, stage: Stage) -> None:
    commit.record(Event("license.claimed", "prv_bought"))
    orders.buy_and_claim(commit, "prv_bought", "midlevel", orders.AGREEMENT_VERSION, True)


inside("claim", _claim("prv_new"), "license.claimed")
inside("claim for another", _claim("prv_newer"), "license.claimed")
inside("release", _release, "license.released")
inside("end trial", _end_trial, "license.trial_ended")
inside("change type", _change_type, "license.type_changed")
inside("buy and claim", _buy_and_claim, "license_order.placed")


def _decision(stage: Stage) -> dict[str, str]:
    return {"practice_id": stage.practices["ours"], "decrease_id": stage.decrease_id}


request(
    "ask for fewer",
    "POST /license-decreases",
    lambda _: {"physician": 1},
    actor="ada",
    keyed=True,
    changes="license_decrease.requested",
)
staff("approve", "approve_decrease", _decision, actor="ada", changes="license_decrease.approved")
staff("decline", "decline_decrease", _decision, actor="ada", changes="license_decrease.declined")
staff(
    "set note",
    "set_billing_note",
    lambda stage: {"practice_id": stage.practices["ours"], "note": "billed by hand"},
    actor="ada",
    changes="practice.billing_note_set",
)

# --- Scheduled ----------------------------------------------------------------------------------------------------

event("charge", "charge_due_orders", ahead=_PAST_DEADLINE)
event("charge too early", "charge_due_orders")
event("relay", "relay_events")
event("lower", "apply_decreases", ahead=AUGUST - NOW)
event("report", "reconcile_month", ahead=AUGUST - NOW)
staff("make report", "make_report", lambda _: {"day": "2026-07-03"}, actor="", quiet=True)
