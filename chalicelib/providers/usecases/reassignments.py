"""Moves of patients from one provider account to another that somebody asks for.

One that fits into a chunk is done by the request itself. A larger one is due until it is done, and
`continue_reassignments` takes it on.
"""

from collections.abc import Sequence
from typing import Any

from chalicelib import ids
from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity.usecases import grants
from chalicelib.providers import patient_rules as rules
from chalicelib.providers.patient_model import Reassignment, ReassignPatients
from chalicelib.providers.patient_tables import PatientRow, ReassignmentRow, SelectionRow
from chalicelib.providers.tables import CaseloadRow, LeftRow
from chalicelib.providers.usecases import accounts, moving, patients
from chalicelib.providers.usecases.accounts import find
from chalicelib.providers.usecases.moving import Chunk, add_arrival, add_chunk
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery


def rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    """What is read of an account whose patients are moved."""
    counts = (model.key(practice_id, provider_id) for model in (CaseloadRow, LeftRow))
    return [*accounts.rows(practice_id, provider_id), *counts]


def named(practice_id: str, command: ReassignPatients, provider_id: str) -> list[Key[Any]]:
    """What is read of those whom it moves, or of the first of them: as many as the request itself moves."""
    chosen = command.patient_ids or []
    return [PatientRow.key(practice_id, provider_id, id_) for id_ in chosen[: moving.CHUNK]]


def rows_of_one(practice_id: str, reassignment_id: str) -> list[Key[Any]]:
    """What is read of one move."""
    return [ReassignmentRow.key(practice_id, reassignment_id)]


def rows_of_account(practice_id: str, provider_id: str, reassignment_id: str) -> list[Key[Any]]:
    """The same, of a move from a certain account."""
    return [*accounts.rows(practice_id, provider_id), *rows_of_one(practice_id, reassignment_id)]


def reassign(ctx: Context, provider_id: str, command: ReassignPatients) -> Reassignment:
    """Move chosen patients of an account, or all, to another. Of many chosen ones those that were not read with the
    session are read 100 with each call.

    Raises NotFound for no such account or target, Invalid for strange patients or a move to itself, TakesNoPatients.
    """
    practice_id = ctx.own_practice.id
    find(ctx, provider_id)
    count = patients.count(ctx, provider_id)
    move, started = rules.start_move(command, ids.new("rea", ctx.now), provider_id, count, ctx.actor, ctx.now)
    grants.require(ctx, move.to, "patients", "full")
    chosen = _chosen(ctx, provider_id, command.patient_ids) if command.patient_ids else None
    commit = Commit(ctx)
    commit.record(started)
    if move.total <= moving.CHUNK:
        caseload = CaseloadRow.key(practice_id, provider_id).pk
        found = chosen or query(PatientRow, caseload, PatientRow.PREFIX, limit=moving.CHUNK)
        move = add_chunk(commit, practice_id, move, Chunk(found, last=True))
    else:
        add_arrival(commit, practice_id, move.to, 0)  # refused, if it must be, before anybody waits for it
        _put_selections(commit, practice_id, move, [row.as_patient().id for row in chosen or ()])
    commit.put(ReassignmentRow.new(practice_id, move), otherwise=_there())
    return commit.write(move)


def list_reassignments(ctx: Context, query_: ListQuery) -> Page[Reassignment]:
    """All moves of the practice, also those that deactivations or their undoing began; newest first. One query."""
    practice_id = ctx.own_practice.id

    def fetch(limit: int, after: str | None) -> list[Reassignment]:
        prefix = ReassignmentRow.PREFIX
        rows = query(ReassignmentRow, practice_id, prefix, limit=limit, after=after, newest_first=True)
        return [row.as_reassignment() for row in rows]

    return page(query_, f"{practice_id} reassignments", fetch, lambda move: ReassignmentRow.PREFIX + move.id)


def find_reassignment(ctx: Context, reassignment_id: str) -> Reassignment:
    """One move, as far as it is. Raises NotFound."""
    row = ctx.find(ReassignmentRow.key(ctx.own_practice.id, reassignment_id))
    if row is None:
        raise NotFound("Your practice has no such reassignment.")
    return row.as_reassignment()


def find_of_account(ctx: Context, provider_id: str, reassignment_id: str) -> Reassignment:
    """The same, if it takes patients of this account. Raises NotFound."""
    find(ctx, provider_id)
    reassignment = find_reassignment(ctx, reassignment_id)
    if reassignment.source != provider_id:
        raise NotFound("This provider account has no such reassignment.")
    return reassignment


def _chosen(ctx: Context, provider_id: str, patient_ids: Sequence[str]) -> list[PatientRow]:
    keys = {id_: PatientRow.key(ctx.own_practice.id, provider_id, id_) for id_ in patient_ids}
    ctx.rows.load(*keys.values())
    found = {id_: ctx.find(key) for id_, key in keys.items()}
    if unknown := [id_ for id_, row in found.items() if row is None]:
        raise rules.strangers(unknown)
    return [row for row in found.values() if row is not None]


def _put_selections(commit: Commit, practice_id: str, move: Reassignment, patient_ids: list[str]) -> None:
    size = moving.CHUNK
    for number, start in enumerate(range(0, len(patient_ids), size)):
        row = SelectionRow.key(practice_id, move.id, number).row(patient_ids=patient_ids[start : start + size])
        commit.put(row, otherwise=_there())


def _there() -> Conflict:
    return Conflict("This reassignment exists.")
