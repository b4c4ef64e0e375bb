"""What the licensing room does: read rows, ask the rules, make one commit."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from chalicelib import clock, config, ids
from chalicelib.cursors import Page, page
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound, Problem
from chalicelib.licensing import rules
from chalicelib.licensing.model import (
    Agreement,
    Counts,
    LicenseOrder,
    LicenseQuote,
    LicenseQuoteRequest,
    LicenseType,
    LineKind,
    PlaceLicenseOrder,
    Pool,
    Terms,
    UnitPrices,
)
from chalicelib.licensing.tables import ClaimRow, LedgerRow, OrderRow, PoolRow
from chalicelib.model import Practice
from chalicelib.store import Commit, Context, system_context
from chalicelib.validation import ListQuery

AGREEMENT_VERSION = "2026-11"
TRIAL = timedelta(days=30)
_OLDEST_PENDING = timedelta(days=31)


class PoolOfType(msgspec.Struct, frozen=True):
    """The licenses of one type."""

    active: int
    in_use: int
    available: int


class LicenseDashboard(msgspec.Struct, frozen=True):
    """The licenses of a practice, and its orders that can still be cancelled or are about to be charged."""

    physician: PoolOfType
    midlevel: PoolOfType
    billing_note: str | None
    pending_orders: list[LicenseOrder]


@cache
def agreement() -> Agreement:
    """The license agreement in force."""
    text = Path(__file__).with_name("agreement.md").read_text(encoding="utf-8")
    return Agreement(AGREEMENT_VERSION, text, hashlib.sha256(text.encode()).hexdigest())


def terms_of(practice: Practice) -> Terms:
    """Prices and calendar for a practice; no prices under custom billing."""
    return Terms(
        prices=None if practice.billing_note else _price_list(config.get("PLANS"))[practice.plan],
        currency=config.get("CURRENCY"),
        billing_zone=config.get("BILLING_TIME_ZONE"),
        note=practice.billing_note,
    )


@cache
def _price_list(setting: str) -> dict[str, UnitPrices]:
    return msgspec.json.decode(setting, type=dict[str, UnitPrices])


def dashboard(ctx: Context) -> LicenseDashboard:
    """The license dashboard."""
    practice = ctx.own_practice
    pool = _pool(ctx)
    # Orders settle within days; one that is pending for a month would have raised the sweep's alarm long ago.
    since = ids.new("ord", ctx.now - _OLDEST_PENDING)
    orders = [row.as_order() for row in query(OrderRow, practice.id, "order#", after=f"order#{since}")]
    return LicenseDashboard(
        physician=_of_type(pool, "physician"),
        midlevel=_of_type(pool, "midlevel"),
        billing_note=practice.billing_note,
        pending_orders=[order for order in orders if order.status == "pending"],
    )


def _of_type(pool: Pool, license_type: LicenseType) -> PoolOfType:
    return PoolOfType(pool.active.of(license_type), pool.in_use.of(license_type), pool.available.of(license_type))


def _pool(ctx: Context) -> Pool:
    row = ctx.find(PoolRow.key(ctx.own_practice.id))
    return row.pool() if row else Pool()


# --- Orders -----------------------------------------------------------------------------------------------------


def quote(ctx: Context, command: LicenseQuoteRequest) -> LicenseQuote:
    """What so many licenses would cost now. Changes nothing."""
    return rules.quote(command, terms_of(ctx.own_practice), ctx.now)


def place_order(ctx: Context, command: PlaceLicenseOrder) -> LicenseOrder:
    """Buy licenses: usable at once, cancellable until the deadline, then charged."""
    practice = ctx.own_practice
    order, event = rules.place_order(
        command, ids.new("ord", ctx.now), agreement(), terms_of(practice), ctx.actor, ctx.now
    )
    commit = Commit(ctx)
    commit.put(
        OrderRow.new(practice.id, order, agreement().sha256, ctx.source_ip), otherwise=Conflict("This order exists.")
    )
    _change_pool(commit, practice.id, Pool(available=order.counts), "order", order.id, amount_cents=order.total_cents)
    commit.record(event)
    return commit.write(order)


def find_order(ctx: Context, order_id: str) -> LicenseOrder:
    """One order of the practice. Raises NotFound."""
    row = ctx.find(OrderRow.key(ctx.own_practice.id, order_id))
    if row is None:
        raise NotFound("Your practice has no such license order.")
    return row.as_order()


def list_orders(ctx: Context, query_: ListQuery) -> Page[LicenseOrder]:
    """The practice's orders, newest first."""
    practice_id = ctx.own_practice.id

    def fetch(limit: int, after: str | None) -> list[LicenseOrder]:
        rows = query(OrderRow, practice_id, "order#", limit=limit, after=after, newest_first=True)
        return [row.as_order() for row in rows]

    return page(query_, f"{practice_id} license-orders", fetch, lambda order: f"order#{order.id}")


