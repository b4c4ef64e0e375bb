"""The license ledger, as a practice reads it: page by page, or a month as CSV."""

import csv
import io
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib import config, local_days
from chalicelib.answers import Csv
from chalicelib.cursors import Page, page
from chalicelib.dynamo import query
from chalicelib.errors import invalid
from chalicelib.licensing import billing_calendar, history
from chalicelib.licensing.model import LICENSE_TYPES, LedgerLine
from chalicelib.licensing.tables import LedgerRow
from chalicelib.store import Context
from chalicelib.validation import ListQuery

Month = Annotated[str, Meta(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$(?!\n)", description="A month, such as 2026-07")]


class LedgerMonth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which month, in the vendor's billing time zone; by default the present one."""

    month: Month | None = None


def list_lines(ctx: Context, query_: ListQuery) -> Page[LedgerLine]:
    """The practice's ledger lines, newest first."""
    practice_id = ctx.own_practice.id

    def fetch(limit: int, after: str | None) -> list[LedgerLine]:
        rows = query(LedgerRow, practice_id, LedgerRow.PREFIX, limit=limit, after=after, newest_first=True)
        return [row.as_line() for row in rows]

    return page(query_, f"{practice_id} license-ledger", fetch, lambda line: LedgerRow.PREFIX + line.id)


def month_as_csv(ctx: Context, query_: LedgerMonth) -> Csv:
    """A month's ledger lines, oldest first. Raises Invalid for a month that has not begun."""
    zone = config.get("BILLING_TIME_ZONE")
    today = local_days.day_of(ctx.now, zone)
    month = query_.month or today.strftime("%Y-%m")
    if month > today.strftime("%Y-%m"):
        raise invalid(("month", "This month has not begun."))
    begin, end = billing_calendar.month_bounds(date.fromisoformat(f"{month}-01"), zone)
    lines = [row.as_line() for row in lines_until(ctx.own_practice.id, end)]
    return Csv(_csv([line for line in lines if line.at >= begin]), f"license-ledger-{month}.csv")


def lines_until(practice_id: str, end: str) -> list[LedgerRow]:
    """All ledger lines up to and including the second `end`, oldest first: one query per MB."""
    return [row for row in query(LedgerRow, practice_id, LedgerRow.PREFIX) if row.at <= end]


def past_year(ctx: Context) -> tuple[history.LicensesAt, ...]:
    """The practice's licenses week by week: one query per MB of ledger lines."""
    rows = query(LedgerRow, ctx.own_practice.id, LedgerRow.PREFIX)
    return history.past_year(((row.at, row.change()) for row in rows), ctx.now)


def _csv(lines: list[LedgerLine]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    changes = [f"{license_type}_{part}" for license_type in LICENSE_TYPES for part in ("active", "in_use")]
    writer.writerow(["at", "kind", "subject", *changes, "amount_cents", "id"])
    for line in lines:
        numbers = [getattr(line, part).of(kind) for kind in LICENSE_TYPES for part in ("active", "in_use")]
        writer.writerow([line.at, line.kind, line.subject, *numbers, line.amount_cents, line.id])
    return out.getvalue()
