"""Copies of entries from one account's files to another's: previewed, begun, seen, undone.

The request itself does the first chunk, and for a few entries that is all. The rest is due until it is done, and
`continue_code_copies` takes it on; undoing goes the same way.
"""

from typing import Any

from chalicelib import clock, ids
from chalicelib.codes import copy_rules as rules
from chalicelib.codes.copy_tables import CopyRow, SelectionRow, WrittenRow
from chalicelib.codes.model import FILES, CodeCopy, CopyCodes, CopyPreview, Entry, File
from chalicelib.codes.rules import file_of_entry
from chalicelib.codes.tables import EntryRow, place
from chalicelib.codes.usecases import copying
from chalicelib.codes.usecases.copying import Source, found, load
from chalicelib.dynamo import Key, query
from chalicelib.errors import Conflict, NotFound
from chalicelib.store import Commit, Context


def rows(practice_id: str, copy_id: str) -> list[Key[Any]]:
    """What to read of a copy with the session."""
    return [CopyRow.key(practice_id, copy_id)]


def offered(ctx: Context, source: str, file: File, most: int) -> list[Entry]:
    """What there is to be copied: the first so many entries of a file of the account `source`. One query."""
    pk = place(ctx.source_practice.id, source)
    return [row.as_entry() for row in query(EntryRow, pk, EntryRow.prefix(file), limit=most)]


def offered_of_each(ctx: Context, source: str, most: int) -> dict[File, list[Entry]]:
    """The same of all files. One query, and only where there is more than that in all, one for each other file."""
    limit = most * len(FILES)
    rows = query(EntryRow, place(ctx.source_practice.id, source), EntryRow.PREFIX, limit=limit)
    listed: dict[File, list[Entry]] = {file: [] for file in FILES}
    for row in rows:
        entry = row.as_entry()
        listed[file_of_entry(entry)].append(entry)
    for file, entries in listed.items():
        if len(rows) == limit and len(entries) < most:
            listed[file] = offered(ctx, source, file, most)
        del entries[most:]
    return listed


def preview(ctx: Context, command: CopyCodes) -> CopyPreview:
    """What a copy would meet. Reads 50 entries of both accounts with each call. Raises Invalid, also for entries that
    the source does not have."""
    wanted = _wanted(ctx, command, place(ctx.own_practice.id, command.to))
    source, target = place(ctx.source_practice.id, command.source), place(ctx.own_practice.id, command.to)
    return rules.preview(
        [
            (each, rules.outcome(found(ctx, source, each), found(ctx, target, each), command.on_conflict))
            for each in wanted
        ]
    )


def start(ctx: Context, command: CopyCodes) -> CodeCopy:
    """Begin a copy with its first chunk. Raises Invalid, also for entries that the source
    does not have; Conflict when somebody changes one meanwhile."""
    practice_id, source_practice = ctx.own_practice.id, ctx.source_practice.id
    wanted = _wanted(ctx, command)
    copy_id = ids.of_account("cpy", ctx.now, command.to)
    copy = rules.start(copy_id, command.source, command.to, command.on_conflict, wanted, ctx.actor, ctx.now)
    commit = Commit(ctx)
    commit.record(rules.started(copy))
    copy = copying.add_chunk(commit, copy, practice_id, Source(wanted, place(source_practice, command.source)))
    if copy.status == "running":
        selection = SelectionRow.key(practice_id, copy_id).row(chosen=[list(each) for each in wanted])
        commit.put(selection, otherwise=_there())
    commit.put(CopyRow.new(practice_id, copy, source_practice), otherwise=_there())
    return commit.write(copy)


def find_copy(ctx: Context, copy_id: str) -> CodeCopy:
    """One copy, as far as it is. Raises NotFound."""
    row = ctx.find(CopyRow.key(ctx.own_practice.id, copy_id))
    if row is None:
        raise NotFound("There is no such copy.")
    return row.as_copy()


def undo(ctx: Context, copy_id: str) -> CodeCopy:
    """Begin to put back what a copy wrote over, with the first chunk. One that is undone, or going to be, is
    answered as it is. Raises NotFound; Conflict while it runs, and when its entries were edited since."""
    copy, practice_id = find_copy(ctx, copy_id), ctx.own_practice.id
    if copy.status in ("undoing", "undone"):
        return copy
    chunks = query(WrittenRow, practice_id, WrittenRow.prefix(copy_id))
    pk = place(practice_id, copy.to)
    ctx.rows.load(*(key for chunk in chunks for key in chunk.keys(pk)))
    written = [each for chunk in chunks for each in chunk.as_written()]
    rows = {(each.file, each.code): ctx.find(EntryRow.key(pk, each.file, each.code)) for each in written}
    edited = [each for each, row in rows.items() if row is None or row.copy_id != copy_id]
    after, event = rules.start_undo(copy, edited, anything=bool(chunks))
    commit = Commit(ctx)
    commit.record(event)
    if chunks:
        after = copying.add_undo(commit, after, practice_id, chunks[0], last=len(chunks) == 1)
    actions, condition = CopyRow.becomes(copy, after, clock.to_text(ctx.now))
    commit.update(CopyRow.key(practice_id, copy_id), actions, condition, otherwise=copying.overtaken())
    return commit.write(after)


def _wanted(ctx: Context, command: CopyCodes, *besides: str) -> list[rules.Chosen]:
    """What is chosen, all of which the source has; read together with the same entries of `besides`."""
    wanted = rules.chosen(command)
    source = place(ctx.source_practice.id, command.source)
    load(ctx, wanted, source, *besides)
    there = {each: entry for each in wanted if (entry := found(ctx, source, each))}
    rules.require_all(wanted, there)
    return wanted


def _there() -> Conflict:
    return Conflict("This copy exists.")
