"""The License Manager: counts, the year, buying, cancelling, orders, ledger, reconciliation, fewer licenses."""

import re
from typing import Any

from chalicelib.answers import Csv
from chalicelib.auth import SITE_ADMIN
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.plots import steps
from chalicelib.licensing import model
from chalicelib.licensing.usecases import decreases, ledger, orders, quotes, reconciliation
from chalicelib.store import Context
from chalicelib.validation import ListQuery

_HERE = "/console/licenses"


@page(_HERE, permit=SITE_ADMIN, prefetch=orders.dashboard_rows, template="licenses.html")
def show_licenses(ctx: Context) -> dict[str, Any]:
    """How many licenses there are, the orders that can still be cancelled, and the past year."""
    return {"licenses": orders.dashboard(ctx), "plots": _plots(ctx), "types": words.TYPES, "say": words.licenses}


def _plots(ctx: Context) -> list[dict[str, Any]]:
    year = ledger.past_year(ctx)
    plots: list[dict[str, Any]] = []
    if not any(year[-2].active.of(kind) for kind in words.TYPES):
        return plots  # of a practice's first week there is nothing to see yet
    for kind, label in words.TYPES.items():
        active, in_use = [each.active.of(kind) for each in year], [each.in_use.of(kind) for each in year]
        title = f"{label} licenses over the past year: active from {active[0]} to {active[-1]}, in use from {in_use[0]}"
        plots.append({"label": label, "svg": steps(f"{title} to {in_use[-1]}", active, in_use), "top": max(active)})
    return plots


# --- Buying -------------------------------------------------------------------------------------------------------


@page(f"{_HERE}/agreement", on=show_licenses, permit=SITE_ADMIN, template="license_agreement.html")
def show_agreement(ctx: Context, query: model.LicenseQuoteRequest) -> dict[str, Any]:
    """What so many licenses cost, and the agreement."""
    agreement, quote = orders.agreement(), quotes.quote(ctx, query)
    priced = quote.total_cents is not None
    return {
        "wanted": query,
        "say": words.licenses,
        "quote": quote,
        "monthly": sum((line.unit_price_cents or 0) * line.quantity for line in quote.lines) if priced else None,
        "types": words.TYPES,
        "agreement": agreement,
        "terms": re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", agreement.text, re.MULTILINE | re.DOTALL),
    }


def _bought(order: model.LicenseOrder) -> Done:
    return Done(_HERE, f"{words.licenses(order.counts)} added. They are ready to use.")


@action(f"{_HERE}/agreement", on=show_agreement, permit=SITE_ADMIN, then=_bought)
def place_order(ctx: Context, command: model.PlaceLicenseOrder) -> model.LicenseOrder:
    """Buy licenses under the agreement."""
    return orders.place_order(ctx, command)


# --- Orders -------------------------------------------------------------------------------------------------------


@page(f"{_HERE}/orders", permit=SITE_ADMIN, template="license_orders.html")
def list_orders(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """All orders."""
    return {"orders": orders.list_orders(ctx, query), "say": words.licenses}


@page(f"{_HERE}/orders/{{order_id}}/cancel", permit=SITE_ADMIN, prefetch=orders.rows, template="license_cancel.html")
def show_cancel(ctx: Context, order_id: str) -> dict[str, Any]:
    """What cancelling an order means."""
    return {"order": orders.find_order(ctx, order_id), "say": words.licenses}


def _cancelled(order: model.LicenseOrder, **_: str) -> Done:
    return Done(_HERE, f"The order of {words.licenses(order.counts)} is canceled. Nothing is charged.")


@action(f"{_HERE}/orders/{{order_id}}/cancel", on=show_cancel, permit=SITE_ADMIN, prefetch=orders.rows, then=_cancelled)
def cancel_order(ctx: Context, order_id: str) -> model.LicenseOrder:
    """Take an order back."""
    return orders.cancel_order(ctx, order_id)


# --- Ledger and reconciliation ------------------------------------------------------------------------------------


@page(f"{_HERE}/ledger", permit=SITE_ADMIN, template="license_ledger.html")
def list_ledger(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """Every change of the practice's licenses."""
    currency = quotes.terms(ctx).currency
    return {"lines": ledger.list_lines(ctx, query), "kinds": _KINDS, "types": words.TYPES, "currency": currency}


_KINDS: dict[model.LineKind, str] = {
    "trial": "Trial license",
    "trial_type_change": "Trial license changed type",
    "trial_end": "Trial license ended",
    "terms": "Terms changed",
    "order": "Ordered",
    "cancel": "Order canceled",
    "charge": "Order charged",
    "claim": "Assigned to a provider",
    "type_change": "Provider changed license type",
    "release": "Released by a provider",
    "decrease": "Fewer licenses",
}


@page(f"{_HERE}/ledger.csv", permit=SITE_ADMIN)
def download_ledger(ctx: Context, query: ledger.LedgerMonth) -> Csv:
    """A month of it as a file."""
    return ledger.month_as_csv(ctx, query)


@page(f"{_HERE}/reconciliation", permit=SITE_ADMIN, template="reconciliation.html", filters=True)
def show_reconciliation(ctx: Context, query: reconciliation.AsOf) -> dict[str, Any]:
    """The licenses on any day, and what differs."""
    return {"found": reconciliation.show(ctx, query), "types": words.TYPES}


@page(f"{_HERE}/reconciliation.csv", permit=SITE_ADMIN)
def download_reconciliation(ctx: Context, query: reconciliation.AsOf) -> Csv:
    """The same as a file."""
    return reconciliation.as_csv(ctx, query)


# --- Fewer licenses -----------------------------------------------------------------------------------------------


@page(f"{_HERE}/fewer", permit=SITE_ADMIN, template="license_decreases.html")
def list_decreases(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """The practice's requests for fewer licenses, and the form for another."""
    return {"decreases": decreases.list_decreases(ctx, query), "say": words.licenses}


def _requested(decrease: model.LicenseDecrease) -> Done:
    asked = f"You asked Support to remove {words.licenses(decrease.counts)}: ticket {decrease.ticket_number}."
    return Done(f"{_HERE}/fewer", asked)


@action(f"{_HERE}/fewer", on=list_decreases, permit=SITE_ADMIN, prefetch=decreases.keys, then=_requested)
def request_decrease(ctx: Context, command: model.LicenseDecreaseRequest) -> model.LicenseDecrease:
    """Ask Support for fewer licenses."""
    return decreases.request_decrease(ctx, command)
