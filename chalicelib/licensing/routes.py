"""The HTTPS face of licensing."""

from chalice.app import Blueprint

from chalicelib.answers import Csv
from chalicelib.auth import SITE_ADMIN
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.licensing import model
from chalicelib.licensing.reconciliation import Reconciliation
from chalicelib.licensing.tables import DecreaseRow
from chalicelib.licensing.usecases import decreases, ledger, orders, quotes, reconciliation
from chalicelib.store import Context
from chalicelib.validation import ListQuery

bp = Blueprint(__name__)


def _decrease(practice_id: str, decrease_id: str) -> list[Key[DecreaseRow]]:
    return [DecreaseRow.key(practice_id, decrease_id)]


@route(bp, "GET", "/licenses", permit=SITE_ADMIN, prefetch=orders.dashboard_rows)
def show_licenses(ctx: Context) -> orders.LicenseDashboard:
    """The license dashboard: per type how many are active, in use and available."""
    return orders.dashboard(ctx)


@route(bp, "GET", "/license-agreement", permit=SITE_ADMIN)
def show_agreement(ctx: Context) -> model.Agreement:
    """The agreement to accept with an order."""
    return orders.agreement()


@route(bp, "POST", "/license-quotes", permit=SITE_ADMIN, keeps_receipt=False)
def make_quote(ctx: Context, command: model.LicenseQuoteRequest) -> model.LicenseQuote:
    """The price for the rest of the billing period and the cancel deadline, if one ordered now. Changes nothing."""
    return quotes.quote(ctx, command)


@route(bp, "GET", "/license-orders", permit=SITE_ADMIN)
def list_orders(ctx: Context, query: ListQuery) -> Page[model.LicenseOrder]:
    """The practice's license orders, newest first."""
    return orders.list_orders(ctx, query)


@route(bp, "POST", "/license-orders", permit=SITE_ADMIN, status=201, location="/license-orders/{id}")
def place_order(ctx: Context, command: model.PlaceLicenseOrder) -> model.LicenseOrder:
    """Buy licenses under the agreement. They are usable at once; the order is charged after its cancel window."""
    return orders.place_order(ctx, command)


@route(bp, "GET", "/license-orders/{order_id}", permit=SITE_ADMIN, prefetch=orders.rows)
def show_order(ctx: Context, order_id: str) -> model.LicenseOrder:
    """One license order."""
    return orders.find_order(ctx, order_id)


@route(
    bp,
    "POST",
    "/license-orders/{order_id}/cancel",
    permit=SITE_ADMIN,
    prefetch=orders.rows,
    refusals={409: "order_not_pending cancel_window_over licenses_in_use"},
)
def cancel_order(ctx: Context, order_id: str) -> model.LicenseOrder:
    """Cancel a pending order within its window; that many licenses must be available."""
    return orders.cancel_order(ctx, order_id)


@route(
    bp,
    "POST",
    "/license-decreases",
    permit=SITE_ADMIN,
    status=201,
    location="/license-decreases/{id}",
    prefetch=decreases.keys,
    refusals={409: "licenses_in_use"},
)
def request_decrease(ctx: Context, command: model.LicenseDecreaseRequest) -> model.LicenseDecrease:
    """Ask for fewer licenses, by a ticket of its own. Support decide; it takes effect with the next billing period,
    without credit."""
    return decreases.request_decrease(ctx, command)


@route(bp, "GET", "/license-decreases", permit=SITE_ADMIN)
def list_decreases(ctx: Context, query: ListQuery) -> Page[model.LicenseDecrease]:
    """The practice's requests for fewer licenses, newest first."""
    return decreases.list_decreases(ctx, query)


@route(bp, "GET", "/license-decreases/{decrease_id}", permit=SITE_ADMIN, prefetch=_decrease)
def show_decrease(ctx: Context, decrease_id: str) -> model.LicenseDecrease:
    """One request for fewer licenses."""
    return decreases.find_decrease(ctx, decrease_id)


@route(bp, "GET", "/license-ledger", permit=SITE_ADMIN)
def list_ledger(ctx: Context, query: ListQuery) -> Page[model.LedgerLine]:
    """Every change of the practice's licenses, newest first."""
    return ledger.list_lines(ctx, query)


@route(bp, "GET", "/license-ledger.csv", permit=SITE_ADMIN)
def download_ledger(ctx: Context, query: ledger.LedgerMonth) -> Csv:
    """A month of the ledger as a file."""
    return ledger.month_as_csv(ctx, query)


@route(bp, "GET", "/reconciliation", permit=SITE_ADMIN)
def show_reconciliation(ctx: Context, query: reconciliation.AsOf) -> Reconciliation:
    """The practice's licenses on any day: ordered, charged, in use, counted, and what differs."""
    return reconciliation.show(ctx, query)
