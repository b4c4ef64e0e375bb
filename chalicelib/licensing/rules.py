"""The rules of licensing. Pure: state, command, actor and time in; new state and event out; no clock, no AWS."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib import clock, local_days
from chalicelib.errors import Conflict, FieldError, Invalid
from chalicelib.licensing import billing_calendar
from chalicelib.licensing.model import (
    LICENSE_TYPES,
    MOST_PER_ORDER,
    Agreement,
    Counts,
    LicenseOrder,
    LicenseQuote,
    LicenseQuoteRequest,
    LicenseType,
    PlaceLicenseOrder,
    Pool,
    QuoteLine,
    Terms,
    UnitPrices,
)
from chalicelib.model import ACCOUNTING, SUPPORT, Actor, Announcement, Event
from chalicelib.wording import plural


def claim_change(license_type: LicenseType) -> Pool:
    """An available license comes into use."""
    return Pool(available=-Counts.one(license_type), in_use=Counts.one(license_type))


def release_change(license_type: LicenseType) -> Pool:
    """A license in use becomes available."""
    return Pool(available=Counts.one(license_type), in_use=-Counts.one(license_type))


def type_change(old: LicenseType, new: LicenseType) -> Pool:
    """A license of the new type comes into use, then one of the old type becomes available."""
    return claim_change(new) + release_change(old)


def replay(changes: Iterable[Pool]) -> Pool:
    """The pool that a ledger amounts to. It is always the pool that the table holds."""
    return sum(changes, start=Pool())


class NotEnoughAvailable(Conflict):
    """A license is asked for, or taken back, that is not free."""

    code, title = "no_license_available", "No license is available"


class LicensesInUse(NotEnoughAvailable):
    """Licenses are to be taken back that are in use."""

    code, title = "licenses_in_use", "Licenses are in use"


class OrderNotPending(Conflict):
    """The order is cancelled or charged already."""

    code, title = "order_not_pending", "The order is settled already"


class CancelWindowOver(Conflict):
    """The cancel deadline has passed."""

    code, title = "cancel_window_over", "The cancel window is over"


def count_errors(request: LicenseQuoteRequest) -> tuple[FieldError, ...]:
    """An order is of 1 to 100 licenses."""
    if 1 <= request.physician + request.midlevel <= MOST_PER_ORDER:
        return ()
    message = f"Ask for 1 to {MOST_PER_ORDER} licenses in all."
    return (FieldError("physician", message), FieldError("midlevel", message))


def quote(request: LicenseQuoteRequest, terms: Terms, now: datetime) -> LicenseQuote:
    """The price for the rest of the current billing period, per line, and the cancel deadline.

    Raises Invalid unless 1 to 100 licenses are asked for.
    """
    if errors := count_errors(request):
        raise Invalid(errors=errors)
    period = billing_calendar.period_of(local_days.day_of(now, terms.billing_zone))
    lines = tuple(
        _line(license_type, quantity, terms.prices, period)
        for license_type in LICENSE_TYPES
        if (quantity := getattr(request, license_type))
    )
    return LicenseQuote(
        lines=lines,
        total_cents=sum(line.amount_cents or 0 for line in lines) if terms.prices else None,
        currency=terms.currency,
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        days_left=period.days_left,
        days_in_period=period.days,
        cancel_until=billing_calendar.cancel_until(now, terms.billing_zone),
        billing_note=terms.note,
    )


def _line(
    license_type: LicenseType, quantity: int, prices: UnitPrices | None, period: billing_calendar.Period
) -> QuoteLine:
    if prices is None:
        return QuoteLine(license_type, quantity, None, None)
    unit: int = getattr(prices, license_type)
    return QuoteLine(license_type, quantity, unit, billing_calendar.prorated_cents(unit, quantity, period))


def place_order(
    command: PlaceLicenseOrder, order_id: str, agreement: Agreement, terms: Terms, actor: Actor, now: datetime
) -> tuple[LicenseOrder, Event]:
    """A new pending order, its deadline frozen. Raises Invalid for bad counts or an agreement not accepted."""
    errors = list(count_errors(command))
    if command.agreement_version != agreement.version:
        errors.append(FieldError("agreement_version", f"The agreement in force is version {agreement.version}."))
    if not command.agreement_accepted:
        errors.append(FieldError("agreement_accepted", "The agreement must be accepted."))
    if errors:
        raise Invalid(errors=tuple(errors))
    priced = quote(command, terms, now)
    order = LicenseOrder(
        id=order_id,
        practice_name=terms.practice_name,
        physician=command.physician,
        midlevel=command.midlevel,
        status="pending",
        cancel_until=priced.cancel_until,
        lines=priced.lines,
        total_cents=priced.total_cents,
        currency=priced.currency,
        ordered_at=clock.to_text(now),
        ordered_by=actor.name,
        agreement_version=agreement.version,
    )
    announce = (ACCOUNTING, SUPPORT, Announcement("email", actor.email))
    return order, _order_event("placed", order, None, announce, agreement_sha256=agreement.sha256)


def cancel(order: LicenseOrder, now: datetime, email: str) -> tuple[LicenseOrder, Event]:
    """The order cancelled: allowed while it is pending, up to and including the second `cancel_until`. `email`: of who
    cancels it.

    Raises OrderNotPending or CancelWindowOver. That its licenses are available is the commit's condition.
    """
    _require_pending(order)
    if clock.to_text(now) > order.cancel_until:
        raise CancelWindowOver(f"This order could be cancelled until {order.cancel_until}.")
    cancelled = msgspec.structs.replace(order, status="cancelled", settled_at=clock.to_text(now))
    return cancelled, _order_event("cancelled", cancelled, order, (ACCOUNTING, Announcement("email", email)))


def charge(order: LicenseOrder, now: datetime) -> tuple[LicenseOrder, Event]:
    """The order charged: once its cancel window is over. Raises OrderNotPending, or Conflict before its time."""
    _require_pending(order)
    if clock.to_text(now) <= order.cancel_until:
        raise Conflict(f"This order can be cancelled until {order.cancel_until}.", code="cancel_window_open")
    charged = msgspec.structs.replace(order, status="charged", settled_at=clock.to_text(now))
    return charged, _order_event("charged", charged, order, (ACCOUNTING,))


def _require_pending(order: LicenseOrder) -> None:
    if order.status != "pending":
        raise not_pending(order.status)


def not_pending(status: str) -> OrderNotPending:
    """The order was settled, now or meanwhile."""
    return OrderNotPending(f"This order is {status}.", order_status=status)


def _order_event(
    what: str, order: LicenseOrder, before: LicenseOrder | None, announce: tuple[Announcement, ...], **more: Any
) -> Event:
    names = ("practice_name", "physician", "midlevel", "total_cents", "currency", "cancel_until")
    facts = {name: getattr(order, name) for name in names}
    return Event(
        type=f"license_order.{what}",
        subject=order.id,
        before={"status": before.status} if before else {},
        after={"status": order.status, **facts, **more},
        announce=announce,
    )


def still_in_use(wanted: Counts, pool: Pool) -> LicensesInUse:
    """Which and how many licenses must be freed before so many can be taken back, or that there are not so many."""
    to_free = {t: min(max(0, wanted.of(t) - pool.available.of(t)), pool.in_use.of(t)) for t in LICENSE_TYPES}
    few = [t for t in LICENSE_TYPES if wanted.of(t) > pool.active.of(t)]
    if few:
        has = " and ".join(plural(pool.active.of(t), f"{t} license") for t in few)
        return LicensesInUse(f"There are not so many: your practice has {has}.", to_free=to_free)
    words = " and ".join(f"{count} {license_type}" for license_type, count in to_free.items() if count)
    who = f"{words or 'some'} provider{'' if sum(to_free.values()) == 1 else 's'}"
    return LicensesInUse(f"This takes back licenses that are in use. Deactivate {who} first.", to_free=to_free)


# --- Types of licenses ------------------------------------------------------------------------------------------


def none_available(license_type: LicenseType, price: LicenseQuote | None) -> NotEnoughAvailable:
    """No license of the type is free: one can be bought, at the price where that is known."""
    priced = {"quote": msgspec.to_builtins(price)} if price else {}
    ways = "POST /license-orders buys one; so does add_license for a new provider"
    detail = f"No {license_type} license is available. {ways}."
    return NotEnoughAvailable(detail, license_type=license_type, **priced)
