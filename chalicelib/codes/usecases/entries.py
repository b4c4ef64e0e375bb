"""The entries of an account's code files: listed, searched, added, edited, deleted.

Every change of an entry goes through `put_new`, `replace` or `remove`, inside the commit of the use case that makes it.
"""

from itertools import islice
from typing import Any

from chalicelib.codes import rules
from chalicelib.codes.model import FILES, CodeQuery, EditEntry, Entry, File, NewEntry
from chalicelib.codes.tables import EntryRow, FindingRow, place
from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key, query, walk
from chalicelib.errors import NotFound, Problem, stale
from chalicelib.store import Commit, Context, Otherwise


def rows(practice_id: str, provider_id: str, file: str, code: str) -> list[Key[Any]]:
    """What to read with the session, whatever the spelling of the code."""
    known = next((each for each in FILES if each == file), None)
    normal = rules.normal(known, code) if known else None
    return [EntryRow.key(place(practice_id, provider_id), known, normal)] if known and normal else []


def list_entries(ctx: Context, provider_id: str, file: File, asked: CodeQuery) -> Page[Entry]:
    """One page of a file: all of it in order of codes, or what a search finds in order of the terms that match, each
    entry once. One query, or another where entries match by several of their terms."""
    pk, wanted = place(ctx.own_practice.id, provider_id), rules.wanted(asked.q)

    def by_code(limit: int, after: str | None) -> list[Entry]:
        return [row.as_entry() for row in query(EntryRow, pk, EntryRow.prefix(file), limit=limit, after=after)]

    def found(limit: int, after: str | None) -> list[Entry]:
        findings = walk(FindingRow, pk, FindingRow.prefix(file, wanted), page_size=limit, after=after)
        listed = ((row.sk, row.as_entry()) for row in findings)
        return list(islice((entry for sk, entry in listed if sk == found_at(entry)), limit))

    def found_at(entry: Entry) -> str:
        return FindingRow.key(pk, file, rules.found_under(entry, wanted), entry.code).sk

    def stands_at(entry: Entry) -> str:
        return EntryRow.key(pk, file, entry.code).sk

    scope = f"{pk} {file} {wanted}"
    return page(asked, scope, found, found_at) if wanted else page(asked, scope, by_code, stands_at)


def find(ctx: Context, provider_id: str, file: File, code: str) -> EntryRow:
    """One entry, whatever the spelling of its code. Raises NotFound."""
    normal = rules.normal(file, code)
    row = ctx.find(EntryRow.key(place(ctx.own_practice.id, provider_id), file, normal)) if normal else None
    if row is None:
        raise NotFound("This account's file has no such code.")
    return row


def create(ctx: Context, provider_id: str, command: NewEntry) -> Entry:
    """Add an entry. Raises CodeExists."""
    entry = rules.entry_of(command)
    commit = Commit(ctx)
    there = rules.CodeExists("The file has this code already.")
    put_new(commit, place(ctx.own_practice.id, provider_id), entry, there)
    commit.record(rules.created(entry, provider_id))
    return commit.write(entry)


def edit(ctx: Context, provider_id: str, file: File, code: str, command: EditEntry) -> Entry:
    """Change an entry. What changes nothing is answered with the entry as it is. Raises NotFound, Stale."""
    row = find(ctx, provider_id, file, code)
    before = row.as_entry()
    ctx.require_version(before.version)
    after = rules.edit(before, command)
    if after is None:
        return before
    commit = Commit(ctx)
    replace(commit, row, after, _changed_meanwhile)
    commit.record(rules.edited(before, after, provider_id))
    return commit.write(after)


def delete(ctx: Context, provider_id: str, file: File, code: str) -> None:
    """Delete an entry. Raises NotFound, Stale."""
    row = find(ctx, provider_id, file, code)
    entry = row.as_entry()
    ctx.require_version(entry.version)
    commit = Commit(ctx)
    remove(commit, row, _changed_meanwhile)
    commit.record(rules.deleted(entry, provider_id))
    commit.write(None)


# --- Parts of commits ---------------------------------------------------------------------------------------------


def put_new(commit: Commit, pk: str, entry: Entry, otherwise: Problem, copy_id: str | None = None) -> None:
    """Add to the commit an entry that is not there yet."""
    commit.put(EntryRow.new(pk, entry, copy_id), otherwise=otherwise)
    for finding in FindingRow.all_of(pk, entry).values():
        commit.put(finding, otherwise=otherwise)


def replace(commit: Commit, row: EntryRow, after: Entry, otherwise: Otherwise, copy_id: str | None = None) -> None:
    """Add to the commit that an entry, still as it was read, becomes another."""
    commit.put(EntryRow.new(row.pk, after, copy_id), otherwise=otherwise, condition=row.unchanged())
    old, new = FindingRow.all_of(row.pk, row.as_entry()), FindingRow.all_of(row.pk, after)
    for key in old:
        if key not in new:
            commit.delete(key, FindingRow.pk.exists(), otherwise=otherwise)
    for key, finding in new.items():
        commit.put(finding, otherwise=otherwise, condition=FindingRow.pk.exists() if key in old else None)


def remove(commit: Commit, row: EntryRow, otherwise: Otherwise) -> None:
    """Add to the commit that an entry, still as it was read, is deleted."""
    commit.delete(row.as_key(), row.unchanged(), otherwise=otherwise)
    for key in FindingRow.all_of(row.pk, row.as_entry()):
        commit.delete(key, FindingRow.pk.exists(), otherwise=otherwise)


def _changed_meanwhile(row: EntryRow | FindingRow | None) -> Problem:
    """Somebody else changed it since it was read."""
    return stale(row.as_entry().version if row else None)
