"""What staff change about a practice."""

from chalicelib import clock
from chalicelib.dynamo import Rows
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity.tables import PracticeRow
from chalicelib.licensing.usecases import pool
from chalicelib.model import ACCOUNTING, Actor, Event, Practice
from chalicelib.store import Commit, Context


def set_billing_note(practice_id: str, note: str | None, staff: str, request_id: str) -> Practice:
    """Say that a practice has a special billing arrangement, or (None) none any more. While it has a note, nothing
    is quoted and no amount is guessed. Raises NotFound."""
    key = PracticeRow.key(practice_id)
    row = Rows().find(key)
    if row is None:
        raise NotFound("There is no such practice.")
    practice = Practice(practice_id, row.name, row.time_zone, row.plan, note)
    commit = Commit(Context(Actor(f"staff:{staff}", practice_id), clock.now(), request_id))
    commit.update(
        key,
        [PracticeRow.billing_note.remove() if note is None else PracticeRow.billing_note.set(note)],
        PracticeRow.billing_note.does_not_exist()
        if row.billing_note is None
        else PracticeRow.billing_note == row.billing_note,
        otherwise=Conflict("The practice changed meanwhile. Try again."),
    )
    pool.note_terms(commit, practice)
    commit.record(
        Event(
            "practice.billing_note_set",
            practice_id,
            before={"billing_note": row.billing_note},
            after={"billing_note": note, "practice_name": row.name},
            announce=(ACCOUNTING,),
        )
    )
    return commit.write(practice)
