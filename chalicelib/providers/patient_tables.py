"""The rows of patients and of their moves; the table of keys is in `tables.py`."""

from typing import Final

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, shard_of
from chalicelib.providers.patient_model import Patient, Reassignment
from chalicelib.providers.tables import CaseloadRow

MOVE: Final = "move"
"""The kind of due work that a running reassignment waits for."""


class _Meta(RowMeta):
    table_name = config.get("PROVIDERS_TABLE")


class PatientRow(Row):
    """A patient. The key names the provider: a move deletes the one row and puts the other in one transaction."""

    class Meta(_Meta):
        pass

    patient = JSONAttribute()

    PREFIX = "patient#"

    @staticmethod
    def key(practice_id: str, provider_id: str, patient_id: str) -> "Key[PatientRow]":
        return Key(PatientRow, CaseloadRow.key(practice_id, provider_id).pk, PatientRow.PREFIX + patient_id)

    @staticmethod
    def new(practice_id: str, patient: Patient) -> "PatientRow":
        """The row of a patient who comes to an account."""
        return PatientRow.key(practice_id, patient.provider_id, patient.id).row(patient=msgspec.to_builtins(patient))

    def as_patient(self) -> Patient:
        """The patient it holds."""
        return msgspec.convert(self.patient, Patient)


class ReassignmentRow(Row):
    """A move of patients: what was asked for, and beside it the progress. A running one is due when its present
    runner should have told of progress. One that was `called_off` runs no more, whatever its progress was."""

    class Meta(_Meta):
        pass

    reassignment = JSONAttribute()
    status = UnicodeAttribute()
    moved = NumberAttribute()
    called_off = BooleanAttribute(null=True)
    undone_by = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    PREFIX = "reassignment#"

    @staticmethod
    def key(practice_id: str, reassignment_id: str) -> "Key[ReassignmentRow]":
        return Key(ReassignmentRow, practice_id, ReassignmentRow.PREFIX + reassignment_id)

    @staticmethod
    def new(practice_id: str, reassignment: Reassignment) -> "ReassignmentRow":
        """The row, due at once unless there is nothing left to be done."""
        facts = msgspec.to_builtins(reassignment)
        progress = {name: facts.pop(name) for name in ("status", "moved", "undone_by")}
        due = {"due_shard": shard_of(MOVE, reassignment.id), "due_at": reassignment.requested_at}
        running = reassignment.status == "running"
        row = ReassignmentRow.key(practice_id, reassignment.id)
        return row.row(reassignment=facts, **progress, **(due if running else {}))

    @staticmethod
    def becomes(before: Reassignment, after: Reassignment, due_at: str) -> tuple[list[Action], Condition]:
        """The update by progress, and its condition: nobody has made any since. Only a running one stays due."""
        row = ReassignmentRow
        actions: list[Action] = [row.status.set(after.status), row.moved.set(after.moved)]
        if after.status == "running":
            actions.append(row.due_at.set(due_at))
        else:
            actions += [row.due_shard.remove(), row.due_at.remove()]
        return actions, (row.status == "running") & (row.moved == before.moved) & row.called_off.does_not_exist()

    @staticmethod
    def calls_off(back_id: str | None) -> list[Action]:
        """The update by which it ends however far it is; `back_id`: the one that brings its patients back."""
        row = ReassignmentRow
        ends: list[Action] = [row.called_off.set(True), row.due_shard.remove(), row.due_at.remove()]
        return [*ends, row.undone_by.set(back_id)] if back_id else ends

    def as_reassignment(self) -> Reassignment:
        """The reassignment it holds. Patients who came while it ran make more than the total."""
        moved = int(self.moved)
        status = "stopped" if self.called_off and self.status == "running" else self.status
        facts = {"status": status, "moved": moved, "total": max(self.reassignment["total"], moved)}
        return msgspec.convert({**self.reassignment, **facts, "undone_by": self.undone_by}, Reassignment)


class SelectionRow(Row):
    """The patients of one chunk of a move that takes chosen ones only; the chunk's commit deletes it."""

    class Meta(_Meta):
        pass

    patient_ids = JSONAttribute()

    @staticmethod
    def key(practice_id: str, reassignment_id: str, number: int) -> "Key[SelectionRow]":
        return Key(SelectionRow, practice_id, f"{SelectionRow.prefix(reassignment_id)}{number:04}")

    @staticmethod
    def prefix(reassignment_id: str) -> str:
        """What the keys of a move's selections begin with."""
        return f"selection#{reassignment_id}#"
