"""How entries are copied, and a copy is undone: chunk by chunk, in one transaction each, so every entry is there as a
whole or not at all, and the progress is that of the entries. Whoever runs a copy may die at any time: it is due again a
lease after its last chunk."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from chalicelib import clock
from chalicelib.codes import copy_rules, rules
from chalicelib.codes.copy_rules import Chosen, Outcome, Return
from chalicelib.codes.copy_tables import COPY, CopyRow, SelectionRow, Written, WrittenRow
from chalicelib.codes.model import CodeCopy, Entry
from chalicelib.codes.tables import EntryRow, FindingRow, place
from chalicelib.codes.usecases.csv_entries import read_again
from chalicelib.codes.usecases.entries import put_new, remove, replace
from chalicelib.due import LEASE, RESERVE_MILLISECONDS, Report, sweep
from chalicelib.dynamo import Key, Rows, query
from chalicelib.errors import Conflict
from chalicelib.store import Commit, Context, system_context

HANDLER: Final = "continue_code_copies"
LOOKED_AT: Final = 50
"""Entries of a chunk at most: each is read from both accounts, in one call."""
ITEMS: Final = 92
"""Items of a transaction that are the entries' own; the others are the copy's, its events' and its receipt's."""


class Source(NamedTuple):
    """What a copy takes, in its order: entries at `pk`, chosen in `selection`; or those of an uploaded file."""

    wanted: Sequence[Chosen]
    pk: str = ""
    entries: Mapping[Chosen, Entry] = {}
    selection: Key[SelectionRow] | None = None

    def find(self, ctx: Context, each: Chosen) -> Entry | None:
        """One of them."""
        return found(ctx, self.pk, each) if self.pk else self.entries.get(each)


def continue_due(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Take every copy further that nobody is running. `continue_code_copies` runs it."""

    def work(row: CopyRow) -> bool:
        return _run(row, request_id, milliseconds_left)

    return sweep(HANDLER, CopyRow.due, COPY, clock.to_text(now), work, milliseconds_left)


def _run(row: CopyRow, request_id: str, milliseconds_left: Callable[[], int]) -> bool:
    """Carry on chunk by chunk until all is done or the time is up. False when somebody else made progress, or changed
    one of the entries, meanwhile: the rest is looked at anew when the lease is over."""
    copy, practice_id = row.as_copy(), row.pk
    source = _source(row, copy) if copy.status == "running" else None
    while copy.status in ("running", "undoing"):
        commit = Commit(system_context(HANDLER, practice_id, clock.now(), request_id))
        if copy.status == "undoing":
            first, *others = query(WrittenRow, practice_id, WrittenRow.prefix(copy.id), limit=2)
            after = add_undo(commit, copy, practice_id, first, last=not others)
        elif source is None:
            after, event = copy_rules.stop(copy)
            commit.record(event)
        else:
            after = add_chunk(commit, copy, practice_id, source)
            if source.selection and after.status == "done":
                commit.delete(source.selection, SelectionRow.pk.exists(), otherwise=overtaken())
        add_progress(commit, practice_id, copy, after)
        try:
            copy = commit.write(after)
        except Conflict:
            return False
        if milliseconds_left() < RESERVE_MILLISECONDS:
            break
    return True


def _source(row: CopyRow, copy: CodeCopy) -> Source | None:
    """What a copy takes; None for an import whose file, as it was checked, is not there any more."""
    if row.uploaded:
        entries = read_again(row.uploaded, next(iter(copy.files)), row.digest)
        return None if entries is None else Source(list(entries), entries=entries)
    key = SelectionRow.key(row.pk, copy.id)
    selection = Rows().find(key)
    if selection is None or copy.source is None or row.source_practice is None:
        raise LookupError("a copy that runs has a source")
    return Source(selection.as_chosen(), place(row.source_practice, copy.source), selection=key)


# --- The parts of a chunk's commit --------------------------------------------------------------------------------


