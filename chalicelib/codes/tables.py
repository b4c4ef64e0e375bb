"""The codes room's table.

| row       | pk                      | sk                       | in `due` while     |
|-----------|-------------------------|--------------------------|--------------------|
| entry     | practice id#PROVIDER_ID | code#FILE#CODE           |                    |
| finding   | practice id#PROVIDER_ID | word#FILE#TERM CODE      |                    |
| copy      | practice id             | copy#COPY_ID             | running, undoing   |
| selection | practice id             | chosen#COPY_ID           |                    |
| written   | practice id             | written#COPY_ID#PLACE    |                    |

Findings are copies of the entry under each of its search terms, written in its own commit: so a page of a file, or of
what a search finds, is one range of keys. Reasons: `docs/decisions/0023-codes.md`.
Copies, selections and what was written: `copy_tables.py`.
"""

import msgspec
from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib import config
from chalicelib.codes import rules
from chalicelib.codes.model import Entry, File
from chalicelib.dynamo import Key, Row, RowMeta, Table

CODES = Table("CODES_TABLE", due=True)


class CodesMeta(RowMeta):
    """What the `Meta` of every row of this table inherits."""

    table_name = config.get("CODES_TABLE")


def place(practice_id: str, provider_id: str) -> str:
    """The partition of an account's code files."""
    return f"{practice_id}#{provider_id}"


class EntryRow(Row):
    """One entry of a code file. `copy_id`: the copy that wrote it, and nobody has edited it since."""

    class Meta(CodesMeta):
        pass

    entry = JSONAttribute()
    copy_id = UnicodeAttribute(null=True)

    PREFIX = "code#"

    @staticmethod
    def prefix(file: File) -> str:
        """What the keys of a file's entries begin with."""
        return f"{EntryRow.PREFIX}{file}#"

    @staticmethod
    def key(pk: str, file: File, code: str) -> "Key[EntryRow]":
        return Key(EntryRow, pk, EntryRow.prefix(file) + code)

    @staticmethod
    def new(pk: str, entry: Entry, copy_id: str | None) -> "EntryRow":
        """The row of an entry that is added, by a copy or by hand."""
        key = EntryRow.key(pk, rules.file_of_entry(entry), entry.code)
        return key.row(entry=msgspec.to_builtins(entry), copy_id=copy_id)

    def unchanged(self) -> Condition:
        """The condition that it is as it was read."""
        by = EntryRow.copy_id.does_not_exist() if self.copy_id is None else EntryRow.copy_id == self.copy_id
        condition: Condition = (EntryRow.entry == self.entry) & by
        return condition

    def as_entry(self) -> Entry:
        """The entry it holds."""
        entry: Entry = msgspec.convert(self.entry, Entry)
        return entry


class FindingRow(Row):
    """An entry under one of its search terms."""

    class Meta(CodesMeta):
        pass

    entry = JSONAttribute()

    @staticmethod
    def prefix(file: File, wanted: str) -> str:
        """What the keys begin with of all that a search finds."""
        return f"word#{file}#{wanted}"

    @staticmethod
    def key(pk: str, file: File, term: str, code: str) -> "Key[FindingRow]":
        return Key(FindingRow, pk, f"{FindingRow.prefix(file, term)}\t{code}")

    @staticmethod
    def all_of(pk: str, entry: Entry) -> dict["Key[FindingRow]", "FindingRow"]:
        """Every finding of an entry."""
        file, held = rules.file_of_entry(entry), msgspec.to_builtins(entry)
        keys = [FindingRow.key(pk, file, term, entry.code) for term in rules.search_terms(entry)]
        return {key: key.row(entry=held) for key in keys}

    def as_entry(self) -> Entry:
        """The entry it finds."""
        entry: Entry = msgspec.convert(self.entry, Entry)
        return entry
