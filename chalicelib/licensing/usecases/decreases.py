"""Fewer licenses: asked for by a site admin, decided by staff, effective with the next billing period."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib import clock, config, ids
from chalicelib.cursors import Page, page
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound, Problem
from chalicelib.identity.usecases import people
from chalicelib.licensing import decrease_rules as rules
from chalicelib.licensing.model import Counts, LicenseDecrease, LicenseDecreaseRequest, Pool
from chalicelib.licensing.tables import LOWER, DecreaseRow, PoolRow
from chalicelib.licensing.usecases.pool import Entry, book
from chalicelib.store import Commit, Context, system_context
from chalicelib.support.model import FileTicket, TicketRequest
from chalicelib.support.usecases import filing
from chalicelib.validation import ListQuery


def keys(practice_id: str) -> list[Key[Any]]:
    """What a request reads: for the prefetch of a route."""
    return [PoolRow.key(practice_id), *filing.rows(practice_id)]


def request_decrease(ctx: Context, command: LicenseDecreaseRequest) -> LicenseDecrease:
    """Ask Support, by a ticket, to lower the number of licenses. Refused below the number in use."""

    def file(commit: Commit, number: int) -> LicenseDecrease:
        people.require_still(commit, "site_admin")
        decrease = put_request(commit, command, number)
        filing.file(commit, number, _ticket(command), {}, decrease_id=decrease.id)
        return commit.write(decrease)

    return filing.numbered(ctx, ctx.own_practice.id, file)


def _ticket(command: LicenseDecreaseRequest) -> FileTicket:
    counts = (("physician", command.physician), ("midlevel", command.midlevel))
    wanted = " and ".join(f"{count} {license_type}" for license_type, count in counts if count)
    return FileTicket(
        subject=f"Fewer licenses: {wanted}",
        body="Please lower the number of our licenses from the next billing period on.",
        category="license_decrease",
        priority="normal",
        request=TicketRequest(physician=command.physician, midlevel=command.midlevel),
    )


def put_request(commit: Commit, command: LicenseDecreaseRequest, ticket_number: int) -> LicenseDecrease:
    """Add a request to the commit that files its ticket. Raises Invalid for bad counts, LicensesInUse."""
    ctx, practice = commit.ctx, commit.ctx.own_practice
    row = ctx.find(PoolRow.key(practice.id))
    pool = row.pool() if row else Pool()
    decrease, event = rules.request_decrease(
        command, ids.new("dec", ctx.now), practice.name, pool, ticket_number, ctx.actor, ctx.now
    )
    held = msgspec.to_builtins(decrease)
    asked = DecreaseRow.key(practice.id, decrease.id).row(decrease=held, status=decrease.status)
    commit.put(asked, otherwise=Conflict("This request exists."))
    commit.record(event)
    return decrease


def find_decrease(ctx: Context, decrease_id: str) -> LicenseDecrease:
    """One request of the practice. Raises NotFound."""
    row = ctx.find(DecreaseRow.key(ctx.own_practice.id, decrease_id))
    if row is None:
        raise NotFound("Your practice has no such request.")
    return row.as_decrease()


def list_decreases(ctx: Context, query_: ListQuery) -> Page[LicenseDecrease]:
    """The practice's requests, newest first."""
    practice_id = ctx.own_practice.id

    def fetch(limit: int, after: str | None) -> list[LicenseDecrease]:
        rows = query(DecreaseRow, practice_id, DecreaseRow.PREFIX, limit=limit, after=after, newest_first=True)
        return [row.as_decrease() for row in rows]

    return page(query_, f"{practice_id} license-decreases", fetch, lambda each: DecreaseRow.PREFIX + each.id)


def put_decision(commit: Commit, decrease_id: str, approve: bool) -> None:
    """Add to the commit in which staff decide its ticket that a request is approved or declined. Raises NotFound;
    DecreaseSettled when it was decided before."""
    ctx = commit.ctx
    decided, event = rules.decide_decrease(
        find_decrease(ctx, decrease_id), approve, ctx.actor.name, config.get("BILLING_TIME_ZONE"), ctx.now
    )
    key = DecreaseRow.key(ctx.own_practice.id, decrease_id)
    commit.update(key, DecreaseRow.becomes(decided), DecreaseRow.status == "requested", otherwise=_settled_meanwhile)
    commit.record(event)


def _settled_meanwhile(row: DecreaseRow | None) -> Problem:
    return rules.decrease_settled(row.status) if row else NotFound("There is no such request.")


def apply_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Let every approved decrease take effect whose billing period has begun. `apply_decreases` runs it."""

    def work(row: DecreaseRow) -> bool:
        try:
            _apply(system_context("apply_decreases", row.pk, now, request_id), row.as_decrease())
        except Conflict:  # applied by another run, or licenses were claimed meanwhile: the next run looks anew
            return False
        return True

    until = clock.to_text(now)
    return sweep("apply_decreases", DecreaseRow.due, LOWER, until, work, milliseconds_left)


def _apply(ctx: Context, decrease: LicenseDecrease) -> None:
    """Raises Conflict when it was applied, or licenses were claimed, meanwhile."""
    practice_id = ctx.actor.practice_id
    pool = ctx.find(PoolRow.key(practice_id))
    applied, event = rules.apply_decrease(decrease, pool.pool().available if pool else Counts())
    commit = Commit(ctx)
    commit.update(
        DecreaseRow.key(practice_id, decrease.id),
        DecreaseRow.becomes(applied),
        DecreaseRow.status == "approved",
        otherwise=_settled_meanwhile,
    )
    book(commit, practice_id, Entry("decrease", decrease.id, Pool(available=-(applied.removed or Counts()))))
    commit.record(event)
    commit.write(None)
