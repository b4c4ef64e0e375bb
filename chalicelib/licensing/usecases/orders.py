"""License orders, from the quote to the charge; the dashboard."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from chalicelib import clock, ids
from chalicelib.cursors import Page, page
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound, Problem
from chalicelib.licensing import rules
from chalicelib.licensing.model import (
    LICENSE_TYPES,
    Agreement,
    LicenseOrder,
    LicenseType,
    PlaceLicenseOrder,
    Pool,
)
from chalicelib.licensing.tables import CHARGE, OrderRow, PoolRow
from chalicelib.licensing.usecases.pool import Entry, book, put_claim
from chalicelib.licensing.usecases.quotes import terms
from chalicelib.store import Commit, Context, system_context
from chalicelib.validation import ListQuery

AGREEMENT_VERSION = "2026-11"
_AGREEMENT = Path(__file__).parents[1] / "agreement.md"
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
    text = _AGREEMENT.read_text(encoding="utf-8")
    return Agreement(AGREEMENT_VERSION, text, hashlib.sha256(text.encode()).hexdigest())


def dashboard_rows(practice_id: str) -> list[Key[PoolRow]]:
    """What is read of a practice for its dashboard."""
    return [PoolRow.key(practice_id)]


def rows(practice_id: str, order_id: str) -> list[Key[OrderRow]]:
    """What is read for one order."""
    return [OrderRow.key(practice_id, order_id)]


def dashboard(ctx: Context) -> LicenseDashboard:
    """The license dashboard."""
    practice = ctx.own_practice
    row = ctx.find(PoolRow.key(practice.id))
    pool = row.pool() if row else Pool()
    # Orders settle within days. One that is pending for a month failed to be charged: the sweep counts and logs it
    # at every run.
    since = ids.earliest("ord", ctx.now - _OLDEST_PENDING)
    orders = [row.as_order() for row in query(OrderRow, practice.id, "order#", after=f"order#{since}")]
    return LicenseDashboard(
        physician=_of_type(pool, "physician"),
        midlevel=_of_type(pool, "midlevel"),
        billing_note=practice.billing_note,
        pending_orders=[order for order in orders if order.status == "pending"],
    )


def _of_type(pool: Pool, license_type: LicenseType) -> PoolOfType:
    return PoolOfType(pool.active.of(license_type), pool.in_use.of(license_type), pool.available.of(license_type))


def place_order(ctx: Context, command: PlaceLicenseOrder) -> LicenseOrder:
    """Buy licenses: usable at once, cancellable until the deadline, then charged."""
    commit = Commit(ctx)
    order = _add_order(commit, command)
    book(commit, ctx.own_practice.id, _order_entry(order))
    return commit.write(order)


def buy_and_claim(
    commit: Commit, provider_id: str, license_type: LicenseType, agreement_version: str, agreement_accepted: bool
) -> LicenseOrder:
    """Add to a commit that the practice buys one license and a provider account takes it, for the room that opens the
    account in that commit. Raises Invalid for an agreement that is not the accepted one in force."""
    counts = {license_type: 1}
    command = PlaceLicenseOrder(**counts, agreement_version=agreement_version, agreement_accepted=agreement_accepted)
    order = _add_order(commit, command)
    practice_id = commit.ctx.own_practice.id
    put_claim(commit, practice_id, provider_id, license_type)
    book(commit, practice_id, _order_entry(order), Entry("claim", provider_id, rules.claim_change(license_type)))
    return order


def _add_order(commit: Commit, command: PlaceLicenseOrder) -> LicenseOrder:
    ctx = commit.ctx
    order, event = rules.place_order(command, ids.new("ord", ctx.now), agreement(), terms(ctx), ctx.actor, ctx.now)
    row = OrderRow.new(ctx.own_practice.id, order, agreement().sha256, ctx.source_ip)
    commit.put(row, otherwise=Conflict("This order exists."))
    commit.record(event)
    for kind in LICENSE_TYPES:
        if number := order.counts.of(kind):
            commit.count("licenses_sold", number, license_type=kind)
    return order


def _order_entry(order: LicenseOrder) -> Entry:
    return Entry("order", order.id, Pool(available=order.counts), order)


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
    cancelled, event = rules.cancel(find_order(ctx, order_id), ctx.now, ctx.actor.email)
    commit = Commit(ctx)
    commit.update(
        OrderRow.key(practice_id, order_id),
        OrderRow.settle(cancelled),
        (OrderRow.status == "pending") & (OrderRow.cancel_until >= clock.to_text(ctx.now)),
        otherwise=_settled_meanwhile,
    )
    book(
        commit,
        practice_id,
        Entry("cancel", order_id, Pool(available=-cancelled.counts), cancelled),
        otherwise=lambda row: rules.still_in_use(cancelled.counts, row.pool() if row else Pool()),
    )
    commit.record(event)
    return commit.write(cancelled)


def _settled_meanwhile(row: OrderRow | None) -> Problem:
    return rules.not_pending(row.status) if row else NotFound("Your practice has no such license order.")


def charge_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Charge every pending order whose cancel window is over. `charge_due_orders` runs it."""

    def work(row: OrderRow) -> bool:
        try:
            charge_order(system_context("charge_due_orders", row.pk, now, request_id), row.as_order())
        except rules.OrderNotPending:  # cancelled or charged meanwhile
            return False
        return True

    # The index holds deadlines; one that equals this second has not passed yet, and the rule refuses it.
    until = clock.to_text(now - timedelta(seconds=1))
    return sweep("charge_due_orders", OrderRow.due, CHARGE, until, work, milliseconds_left)


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
    book(commit, practice_id, Entry("charge", order.id, order=charged))
    commit.record(event)
    commit.write(None)
