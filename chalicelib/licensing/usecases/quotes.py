"""What licenses would cost a practice now."""

from chalicelib import config
from chalicelib.licensing import rules
from chalicelib.licensing.model import LicenseQuote, LicenseQuoteRequest, LicenseType, Terms
from chalicelib.licensing.prices import unit_prices
from chalicelib.local_days import day_of
from chalicelib.store import Context


def terms(ctx: Context) -> Terms:
    """The vendor's terms for the practice, today."""
    practice, zone = ctx.own_practice, config.get("BILLING_TIME_ZONE")
    prices = None if practice.billing_note else unit_prices(practice.plan, day_of(ctx.now, zone))
    return Terms(practice.name, prices, config.get("CURRENCY"), zone, practice.billing_note)


def quote(ctx: Context, command: LicenseQuoteRequest) -> LicenseQuote:
    """What so many licenses would cost now. Changes nothing."""
    return rules.quote(command, terms(ctx), ctx.now)


def none_available(ctx: Context, license_type: LicenseType) -> rules.NotEnoughAvailable:
    """The refusal of a claim; to a practice's own people it names the price of one more license."""
    counts = {license_type: 1}
    return rules.none_available(license_type, quote(ctx, LicenseQuoteRequest(**counts)) if ctx.practice else None)
