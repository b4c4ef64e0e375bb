"""The rows of copies; the table of keys is in `tables.py`."""

from typing import Any, Final, NamedTuple

import msgspec
from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.codes.copy_rules import Chosen
from chalicelib.codes.model import CodeCopy, Entry, File
from chalicelib.codes.tables import CodesMeta, EntryRow
from chalicelib.dynamo import DueIndex, Key, Row, shard_of

COPY: Final = "copy"
"""The kind of due work that a copy waits for while it is running or being undone."""


class CopyRow(Row):
    """A copy and how far it is, under the practice that it comes to. While there is something to be done it is due when
    its present runner should have told of progress. `source_practice`: the practice that it comes from;
    `uploaded`: the CSV file that it comes from instead, and `digest` what was checked of it."""

    class Meta(CodesMeta):
        pass

    copy = JSONAttribute()
    source_practice = UnicodeAttribute(null=True)
    uploaded = UnicodeAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    @staticmethod
    def key(practice_id: str, copy_id: str) -> "Key[CopyRow]":
        return Key(CopyRow, practice_id, f"copy#{copy_id}")

    @staticmethod
    def new(
        practice_id: str,
        copy: CodeCopy,
        source_practice: str | None = None,
        *,
        uploaded: str | None = None,
        digest: str | None = None,
    ) -> "CopyRow":
        """The row, due at once unless it is done."""
        due = {"due_shard": shard_of(COPY, copy.id), "due_at": copy.requested_at} if copy.status == "running" else {}
        held = msgspec.to_builtins(copy)
        return CopyRow.key(practice_id, copy.id).row(
            copy=held, source_practice=source_practice, uploaded=uploaded, digest=digest, **due
        )

    @staticmethod
    def becomes(before: CodeCopy, after: CodeCopy, due_at: str) -> tuple[list[Action], Condition]:
        """The update by progress, and its condition: nobody has made any since."""
        actions: list[Action] = [CopyRow.copy.set(msgspec.to_builtins(after))]
        if after.status in ("running", "undoing"):
            actions += [CopyRow.due_shard.set(shard_of(COPY, after.id)), CopyRow.due_at.set(due_at)]
        else:
            actions += [CopyRow.due_shard.remove(), CopyRow.due_at.remove()]
        return actions, CopyRow.copy == msgspec.to_builtins(before)

    def as_copy(self) -> CodeCopy:
        """The copy it holds."""
        return msgspec.convert(self.copy, CodeCopy)


class SelectionRow(Row):
    """What a copy of more than one chunk takes, in its order. The last chunk's commit deletes it."""

    class Meta(CodesMeta):
        pass

    chosen = JSONAttribute()

    @staticmethod
    def key(practice_id: str, copy_id: str) -> "Key[SelectionRow]":
        return Key(SelectionRow, practice_id, f"chosen#{copy_id}")

    def as_chosen(self) -> list[Chosen]:
        """The selection it holds."""
        return msgspec.convert(self.chosen, list[Chosen])


class Written(NamedTuple):
    """An entry that a copy wrote. `before`: what stood there, None where nothing did, and the copy that had written
    it."""

    file: File
    code: str
    before: Entry | None = None
    by: str | None = None


class WrittenRow(Row):
    """What one chunk of a copy wrote over, so that it can be undone; the chunk of its undoing deletes it."""

    class Meta(CodesMeta):
        pass

    entries = JSONAttribute()

    @staticmethod
    def prefix(copy_id: str) -> str:
        """What the keys of a copy's rows begin with."""
        return f"written#{copy_id}#"

    @staticmethod
    def new(practice_id: str, copy: CodeCopy, written: list[Written]) -> "WrittenRow":
        """The row of the chunk that begins where the copy stands."""
        key = Key(WrittenRow, practice_id, f"{WrittenRow.prefix(copy.id)}{copy.processed:05}")
        return key.row(entries=msgspec.to_builtins(written))

    def as_written(self) -> list[Written]:
        """The entries it holds."""
        found: Any = msgspec.convert(self.entries, list[Written])
        return list(found)

    def keys(self, pk: str) -> list[Key[EntryRow]]:
        """Where they stand."""
        return [EntryRow.key(pk, each.file, each.code) for each in self.as_written()]
