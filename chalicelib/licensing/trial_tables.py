"""The row of a trial that has ended; the table of keys is in `tables.py`."""

from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, shard_of

REMOVE: Final = "remove"
"""The kind of due work that the data of an ended trial waits for."""


class EndedTrialRow(Row):
    """A trial that has ended in a practice that never bought a license: its account's data is kept until `kept_until`.
    Due a warning ahead of that, then when the data goes, and a lease after each part of it that went."""

    class Meta(RowMeta):
        table_name = config.get("LICENSING_TABLE")

    kept_until = UnicodeAttribute()
    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()
    due = DueIndex()

    PREFIX = "ended#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[EndedTrialRow]":
        return Key(EndedTrialRow, practice_id, EndedTrialRow.PREFIX + provider_id)

    @staticmethod
    def new(practice_id: str, provider_id: str, kept_until: str, due_at: str) -> "EndedTrialRow":
        """The row, due at the warning."""
        shard = shard_of(REMOVE, provider_id)
        key = EndedTrialRow.key(practice_id, provider_id)
        return key.row(kept_until=kept_until, due_shard=shard, due_at=due_at)

    @property
    def provider_id(self) -> str:
        return str(self.sk).removeprefix(EndedTrialRow.PREFIX)

    def unchanged(self) -> Condition:
        """The condition that nobody has taken a step since it was read."""
        condition: Condition = EndedTrialRow.due_at == self.due_at
        return condition
