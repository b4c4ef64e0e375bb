"""Reconciliation, pure: what a practice's append-only records say of any past day, and where they differ.

Everything about a day is taken from lines written up to its last second, so the same day gives the same result
at any later time. A difference is reported, never repaired.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.cells import harmless
from chalicelib.licensing.model import LicenseType, LineKind, Pool, UnitPrices


class OrderAmount(NamedTuple):
    """One license type of an order: how many, for how much (None under custom billing)."""

    license_type: LicenseType
    quantity: int
    cents: int | None


class Line(NamedTuple):
    """A ledger line, as far as reconciliation reads it."""

    at: str
    kind: LineKind
    subject: str
    change: Pool
    amounts: tuple[OrderAmount, ...] = ()


class ReconciledType(msgspec.Struct, frozen=True):
    """One license type of a practice on one day.

    Ordered, cancelled, charged and decreased count licenses of the billing period up to that day; active, in use and
    trial are the state at its end. `variance` = in use - provider accounts; `orphans` are provider accounts without
    a license, and licenses without an active provider account. Amounts in cents, null under custom billing.
    """

    license_type: LicenseType
    ordered: int
    cancelled: int
    charged: int
    decreased: int
    trial: int
    active: int
    in_use: int
    provider_accounts: int
    variance: int
    orphans: tuple[str, ...]
    recurring_cents: int | None
    ordered_cents: int | None
    cancelled_cents: int | None
    charged_cents: int | None


class Reconciliation(msgspec.Struct, frozen=True):
    """A practice's licenses on one day. `differences`: what its pool and claims say otherwise than its ledger, all of
    them as they stand now, whatever the day. Compared where that is today, and for the report of all practices."""

    practice_id: str
    practice_name: str
    day: str
    currency: str
    custom_billing: bool
    types: tuple[ReconciledType, ...]
    differences: tuple[str, ...] = ()


_TRIALS = ("trial", "trial_type_change", "trial_end")


def reconcile_type(
    license_type: LicenseType,
    lines: Sequence[Line],
    period_begins: str,
    accounts: frozenset[str],
    prices: UnitPrices | None,
) -> ReconciledType:
    """One type. `lines`: all up to the end of the day; `accounts`: the active provider accounts that need the type."""
    pool = sum((line.change for line in lines), start=Pool())
    trial = sum(line.change.in_use.of(license_type) for line in lines if line.kind in _TRIALS)
    active, in_use = pool.active.of(license_type), pool.in_use.of(license_type)
    period = [line for line in lines if line.at >= period_begins]
    amounts = {kind: _amounts(license_type, kind, period) for kind in ("order", "cancel", "charge")}
    return ReconciledType(
        license_type=license_type,
        ordered=_quantity(amounts["order"]),
        cancelled=_quantity(amounts["cancel"]),
        charged=_quantity(amounts["charge"]),
        decreased=-sum(line.change.active.of(license_type) for line in period if line.kind == "decrease"),
        trial=trial,
        active=active,
        in_use=in_use,
        provider_accounts=len(accounts),
        variance=in_use - len(accounts),
        orphans=tuple(sorted(holders(license_type, lines) ^ accounts)),
        recurring_cents=None if prices is None else (active - trial) * int(getattr(prices, license_type)),
        ordered_cents=_cents(amounts["order"], prices),
        cancelled_cents=_cents(amounts["cancel"], prices),
        charged_cents=_cents(amounts["charge"], prices),
    )


def holders(license_type: LicenseType, lines: Iterable[Line]) -> frozenset[str]:
    """Who holds a license of the type after all the lines, in whatever order these stand: two of one event do not say
    which of them was first."""
    held: Counter[str] = Counter()
    for line in lines:
        held[line.subject] += line.change.in_use.of(license_type)
    return frozenset(subject for subject, number in held.items() if number)


def _amounts(license_type: LicenseType, kind: str, lines: Iterable[Line]) -> list[OrderAmount]:
    return [
        amount for line in lines if line.kind == kind for amount in line.amounts if amount.license_type == license_type
    ]


def _quantity(amounts: list[OrderAmount]) -> int:
    return sum(amount.quantity for amount in amounts)


def _cents(amounts: list[OrderAmount], prices: UnitPrices | None) -> int | None:
    """The sum; unknown, so null, under custom billing or where one amount is unknown."""
    if prices is None or any(amount.cents is None for amount in amounts):
        return None
    return sum(amount.cents or 0 for amount in amounts)


def as_csv(reconciliations: Iterable[Reconciliation]) -> str:
    """The report for Accounting: a row for each practice and type, in order of practice; null amounts are empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    fields = ReconciledType.__struct_fields__
    writer.writerow(["practice_id", "practice_name", "day", "currency", *fields])
    for each in sorted(reconciliations, key=lambda reconciliation: reconciliation.practice_id):
        for license_type in each.types:
            values = [getattr(license_type, field) for field in fields]
            cells = [" ".join(value) if isinstance(value, tuple) else value for value in values]
            writer.writerow([each.practice_id, harmless(each.practice_name), each.day, each.currency, *cells])
    return out.getvalue()