def cancel_order(ctx: Context, order_id: str) -> LicenseOrder:
    """Take an order back within its window. Its licenses must be available."""
    practice_id = ctx.own_practice.id
    cancelled, event = rules.cancel(find_order(ctx, order_id), ctx.now)
    commit = Commit(ctx)
    commit.update(
        OrderRow.key(practice_id, order_id),
        OrderRow.settle(cancelled),
        (OrderRow.status == "pending") & (OrderRow.cancel_until >= clock.to_text(ctx.now)),
        otherwise=_settled_meanwhile,
    )
    _change_pool(
        commit,
        practice_id,
        Pool(available=-cancelled.counts),
        "cancel",
        order_id,
        otherwise=lambda row: rules.cannot_cancel(cancelled, row.pool() if row else Pool()),
    )
    commit.record(event)
    return commit.write(cancelled)


def _settled_meanwhile(row: OrderRow | None) -> Problem:
    return rules.OrderNotPending(f"This order is {row.status}." if row else "")


def charge_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Charge every pending order whose cancel window is over. `charge_due_orders` runs it."""

    def work(row: OrderRow) -> bool:
        charge_order(system_context("charge_due_orders", row.pk, now, request_id), row.as_order())
        return True

    # The index holds deadlines; one that equals this second has not passed yet, and the rule refuses it.
    until = clock.to_text(now - timedelta(seconds=1))
    return sweep("charge_due_orders", OrderRow, OrderRow.due, until, work, milliseconds_left)


def charge_order(ctx: Context, order: LicenseOrder) -> None:
    """Charge one order. Raises Conflict when it was cancelled or charged meanwhile."""
    practice_id = ctx.actor.practice_id
    charged, event = rules.charge(order, ctx.now)
    commit = Commit(ctx)
    commit.update(
        OrderRow.key(practice_id, order.id),
        OrderRow.settle(charged),
        (OrderRow.status == "pending") & (OrderRow.cancel_until < clock.to_text(ctx.now)),
        otherwise=_settled_meanwhile,
    )
    _add_line(commit, practice_id, Pool(), "charge", order.id, charged.total_cents)
    commit.record(event)
    commit.write(None)


# --- Claims: called by the rooms that open, reactivate and deactivate provider accounts ---------------------------


def open_pool_with_trial(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType) -> None:
    """Add a new practice's pool to the commit: one trial license, held by its first provider account."""
    trial = Pool(in_use=Counts.one(license_type))
    commit.put(
        PoolRow.key(practice_id).row(**PoolRow.values(trial)), otherwise=Conflict("This practice has its licenses.")
    )
    _put_claim(commit, practice_id, provider_id, license_type, clock.to_text(commit.ctx.now + TRIAL))
    _add_line(commit, practice_id, trial, "trial", provider_id, None)


def claim(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType) -> None:
    """Add to the commit that a provider account takes an available license. Refused with `no_license_available`."""
    _put_claim(commit, practice_id, provider_id, license_type, None)
    _change_pool(
        commit,
        practice_id,
        rules.claim_change(license_type),
        "claim",
        provider_id,
        otherwise=rules.none_available(license_type),
    )


def release(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType) -> None:
    """Add to the commit that a provider account gives its license back."""
    commit.delete(
        ClaimRow.key(practice_id, provider_id),
        ClaimRow.license_type == license_type,
        otherwise=Conflict("This provider account holds no such license.", code="no_license_held"),
    )
    _change_pool(commit, practice_id, rules.release_change(license_type), "release", provider_id)


def _put_claim(
    commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType, trial_until: str | None
) -> None:
    commit.put(
        ClaimRow.key(practice_id, provider_id).row(license_type=license_type, trial_until=trial_until),
        otherwise=Conflict("This provider account holds a license already.", code="license_held"),
    )


# --- Pool and ledger: changed together or not at all --------------------------------------------------------------


def _change_pool(
    commit: Commit,
    practice_id: str,
    change: Pool,
    kind: LineKind,
    subject: str,
    *,
    amount_cents: int | None = None,
    otherwise: Problem | Callable[[Any], Problem] | None = None,
) -> None:
    actions, condition = PoolRow.change(change)
    key: Key[PoolRow] = PoolRow.key(practice_id)
    commit.update(key, actions, condition, otherwise=otherwise or Conflict("The practice's licenses changed."))
    _add_line(commit, practice_id, change, kind, subject, amount_cents)


def _add_line(
    commit: Commit, practice_id: str, change: Pool, kind: LineKind, subject: str, amount_cents: int | None
) -> None:
    line = LedgerRow.key(practice_id, commit.event_id).row(
        kind=kind,
        at=clock.to_text(commit.ctx.now),
        subject=subject,
        amount_cents=amount_cents,
        **PoolRow.values(change),
    )
    commit.put(line, otherwise=Conflict("This ledger line exists."))
