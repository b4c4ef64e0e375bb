"""How patients move: chunk by chunk, in one transaction each, so every patient is on exactly one account at every
instant, and the progress is that of the patients. Whoever runs a move may die at any time: it is due again a lease
after its last chunk, and what has moved is no longer there to be moved."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from chalicelib import clock
from chalicelib.due import LEASE, RESERVE_MILLISECONDS, Report, sweep
from chalicelib.dynamo import Key, Rows, query, walk
from chalicelib.errors import Conflict
from chalicelib.identity.usecases import people, practices
from chalicelib.providers import patient_rules as rules
from chalicelib.providers.patient_model import Reassignment
from chalicelib.providers.patient_tables import MOVE, PatientRow, ReassignmentRow, SelectionRow
from chalicelib.providers.tables import CaseloadRow, LeftRow
from chalicelib.store import Commit, Context, system_context

HANDLER: Final = "continue_reassignments"
CHUNK: Final = 45
"""Patients of one transaction: each is two of its hundred items."""
_PAGE: Final = 10 * CHUNK


class Chunk(NamedTuple):
    """Patients to be moved at once, as they were read. `selection`: where they were chosen."""

    patients: Sequence[PatientRow]
    last: bool
    selection: Key[SelectionRow] | None = None


def continue_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Take every move further that nobody is running. `continue_reassignments` runs it."""

    def work(row: ReassignmentRow) -> bool:
        return _run(row.pk, row.as_reassignment(), request_id, milliseconds_left)

    return sweep(HANDLER, ReassignmentRow.due, MOVE, clock.to_text(now), work, milliseconds_left)


def _run(practice_id: str, move: Reassignment, request_id: str, milliseconds_left: Callable[[], int]) -> bool:
    """Move chunk by chunk until all is done or the time is up. False when somebody else moved one of them meanwhile:
    what is left is looked at anew when the lease is over."""
    for chunk in _chunks(practice_id, move):
        ctx = system_context(HANDLER, practice_id, clock.now(), request_id)
        try:
            move = _carry_on(ctx, move, chunk)
        except rules.TakesNoPatients:
            return _stop(ctx, move)
        except Conflict:
            return False
        if milliseconds_left() < RESERVE_MILLISECONDS:
            break
    return True


def _chunks(practice_id: str, move: Reassignment) -> Iterator[Chunk]:
    """What is left of a move, in the order of ids. There is always a last one, if only an empty one."""
    if move.chosen:
        selections = query(SelectionRow, practice_id, SelectionRow.prefix(move.id))
        for number, selection in enumerate(selections, 1):
            rows = Rows()
            keys = [PatientRow.key(practice_id, move.source, id_) for id_ in selection.patient_ids]
            rows.load(*keys)
            there = [row for key in keys if (row := rows.find(key)) is not None]
            yield Chunk(there, number == len(selections), selection.as_key())
        return
    all_ = walk(PatientRow, CaseloadRow.key(practice_id, move.source).pk, PatientRow.PREFIX, page_size=_PAGE)
    wanted = (row for row in all_ if rules.takes(move, row.as_patient()))
    chunk = list(islice(wanted, CHUNK))
    while following := list(islice(wanted, CHUNK)):
        yield Chunk(chunk, last=False)
        chunk = following
    yield Chunk(chunk, last=True)


def _carry_on(ctx: Context, move: Reassignment, chunk: Chunk) -> Reassignment:
    """Commit one chunk. Raises TakesNoPatients when the target is inactive, Conflict when it is done already, or one
    of its patients was changed since they were read."""
    practice_id = ctx.actor.practice_id
    commit = Commit(ctx)
    after = add_chunk(commit, practice_id, move, chunk)
    _add_progress(commit, practice_id, move, after)
    return commit.write(after)


def _stop(ctx: Context, move: Reassignment) -> bool:
    """Go no further, and alert the site admins. False when somebody else made progress, or stopped it, meanwhile."""
    practice_id = ctx.actor.practice_id
    ctx.practice = practices.find(ctx, practice_id)  # in whose time zone they are told
    after, event = rules.stop(move, list(people.site_admins(practice_id).values()))
    commit = Commit(ctx)
    commit.record(event)
    _add_progress(commit, practice_id, move, after)
    for selection in query(SelectionRow, practice_id, SelectionRow.prefix(move.id)):
        commit.delete(selection.as_key(), SelectionRow.pk.exists(), otherwise=overtaken())
    try:
        return commit.write(True)
    except Conflict:
        return False


# --- The parts of a chunk's commit --------------------------------------------------------------------------------


def add_chunk(commit: Commit, practice_id: str, move: Reassignment, chunk: Chunk) -> Reassignment:
    """Patients leave the one account and come to the other, and so are they counted."""
    after, there, event = rules.move(move, [row.as_patient() for row in chunk.patients], chunk.last)
    commit.record(event)
    for row in chunk.patients:
        commit.delete(row.as_key(), PatientRow.patient == row.patient, otherwise=overtaken())
    for patient in there:
        commit.put(PatientRow.new(practice_id, patient), otherwise=overtaken())
    add_arrival(commit, practice_id, move.to, len(there))
    _add_departure(commit, practice_id, move.source, len(there), chunk.last)
    if chunk.selection:
        commit.delete(chunk.selection, SelectionRow.pk.exists(), otherwise=overtaken())
    return after


def add_arrival(commit: Commit, practice_id: str, to: str, count: int) -> None:
    """So many patients come to an account: refused with NotFound for none of the practice, or TakesNoPatients."""
    added = CaseloadRow.patients.add(count)
    commit.update(CaseloadRow.key(practice_id, to), [added], CaseloadRow.takes(), otherwise=rules.cannot_take)


def _add_departure(commit: Commit, practice_id: str, source: str, count: int, last: bool) -> None:
    """The last chunk that empties an inactive account takes it out of the queue of the unassigned."""
    key, left = CaseloadRow.key(practice_id, source), LeftRow.key(practice_id, source)
    condition = CaseloadRow.patients >= count
    if last:
        rows = commit.ctx.rows
        rows.load(key, left)
        caseload = rows.find(key)
        if caseload and rows.find(left):
            condition = CaseloadRow.patients == caseload.patients
            if caseload.patients == count:
                commit.delete(left, LeftRow.pk.exists(), otherwise=overtaken())
    commit.update(key, [CaseloadRow.patients.add(-count)], condition, otherwise=overtaken())


def _add_progress(commit: Commit, practice_id: str, before: Reassignment, after: Reassignment) -> None:
    leased_until = clock.to_text(commit.ctx.now + LEASE)
    actions, condition = ReassignmentRow.becomes(before, after, leased_until)
    commit.update(ReassignmentRow.key(practice_id, before.id), actions, condition, otherwise=overtaken())


def overtaken() -> Conflict:
    """The refusal of what was read before others changed it."""
    return Conflict("Some of these patients were moved meanwhile, or came to the account. Try again.")
