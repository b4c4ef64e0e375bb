"""The rules of patients and of their moves. Pure: state and command in, new state and event out; no clock, no AWS."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict, FieldError, Invalid, NotFound, Problem, invalid
from chalicelib.local_days import day_of
from chalicelib.model import Actor, Announcement, Event
from chalicelib.providers.model import Departure, Provider, RtmStatus
from chalicelib.providers.patient_model import (
    AccountLeft,
    AccountName,
    Patient,
    Reassignment,
    ReassignPatients,
    RegisterPatient,
    UnassignedPatient,
)

EARLIEST_BIRTH: Final = date(1900, 1, 1)
"""Nobody who was born before it is alive."""

_NAMED: Final = 20


class TakesNoPatients(Conflict):
    """The account is inactive."""

    code = "provider_inactive"


def takes_none() -> TakesNoPatients:
    """The refusal of an inactive account."""
    return TakesNoPatients("This provider account is inactive and takes no patients.")


def cannot_take(caseload: object | None) -> Problem:
    """Why no patients come to an account: it is inactive, or (None) there is none."""
    if caseload is None:
        return NotFound("Your practice has no such provider account for patients to come to.")
    return TakesNoPatients("The provider account that the patients are to come to is inactive, and takes none.")


def strangers(patient_ids: Sequence[str]) -> Invalid:
    """The refusal of a move that names patients who are not there."""
    message = f"These are no patients of this provider account: {', '.join(patient_ids[:_NAMED])}."
    return Invalid(errors=(FieldError("patient_ids", message),), unknown_patient_ids=list(patient_ids))


# --- Registering --------------------------------------------------------------------------------------------------


def register(
    command: RegisterPatient, patient_id: str, provider: Provider, default: RtmStatus, zone: str, now: datetime
) -> tuple[Patient, Event]:
    """A new patient of an active account. `default`: the RTM status for who comes without one; `zone`: the
    practice's. Raises Invalid, TakesNoPatients."""
    born = command.date_of_birth
    if born and not EARLIEST_BIRTH <= born <= day_of(now, zone):
        raise invalid(("date_of_birth", f"This must be a day from {EARLIEST_BIRTH} to today."))
    if provider.status != "active":
        raise takes_none()
    patient = Patient(
        id=patient_id,
        provider_id=provider.id,
        first_name=command.first_name,
        last_name=command.last_name,
        rtm_status=command.rtm_status or default,
        date_of_birth=born,
        mrn=command.mrn,
    )
    return patient, Event("patient.registered", patient_id, after={"provider_id": provider.id})


def account_left(account: Provider, patients: int) -> AccountLeft:
    """An inactive account with the patients whom it has left behind."""
    return AccountLeft(account.id, account.first_name, account.last_name, patients)


def unassigned(patient: Patient, account: Provider) -> UnassignedPatient:
    """A patient whom an inactive account has left behind, with the account named."""
    named = AccountName(account.id, account.first_name, account.last_name)
    return UnassignedPatient(**msgspec.structs.asdict(patient), provider=named)


# --- Moving -------------------------------------------------------------------------------------------------------


def start_move(
    command: ReassignPatients, reassignment_id: str, source: str, patients: int, actor: Actor, now: datetime
) -> tuple[Reassignment, Event]:
    """A move of chosen patients, or of all `patients` that `source` has. Raises Invalid for a move to itself."""
    if command.to == source:
        raise invalid(("to", "The patients are on this provider account already."))
    chosen = command.patient_ids is not None
    reassignment = Reassignment(
        id=reassignment_id,
        source=source,
        to=command.to,
        status="running",
        total=len(set(command.patient_ids)) if command.patient_ids is not None else patients,
        requested_by=actor.name,
        requested_at=clock.to_text(now),
        chosen=chosen,
    )
    return reassignment, _started(reassignment)


def start_back(
    provider_id: str, departure: Departure, reassignment_id: str, actor: Actor, now: datetime
) -> tuple[Reassignment, Event]:
    """The move that brings back to an account whom its departure has taken, and nobody since."""
    reassignment = Reassignment(
        id=reassignment_id,
        source=departure.to,
        to=provider_id,
        status="running",
        total=departure.patients,
        requested_by=actor.name,
        requested_at=clock.to_text(now),
        undoes=departure.reassignment_id,
    )
    return reassignment, _started(reassignment)


def _started(reassignment: Reassignment) -> Event:
    facts = {"source": reassignment.source, "to": reassignment.to, "total": reassignment.total}
    undoes = {"undoes": reassignment.undoes} if reassignment.undoes else {}
    return Event("reassignment.started", reassignment.id, after=facts | undoes)


def takes(reassignment: Reassignment, patient: Patient) -> bool:
    """Whether a move of all takes this patient of its source."""
    return reassignment.undoes is None or patient.moved_by == reassignment.undoes


def move(
    reassignment: Reassignment, patients: Sequence[Patient], last: bool
) -> tuple[Reassignment, list[Patient], Event]:
    """One chunk of a move, which is over with the `last`: its new state, the patients as they stand at the target."""
    there = [_moved(patient, reassignment) for patient in patients]
    moved = reassignment.moved + len(there)
    status = "done" if last else "running"
    after = msgspec.structs.replace(reassignment, moved=moved, total=max(reassignment.total, moved), status=status)
    facts = {
        "status": status,
        "moved": moved,
        "source": reassignment.source,
        "to": reassignment.to,
        "patient_ids": [patient.id for patient in patients],
    }
    return after, there, Event("reassignment.moved", reassignment.id, {"moved": reassignment.moved}, facts)


def call_off(departure: Departure, back_id: str | None) -> Event:
    """That a move goes no further, if it is not done already; `back_id`: the one that brings its patients back."""
    return Event("reassignment.called_off", departure.reassignment_id, after={"undone_by": back_id} if back_id else {})


def _moved(patient: Patient, reassignment: Reassignment) -> Patient:
    there = msgspec.structs.replace(patient, provider_id=reassignment.to)
    if reassignment.undoes:  # as if that one had never been
        return msgspec.structs.replace(there, moved_by=patient.moved_earlier_by, moved_earlier_by=None)
    return msgspec.structs.replace(there, moved_by=reassignment.id, moved_earlier_by=patient.moved_by)


def stop(reassignment: Reassignment, told: Sequence[str]) -> tuple[Reassignment, Event]:
    """A move that goes no further, as its target is inactive; `told` are the addresses of those who are alerted."""
    after = msgspec.structs.replace(reassignment, status="stopped")
    facts = {
        "source": reassignment.source,
        "to": reassignment.to,
        "moved": reassignment.moved,
        "total": reassignment.total,
    }
    announce = tuple(Announcement("email", address) for address in told)
    return after, Event("reassignment.stopped", reassignment.id, after=facts, announce=announce)
