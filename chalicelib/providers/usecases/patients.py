"""The patients of a provider account, and those whom inactive accounts have left behind."""

from chalicelib import ids
from chalicelib.cursors import Page, page
from chalicelib.dynamo import query
from chalicelib.errors import Conflict, NotFound
from chalicelib.providers import patient_rules as rules
from chalicelib.providers.model import Patient, RegisteredPatient, RegisterPatient
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.tables import CaseloadRow
from chalicelib.providers.usecases import configuration
from chalicelib.providers.usecases.accounts import find
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery


def register(ctx: Context, provider_id: str, command: RegisterPatient) -> RegisteredPatient:
    """A new patient of an account. Raises NotFound, Invalid, TakesNoPatients."""
    practice = ctx.own_practice
    provider, default = find(ctx, provider_id), configuration.show(ctx, provider_id).default_rtm_status
    patient_id = ids.new("pat", ctx.now)
    patient, event = rules.register(command, patient_id, provider, default, practice.time_zone, ctx.now)
    commit = Commit(ctx)
    caseload = CaseloadRow.key(practice.id, provider_id)
    commit.update(caseload, [CaseloadRow.patients.add(1)], CaseloadRow.takes(), otherwise=rules.takes_none())
    commit.put(PatientRow.new(practice.id, patient), otherwise=Conflict("This patient exists."))
    commit.record(event)
    return commit.write(RegisteredPatient(patient.id, provider_id, patient.rtm_status))


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
