"""The words of patients, and of their moves from account to account."""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from chalicelib.providers.model import RtmStatus
from chalicelib.validation import Line, ListQuery

ReassignmentStatus = Literal["running", "done", "stopped"]
MOST_CHOSEN: Final = 1000
PatientId = Annotated[str, Meta(pattern=r"^pat_[0-9a-z]{1,36}$(?!\n)", description="The id of a patient")]


class RegisterPatient(msgspec.Struct, frozen=True):
    """A new patient; `mrn` is the medical record number. Without an `rtm_status` the default of the provider's
    configuration is taken."""

    first_name: Line
    last_name: Line
    date_of_birth: date | None = None
    mrn: Line | None = None
    rtm_status: RtmStatus | None = None


class RegisteredPatient(msgspec.Struct, frozen=True):
    """Where a new patient is found. It repeats nothing about the person, as answers are kept with receipts."""

    id: str
    provider_id: str
    rtm_status: RtmStatus


class Patient(msgspec.Struct, frozen=True):
    """A patient, on exactly one provider account at every instant.

    `moved_by` is the reassignment that brought the patient to it last; `moved_earlier_by` the one before, which takes
    its place again when the last one is undone.
    """

    id: str
    provider_id: str
    first_name: str
    last_name: str
    rtm_status: RtmStatus
    date_of_birth: date | None = None
    mrn: str | None = None
    moved_by: str | None = None
    moved_earlier_by: str | None = None


class AccountName(msgspec.Struct, frozen=True):
    """An account that is named beside something else."""

    id: str
    first_name: str
    last_name: str


class AccountLeft(AccountName, frozen=True):
    """An inactive account that still has patients."""

    patients: int


class UnassignedPatient(Patient, frozen=True, kw_only=True):
    """A patient who is still on an inactive account, which `provider` names."""

    provider: AccountName


class UnassignedQuery(ListQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The queue of patients on inactive accounts. `unassigned` is true: there is no list of all patients."""

    unassigned: bool


class ReassignPatients(msgspec.Struct, frozen=True):
    """Which patients go to which provider account: those chosen, or all."""

    to: Annotated[str, Meta(min_length=1, max_length=40, description="An active provider account of the practice")]
    patient_ids: Annotated[list[PatientId], Meta(min_length=1, max_length=MOST_CHOSEN)] | None = None


class Reassignment(msgspec.Struct, frozen=True):
    """A move of patients from one provider account to another, done in chunks. `moved` of `total` are there.

    A `done` one has moved all who were still there to be moved. A `stopped` one was undone, or the account came back
    that the patients leave, or its target went inactive: those not moved stay where they are. `chosen`: it takes chosen
    patients. `undoes`: it takes those whom this reassignment moved and nobody since; its `total` is how many that was
    to move. `undone_by` is the one that brings them back.
    """

    id: str
    source: str
    to: str
    status: ReassignmentStatus
    total: int
    requested_by: str
    requested_at: str
    moved: int = 0
    chosen: bool = False
    undoes: str | None = None
    undone_by: str | None = None
