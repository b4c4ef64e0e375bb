"""The HTTPS face of patients and their moves."""

from typing import Any

from chalicelib.auth import SITE_ADMIN, section
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.providers import patient_model as model
from chalicelib.providers.blueprint import bp
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.usecases import accounts, configuration, patients, reassignments
from chalicelib.store import Context
from chalicelib.validation import ListQuery


def _with_patient(practice_id: str, provider_id: str, patient_id: str) -> list[Key[Any]]:
    return [*accounts.rows(practice_id, provider_id), PatientRow.key(practice_id, provider_id, patient_id)]


@route(bp, "GET", "/providers/{provider_id}/patients", permit=section("patients", "view"), prefetch=accounts.rows)
def list_patients(ctx: Context, provider_id: str, query: ListQuery) -> Page[model.Patient]:
    """A provider account's patients, in the order in which they were registered."""
    return patients.list_patients(ctx, provider_id, query)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/patients",
    permit=section("patients", "full"),
    status=201,
    location="/providers/{provider_id}/patients/{id}",
    prefetch=configuration.rows,
    refusals={409: "provider_inactive"},
)
def register_patient(ctx: Context, provider_id: str, command: model.RegisterPatient) -> model.RegisteredPatient:
    """Register a patient with an active provider account. The RTM status is by default that of its configuration."""
    return patients.register(ctx, provider_id, command)


@route(
    bp,
    "GET",
    "/providers/{provider_id}/patients/{patient_id}",
    permit=section("patients", "view"),
    prefetch=_with_patient,
)
def show_patient(ctx: Context, provider_id: str, patient_id: str) -> model.Patient:
    """One patient of a provider account. Who was moved to another account is found there."""
    return patients.find_patient(ctx, provider_id, patient_id)


@route(bp, "GET", "/patients", permit=SITE_ADMIN)
def list_unassigned_patients(ctx: Context, query: model.UnassignedQuery) -> Page[model.UnassignedPatient]:
    """The patients who are still on inactive provider accounts, account by account: reassign them. A page has those of
    ten accounts at most, so that it may be shorter than its limit while there are more."""
    return patients.list_unassigned(ctx, query)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/patients/reassign",
    permit=section("patients", "full"),
    status=202,
    location="/providers/{source}/reassignments/{id}",
    prefetch=reassignments.rows,
    names=reassignments.named,
    refusals={409: "provider_inactive conflict"},
)
def reassign_patients(ctx: Context, provider_id: str, command: model.ReassignPatients) -> model.Reassignment:
    """Move chosen patients of a provider account, or all of them, to another active one, which the caller must reach
    as fully. A few are moved at once; thousands within minutes, and the reassignment shows how far it is."""
    return reassignments.reassign(ctx, provider_id, command)


@route(bp, "GET", "/reassignments", permit=SITE_ADMIN)
def list_reassignments(ctx: Context, query: ListQuery) -> Page[model.Reassignment]:
    """The practice's reassignments, newest first; also those that a deactivation or its undoing began."""
    return reassignments.list_reassignments(ctx, query)


@route(bp, "GET", "/reassignments/{reassignment_id}", permit=SITE_ADMIN, prefetch=reassignments.rows_of_one)
def show_reassignment(ctx: Context, reassignment_id: str) -> model.Reassignment:
    """How far a reassignment is."""
    return reassignments.find_reassignment(ctx, reassignment_id)


@route(
    bp,
    "GET",
    "/providers/{provider_id}/reassignments/{reassignment_id}",
    permit=section("patients", "view"),
    prefetch=reassignments.rows_of_account,
)
def show_reassignment_of_account(ctx: Context, provider_id: str, reassignment_id: str) -> model.Reassignment:
    """How far a reassignment of this account's patients is, for who reaches the account."""
    return reassignments.find_of_account(ctx, provider_id, reassignment_id)
