"""Reconciliation of any day: for a practice on demand, for all practices as a report to Accounting."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from chalicelib import aws, config, local_days, telemetry
from chalicelib.answers import Csv, Elsewhere
from chalicelib.due import RESERVE_MILLISECONDS
from chalicelib.dynamo import Key, due_shards, note, query, query_kinds, rows_due
from chalicelib.errors import Conflict, NotFound, invalid
from chalicelib.licensing import billing_calendar, reconciliation, rules
from chalicelib.licensing.model import LICENSE_TYPE_OF, LICENSE_TYPES, LicenseType, Pool
from chalicelib.licensing.prices import unit_prices
from chalicelib.licensing.reconciliation import Line, OrderAmount, Reconciliation, reconcile_type
from chalicelib.licensing.tables import RECONCILE, ClaimRow, LedgerRow, PoolRow, ResultRow
from chalicelib.licensing.usecases.ledger import Month
from chalicelib.model import ACCOUNTING, VENDOR, Event
from chalicelib.providers.usecases import accounts as providers
from chalicelib.store import Commit, Context, system_context

_TOTAL, _LAST = "total", "~"
_DIFFERENCES_TOLD = 20
_LINK_LASTS = timedelta(minutes=5)


class AsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which day, in the vendor's billing time zone; by default today."""

    as_of: date | None = None


class ReportOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which report: of a month, or of any day that one was made for."""

    month: Month | None = None
    day: date | None = None


class ReportProgress(msgspec.Struct, frozen=True):
    """How far a report is. `finished`: its file is in S3 and Accounting is told; else the next run goes on."""

    day: str
    practices: int
    failed: int
    finished: bool


def show(ctx: Context, query_: AsOf) -> Reconciliation:
    """The practice's reconciliation. Raises Invalid for a day to come, or one before the practice began."""
    today = _today(ctx.now)
    day = query_.as_of or today
    found = reconcile(ctx.own_practice.id, day, today) if day <= today else None
    if found is None:
        raise invalid(("as_of", "Choose a day from the practice's first one to today."))
    return found


def as_csv(ctx: Context, query_: AsOf) -> Csv:
    """The same as a file. Raises Invalid like `show`."""
    found = show(ctx, query_)
    return Csv(reconciliation.as_csv([found]), f"license-reconciliation-{found.day}.csv")


def reconcile(practice_id: str, day: date, today: date, *, differences: bool = False) -> Reconciliation | None:
    """One practice on one day; None before its first ledger line. Present rows are compared for today, or if asked."""
    zone = config.get("BILLING_TIME_ZONE")
    begins, _ = billing_calendar.month_bounds(day, zone)
    ends = local_days.ends(day, zone)
    live = day == today
    compared = _present(practice_id) if live or differences else None
    ledger = compared.ledger if compared else query(LedgerRow, practice_id, LedgerRow.PREFIX)
    rows = [row for row in ledger if row.at <= ends]
    terms = next((row for row in reversed(rows) if row.plan), None)
    if terms is None:
        return None
    accounts = providers.active_now(practice_id) if live else providers.active_until(practice_id, ends)
    prices = None if terms.custom_billing else unit_prices(terms.plan, day)
    lines = [_line(row) for row in rows]
    return Reconciliation(
        practice_id=practice_id,
        practice_name=terms.practice_name,
        day=day.isoformat(),
        currency=config.get("CURRENCY"),
        custom_billing=bool(terms.custom_billing),
        types=tuple(reconcile_type(kind, lines, begins, _needing(accounts, kind), prices) for kind in LICENSE_TYPES),
        differences=_differences(practice_id, compared) if compared else (),
    )


def _line(row: LedgerRow) -> Line:
    amounts = tuple(
        OrderAmount(each["license_type"], each["quantity"], each["amount_cents"]) for each in row.order_lines or ()
    )
    kind: Any = row.kind
    return Line(row.at, kind, row.subject, row.change(), amounts)


def _needing(accounts: dict[str, str], license_type: LicenseType) -> frozenset[str]:
    types: dict[str, LicenseType] = dict(LICENSE_TYPE_OF)  # type: ignore[arg-type]  # credentials are text
    return frozenset(account for account, credential in accounts.items() if types[credential] == license_type)


class _Present(NamedTuple):
    """A practice's claims, ledger and pool as they stand: read at once, so that little happens in between."""

    claims: list[ClaimRow]
    ledger: list[LedgerRow]
    pools: list[PoolRow]


def _present(practice_id: str) -> _Present:
    return _Present(
        *query_kinds(
            practice_id,
            Key(ClaimRow, practice_id, ClaimRow.PREFIX),
            Key(LedgerRow, practice_id, LedgerRow.PREFIX),
            PoolRow.key(practice_id),
        )
    )


def _differences(practice_id: str, present: _Present) -> tuple[str, ...]:
    """What the present pool and claims say otherwise than the ledger."""
    pool = present.pools[0].pool() if present.pools else Pool()
    expected = rules.replay(line.change() for line in present.ledger)
    claimed = Counter(claim.license_type for claim in present.claims)
    found = []
    for kind in LICENSE_TYPES:
        for what, there, booked in (
            ("available", pool.available.of(kind), expected.available.of(kind)),
            ("in use", pool.in_use.of(kind), expected.in_use.of(kind)),
            ("claimed", claimed[kind], expected.in_use.of(kind)),
        ):
            if there != booked:
                found.append(f"{practice_id}: {there} {kind} licenses are {what}, {booked} by the ledger")
    return tuple(found)


