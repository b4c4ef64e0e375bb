"""The HTTPS face of patients and their moves."""

from typing import Any

from chalicelib.auth import section
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.providers import model
from chalicelib.providers.blueprint import bp
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.tables import ConfigurationRow, ProviderRow
from chalicelib.providers.usecases import patients
from chalicelib.store import Context
from chalicelib.validation import ListQuery


def _account(practice_id: str, provider_id: str) -> list[Key[Any]]:
    return [ProviderRow.key(practice_id, provider_id)]


def _with_defaults(practice_id: str, provider_id: str) -> list[Key[Any]]:
    return [*_account(practice_id, provider_id), ConfigurationRow.key(practice_id, provider_id)]


def _with_patient(practice_id: str, provider_id: str, patient_id: str) -> list[Key[Any]]:
    return [*_account(practice_id, provider_id), PatientRow.key(practice_id, provider_id, patient_id)]


@route(bp, "GET", "/providers/{provider_id}/patients", permit=section("patients", "view"), prefetch=_account)
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
    prefetch=_with_defaults,
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
