"""The License Manager."""

from typing import Any

from chalicelib.auth import SITE_ADMIN
from chalicelib.console.pages import page
from chalicelib.licensing.usecases import orders
from chalicelib.store import Context


@page("/console/licenses", permit=SITE_ADMIN, prefetch=orders.dashboard_rows, template="licenses.html")
def show_licenses(ctx: Context) -> dict[str, Any]:
    """How many licenses there are, and the orders that can still be cancelled."""
    return {"licenses": orders.dashboard(ctx)}