# --- The report of all practices -----------------------------------------------------------------------------------


def last_month_end(now: datetime) -> date:
    """The last day of the billing period before the present one."""
    return billing_calendar.period_of(_today(now)).start - timedelta(days=1)


def make_report(
    day: date, now: datetime, handler: str, request_id: str, milliseconds_left: Callable[[], int]
) -> ReportProgress:
    """Reconcile all practices on a past day: CSV in S3, Accounting told, once per day. A run that stops early, or
    fails for some practice, leaves what it has; the next one goes on. Raises Invalid for a day that is not over."""
    today, text = _today(now), day.isoformat()
    if day >= today:
        raise invalid(("day", "Choose a day that is over."))
    results = _kept(text)
    finished, failed = _TOTAL in results, 0
    for pool in _pools():
        if finished or pool.pk in results:
            continue
        if milliseconds_left() < RESERVE_MILLISECONDS:
            return ReportProgress(text, len(results), failed, False)
        try:
            results[pool.pk] = _keep_result(pool.pk, day, today)
        except Exception as error:  # one practice must not hold up the others
            telemetry.failure("practice not reconciled", error, handler=handler, practice=pool.pk)
            telemetry.work_failed(handler)
            failed += 1
    if not finished and not failed:
        with suppress(_MadeMeanwhile):
            # What is kept before what this run has found: so every run that gets here writes the same file.
            _publish(system_context(handler, VENDOR, now, request_id), text, results | _kept(text))
        finished = True
    return ReportProgress(text, len(results.keys() - {_TOTAL}), failed, finished)


class _MadeMeanwhile(Conflict):
    """Another run has published this report."""


def _pools() -> Iterator[PoolRow]:
    """Every practice's pool, by the index and not by a scan."""
    for shard in due_shards(RECONCILE):
        yield from rows_due(PoolRow.due, shard, _LAST)


def _kept(day: str) -> dict[str, ResultRow]:
    return {row.sk: row for row in query(ResultRow, f"report#{day}", "")}


def _keep_result(practice_id: str, day: date, today: date) -> ResultRow:
    found = reconcile(practice_id, day, today, differences=True)
    row = ResultRow.key(day.isoformat(), practice_id).row(result=msgspec.to_builtins(found) if found else {})
    note(row, [ResultRow.result.set(row.result)], ResultRow.pk.does_not_exist())
    return row


def _publish(ctx: Context, day: str, results: dict[str, ResultRow]) -> None:
    found = [msgspec.convert(row.result, Reconciliation) for row in results.values() if row.result]
    key = report_key(day)
    aws.client("s3").put_object(
        Bucket=config.get("REPORTS_BUCKET"),
        Key=key,
        Body=reconciliation.as_csv(found).encode(),
        ContentType="text/csv; charset=utf-8",
    )
    commit = Commit(ctx)
    total = ResultRow.key(day, _TOTAL).row(result={})
    commit.put(total, otherwise=_MadeMeanwhile())
    commit.record(Event("reconciliation.made", day, after=_summary(key, found), announce=(ACCOUNTING,)))
    commit.write(None)


def _summary(key: str, found: list[Reconciliation]) -> dict[str, Any]:
    differences = [difference for each in found for difference in each.differences]
    differences += [
        f"{each.practice_id}: {kind.license_type} variance {kind.variance}, orphans {' '.join(kind.orphans) or 'none'}"
        for each in found
        for kind in each.types
        if kind.variance or kind.orphans
    ]
    return {
        "key": key,
        "practices": len(found),
        "custom_billing": sum(each.custom_billing for each in found),
        "recurring_cents": sum(kind.recurring_cents or 0 for each in found for kind in each.types),
        "currency": config.get("CURRENCY"),
        "difference_count": len(differences),
        "differences": differences[:_DIFFERENCES_TOLD],
    }


def report_key(day: str) -> str:
    """Where a day's report stands in the bucket."""
    return f"reconciliation/{day}.csv"


def given_out_at() -> str:
    """Where a report is that is too large for an answer: for a page whose form leads there."""
    return aws.link(config.get("REPORTS_BUCKET"), report_key(""), _LINK_LASTS)


def report(ctx: Context, query_: ReportOf) -> Csv | Elsewhere:
    """The report of all practices, as Accounting was told of it, or a link where it is too large for an answer. Raises
    Invalid unless one of month and day is named, NotFound (`report_not_made`)."""
    day = query_.day
    if (query_.month is None) == (day is None):
        raise invalid(("month", "Name a month, or a day."))
    if day is None:
        day = _last_day(str(query_.month))
    if ctx.find(ResultRow.key(day.isoformat(), _TOTAL)) is None:
        raise NotFound(f"There is no report of {day}. Months are reported on their 1st.", code="report_not_made")
    bucket, key = config.get("REPORTS_BUCKET"), report_key(day.isoformat())
    stored = aws.client("s3").get_object(Bucket=bucket, Key=key)
    found = Csv(stored["Body"].read().decode(), f"reconciliation-{day}.csv")
    return found if found.fits else Elsewhere(aws.link(bucket, key, _LINK_LASTS, found.name))


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _today(now: datetime) -> date:
    return local_days.day_of(now, config.get("BILLING_TIME_ZONE"))
