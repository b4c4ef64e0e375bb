"""The HTTPS face of licensing."""

from chalice.app import Blueprint

from chalicelib.auth import SITE_ADMIN
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.licensing import model, usecases
from chalicelib.licensing.tables import OrderRow, PoolRow
from chalicelib.store import Context
from chalicelib.validation import ListQuery

bp = Blueprint(__name__)


def _pool(practice_id: str) -> list[Key[PoolRow]]:
    return [PoolRow.key(practice_id)]


def _order(practice_id: str, order_id: str) -> list[Key[OrderRow]]:
    return [OrderRow.key(practice_id, order_id)]


@route(bp, "GET", "/licenses", permit=SITE_ADMIN, prefetch=_pool)
def show_licenses(ctx: Context) -> usecases.LicenseDashboard:
    """The license dashboard: per type how many are active, in use and available."""
    return usecases.dashboard(ctx)


@route(bp, "GET", "/license-agreement", permit=SITE_ADMIN)
def show_agreement(ctx: Context) -> model.Agreement:
    """The agreement to accept with an order."""
    return usecases.agreement()


@route(bp, "POST", "/license-quotes", permit=SITE_ADMIN, keeps_receipt=False)
def make_quote(ctx: Context, command: model.LicenseQuoteRequest) -> model.LicenseQuote:
    """The price for the rest of the billing period and the cancel deadline, if one ordered now. Changes nothing."""
    return usecases.quote(ctx, command)


@route(bp, "GET", "/license-orders", permit=SITE_ADMIN)
def list_orders(ctx: Context, query: ListQuery) -> Page[model.LicenseOrder]:
    """The practice's license orders, newest first."""
    return usecases.list_orders(ctx, query)


@route(bp, "POST", "/license-orders", permit=SITE_ADMIN, status=201, location="/license-orders/{id}")
def place_order(ctx: Context, command: model.PlaceLicenseOrder) -> model.LicenseOrder:
    """Buy licenses under the agreement. They are usable at once; the order is charged after its cancel window."""
    return usecases.place_order(ctx, command)


@route(bp, "GET", "/license-orders/{order_id}", permit=SITE_ADMIN, prefetch=_order)
def show_order(ctx: Context, order_id: str) -> model.LicenseOrder:
    """One license order."""
    return usecases.find_order(ctx, order_id)


@route(
    bp,
    "POST",
    "/license-orders/{order_id}/cancel",
    permit=SITE_ADMIN,
    prefetch=_order,
    refusals={409: "order_not_pending cancel_window_over licenses_in_use"},
)
def cancel_order(ctx: Context, order_id: str) -> model.LicenseOrder:
    """Cancel a pending order within its window; that many licenses must be available."""
    return usecases.cancel_order(ctx, order_id)