def add_chunk(commit: Commit, copy: CodeCopy, practice_id: str, source: Source) -> CodeCopy:
    """Write as many of the entries as one transaction takes. Refused with Conflict when one of those at the
    target is changed meanwhile. Reads them in one call unless they were read."""
    target = place(practice_id, copy.to)
    looked_at = source.wanted[copy.processed :][:LOOKED_AT]
    load(commit.ctx, looked_at, target, *([source.pk] if source.pk else []))
    outcomes: list[tuple[Chosen, Outcome]] = []
    written: list[Written] = []
    items = 0
    for file, code in looked_at:
        entry, present = source.find(commit.ctx, (file, code)), commit.ctx.find(EntryRow.key(target, file, code))
        outcome = copy_rules.outcome(entry, present.as_entry() if present else None, copy.on_conflict)
        if entry and outcome in ("copied", "overwritten"):
            items += _weight(entry, present)
            if items > ITEMS:
                break
            written.append(_add(commit, target, entry, present, copy.id))
        outcomes.append(((file, code), outcome))
    after, event = copy_rules.advance(copy, outcomes)
    commit.record(event)
    if written:
        commit.put(WrittenRow.new(practice_id, copy, written), otherwise=overtaken())
    return after


def _add(commit: Commit, pk: str, entry: Entry, present: EntryRow | None, copy_id: str) -> Written:
    file = rules.file_of_entry(entry)
    if present is None:
        put_new(commit, pk, msgspec.structs.replace(entry, version=1), overtaken(), copy_id)
        return Written(file, entry.code)
    before = present.as_entry()
    replace(commit, present, msgspec.structs.replace(entry, version=before.version + 1), overtaken(), copy_id)
    return Written(file, entry.code, before, present.copy_id)


def _weight(entry: Entry, present: EntryRow | None) -> int:
    keys = set(FindingRow.all_of("", entry))
    if present:
        keys |= set(FindingRow.all_of("", present.as_entry()))
    return 1 + len(keys)


def add_undo(commit: Commit, copy: CodeCopy, practice_id: str, chunk: WrittenRow, *, last: bool) -> CodeCopy:
    """Put back what one chunk wrote over. What was edited after the undoing was begun stays as it is. Refused with
    Conflict when one of the entries is changed meanwhile. Reads them in one call unless they were read."""
    pk = place(practice_id, copy.to)
    commit.ctx.rows.load(*chunk.keys(pk))
    returned = [((each.file, each.code), _give_back(commit, pk, copy.id, each)) for each in chunk.as_written()]
    commit.delete(chunk.as_key(), WrittenRow.pk.exists(), otherwise=overtaken())
    after, event = copy_rules.take_back(copy, returned, last)
    commit.record(event)
    return after


def _give_back(commit: Commit, pk: str, copy_id: str, written: Written) -> Return:
    row = commit.ctx.find(EntryRow.key(pk, written.file, written.code))
    if row is None or row.copy_id != copy_id:
        return "kept"
    if written.before is None:
        remove(commit, row, overtaken())
        return "deleted"
    version = row.as_entry().version + 1
    replace(commit, row, msgspec.structs.replace(written.before, version=version), overtaken(), written.by)
    return "restored"


def add_progress(commit: Commit, practice_id: str, before: CodeCopy, after: CodeCopy) -> None:
    """Refused with Conflict when somebody else has made progress since `before`."""
    leased_until = clock.to_text(commit.ctx.now + LEASE)
    actions, condition = CopyRow.becomes(before, after, leased_until)
    commit.update(CopyRow.key(practice_id, before.id), actions, condition, otherwise=overtaken())


def load(ctx: Context, wanted: Sequence[Chosen], *pks: str) -> None:
    """Read entries of accounts, 100 with each call."""
    ctx.rows.load(*(EntryRow.key(pk, *each) for each in wanted for pk in pks))


def found(ctx: Context, pk: str, each: Chosen) -> Entry | None:
    """An entry of an account."""
    row = ctx.find(EntryRow.key(pk, *each))
    return row.as_entry() if row else None


def overtaken() -> Conflict:
    """The refusal of what was read before others changed it."""
    return Conflict("The copy, or an entry of it, was changed meanwhile. Try again.")
