"""The patients of a provider account, and those whom inactive accounts have left behind."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from chalicelib import ids
from chalicelib.cursors import Page, page, partial_page
from chalicelib.dynamo import query, walk
from chalicelib.errors import Conflict, NotFound, invalid
from chalicelib.providers import patient_rules as rules
from chalicelib.providers.patient_model import (
    AccountLeft,
    Patient,
    RegisteredPatient,
    RegisterPatient,
    UnassignedPatient,
    UnassignedQuery,
)
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.tables import CaseloadRow, LeftRow, ProviderRow
from chalicelib.providers.usecases import configuration
from chalicelib.providers.usecases.accounts import find
from chalicelib.providers.usecases.moving import add_arrival
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery

_ACCOUNTS_ON_A_PAGE: Final = 10
_ACCOUNTS: Final = 50
"""Accounts whose names and counts are read at once: the most that one call takes."""


def register(ctx: Context, provider_id: str, command: RegisterPatient) -> RegisteredPatient:
    """A new patient of an account. Raises NotFound, Invalid, TakesNoPatients."""
    practice = ctx.own_practice
    provider, default = find(ctx, provider_id), configuration.show(ctx, provider_id).default_rtm_status
    patient_id = ids.new("pat", ctx.now)
    patient, event = rules.register(command, patient_id, provider, default, practice.time_zone, ctx.now)
    commit = Commit(ctx)
    add_arrival(commit, practice.id, provider_id, 1)
    commit.put(PatientRow.new(practice.id, patient), otherwise=Conflict("This patient exists."))
    commit.record(event)
    return commit.write(RegisteredPatient(patient.id, provider_id, patient.rtm_status))


def count(ctx: Context, provider_id: str) -> int:
    """How many patients an account has."""
    caseload = ctx.find(CaseloadRow.key(ctx.own_practice.id, provider_id))
    return int(caseload.patients) if caseload else 0


def find_patient(ctx: Context, provider_id: str, patient_id: str) -> Patient:
    """One patient of an account. Raises NotFound, also for one who is on another account."""
    find(ctx, provider_id)
    row = ctx.find(PatientRow.key(ctx.own_practice.id, provider_id, patient_id))
    if row is None:
        raise NotFound("This provider account has no such patient.")
    return row.as_patient()


def list_patients(ctx: Context, provider_id: str, query_: ListQuery) -> Page[Patient]:
    """The patients of an account, in the order in which they were registered. Raises NotFound."""
    find(ctx, provider_id)
    caseload = CaseloadRow.key(ctx.own_practice.id, provider_id).pk

    def fetch(limit: int, after: str | None) -> list[Patient]:
        return [row.as_patient() for row in query(PatientRow, caseload, PatientRow.PREFIX, limit=limit, after=after)]

    return page(query_, f"{caseload} patients", fetch, lambda patient: PatientRow.PREFIX + patient.id)


# --- Left behind --------------------------------------------------------------------------------------------------


def list_unassigned(ctx: Context, query_: UnassignedQuery) -> Page[UnassignedPatient]:
    """The patients who are still on inactive accounts, account by account, of ten accounts at most on a page. One query
    for the accounts, one read of their names and counts, and one query for the patients of each. Raises Invalid."""
    if not query_.unassigned:
        raise invalid(("unassigned", "This must be true: there is no list of all patients."))

    def fetch(limit: int, after: str | None) -> tuple[list[UnassignedPatient], str | None]:
        found: list[UnassignedPatient] = []
        accounts = _left_behind(ctx, after)
        for provider_id, behind in islice(accounts, _ACCOUNTS_ON_A_PAGE):
            caseload, wanted = CaseloadRow.key(ctx.own_practice.id, provider_id), limit + 1 - len(found)
            rows = query(PatientRow, caseload.pk, PatientRow.PREFIX, limit=wanted, after=behind)
            found += [rules.unassigned(row.as_patient(), find(ctx, provider_id)) for row in rows]
            if len(found) > limit:
                break
        items = found[:limit]
        more = items and (len(found) > limit or next(accounts, None))
        return items, f"{items[-1].provider_id} {items[-1].id}" if more else None

    return partial_page(query_, f"{ctx.own_practice.id} unassigned patients", fetch)


def list_accounts_left(ctx: Context, query_: ListQuery) -> Page[AccountLeft]:
    """The inactive accounts that have patients. One query and one read for 50 that were left."""

    def fetch(limit: int, after: str | None) -> list[AccountLeft]:
        return [rules.account_left(find(ctx, each), count(ctx, each)) for each in islice(_left(ctx, after), limit)]

    return page(query_, f"{ctx.own_practice.id} accounts left", fetch, lambda each: each.id)


def _left_behind(ctx: Context, after: str | None) -> Iterator[tuple[str, str | None]]:
    """The accounts to look at, each with where its patients begin. `after`: account and patient to go on behind."""
    begin = None
    if after:
        begin, _, patient_id = after.partition(" ")
        if ctx.find(LeftRow.key(ctx.own_practice.id, begin)):
            yield begin, PatientRow.PREFIX + patient_id
    for provider_id in _left(ctx, begin):
        yield provider_id, None


def _left(ctx: Context, after: str | None) -> Iterator[str]:
    """The ids of the inactive accounts that have patients, behind that of `after`."""
    practice_id = ctx.own_practice.id
    begin = LeftRow.key(practice_id, after).sk if after else None
    accounts = walk(LeftRow, practice_id, LeftRow.PREFIX, page_size=_ACCOUNTS, after=begin)
    while some := [row.sk.removeprefix(LeftRow.PREFIX) for row in islice(accounts, _ACCOUNTS)]:
        ctx.rows.load(*(model.key(practice_id, each) for model in (CaseloadRow, ProviderRow) for each in some))
        yield from (each for each in some if count(ctx, each))
