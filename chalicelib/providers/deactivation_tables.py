"""The rows of how an account ends; the table of keys is in `tables.py`."""

from typing import Final

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, shard_of
from chalicelib.providers.model import Deactivation, Schedule

DEACTIVATE: Final = "deactivate"
"""The kind of due work that a schedule waits for."""
FOLLOW: Final = "follow"
"""The kind of due work that a change of the time zone waits for."""


class _Meta(RowMeta):
    table_name = config.get("PROVIDERS_TABLE")


class ScheduleRow(Row):
    """A deactivation to come. It is there exactly while one is scheduled: what carries it out or cancels it deletes
    it. `version` is the account's version that it came with."""

    class Meta(_Meta):
        pass

    schedule = JSONAttribute()
    version = NumberAttribute()
    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()
    due = DueIndex()

    PREFIX = "schedule#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ScheduleRow]":
        return Key(ScheduleRow, practice_id, ScheduleRow.PREFIX + provider_id)

    @staticmethod
    def new(practice_id: str, schedule: Schedule, version: int) -> "ScheduleRow":
        """The row, due at the beginning of the day."""
        return ScheduleRow.key(practice_id, schedule.provider_id).row(
            schedule=msgspec.to_builtins(schedule),
            version=version,
            due_shard=shard_of(DEACTIVATE, schedule.provider_id),
            due_at=schedule.due_at,
        )

    @staticmethod
    def becomes(schedule: Schedule) -> list[Action]:
        """The update to another instant."""
        return [ScheduleRow.schedule.set(msgspec.to_builtins(schedule)), ScheduleRow.due_at.set(schedule.due_at)]

    def unchanged(self) -> Condition:
        """The condition that it still is what it was."""
        condition: Condition = (ScheduleRow.version == self.version) & (ScheduleRow.due_at == self.due_at)
        return condition

    def as_schedule(self) -> Schedule:
        """The schedule it holds."""
        return msgspec.convert(self.schedule, Schedule)


class ZoneRow(Row):
    """The practice has another time zone, and its scheduled deactivations are to follow. There until they have."""

    class Meta(_Meta):
        pass

    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()
    due = DueIndex()

    @staticmethod
    def key(practice_id: str, event_id: str) -> "Key[ZoneRow]":
        return Key(ZoneRow, practice_id, f"zone#{event_id}")

    @staticmethod
    def new(practice_id: str, event_id: str, at: str) -> "ZoneRow":
        """The row, due at once."""
        return ZoneRow.key(practice_id, event_id).row(due_shard=shard_of(FOLLOW, practice_id), due_at=at)


class DeactivationRow(Row):
    """What the last deactivation did; there while the account is inactive."""

    class Meta(_Meta):
        pass

    deactivation = JSONAttribute()

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[DeactivationRow]":
        return Key(DeactivationRow, practice_id, f"deactivation#{provider_id}")

    @staticmethod
    def new(practice_id: str, done: Deactivation) -> "DeactivationRow":
        """The row of a deactivation."""
        return DeactivationRow.key(practice_id, done.provider_id).row(deactivation=msgspec.to_builtins(done))

    def as_deactivation(self) -> Deactivation:
        """The deactivation it holds."""
        return msgspec.convert(self.deactivation, Deactivation)
