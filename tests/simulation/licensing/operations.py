"""Orders, the claims of other rooms, decreases, and what runs by schedule."""

from datetime import timedelta
from typing import Any

from chalicelib import signing
from chalicelib.licensing.tables import CHARGE, LOWER
from chalicelib.licensing.usecases import orders, pool
from chalicelib.model import Event
from chalicelib.store import Commit
from tests.licensing.orders import order_body
from tests.simulation.operation import event, inside, request, staff
from tests.simulation.script import AUGUST, HOLDER, NOW
from tests.simulation.stage import Stage

_PAST_DEADLINE = timedelta(minutes=1)

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
    held = pool.find_claim(commit.ctx, stage.practices["ours"], stage.cast.provider_id)
    commit.record(Event("license.trial_ended" if held.trial_until else "license.released", stage.cast.provider_id))
    pool.release(commit, held)


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


request(
    "ask for fewer",
    "POST /license-decreases",
    lambda _: {"physician": 1},
    actor="ada",
    keyed=True,
    changes="license_decrease.requested",
)


# --- Scheduled ----------------------------------------------------------------------------------------------------

event("charge", "charge_due_orders", ahead=_PAST_DEADLINE, waiting=CHARGE)
event("charge too early", "charge_due_orders")
event("lower", "apply_decreases", ahead=AUGUST - NOW, waiting=LOWER)
event("report", "reconcile_month", ahead=AUGUST - NOW)
staff("make report", "make_report", lambda _: {"day": "2026-07-03"}, actor="", quiet=True)
