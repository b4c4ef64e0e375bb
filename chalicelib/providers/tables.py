"""The providers room's table.

| row              | pk          | sk                   |
|------------------|-------------|----------------------|
| provider account | practice id | provider#PROVIDER_ID |
| roster line      | practice id | roster#EVENT_ID      |

The roster is append-only: who was an active provider account since when, so that any past day can be counted.
"""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib import config
from chalicelib.dynamo import Key, Row, RowMeta, Table

PROVIDERS = Table("PROVIDERS_TABLE")


class _Meta(RowMeta):
    table_name = config.get("PROVIDERS_TABLE")


class ProviderRow(Row):
    """A clinician's account in a practice."""

    class Meta(_Meta):
        pass

    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    credential = UnicodeAttribute()
    email = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()

    PREFIX = "provider#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ProviderRow]":
        return Key(ProviderRow, practice_id, ProviderRow.PREFIX + provider_id)


class RosterRow(Row):
    """From `at` on, the provider account is active with this credential, or not active."""

    class Meta(_Meta):
        pass

    at = UnicodeAttribute()
    provider_id = UnicodeAttribute()
    credential = UnicodeAttribute()
    active = BooleanAttribute()

    PREFIX = "roster#"

    @staticmethod
    def key(practice_id: str, event_id: str) -> "Key[RosterRow]":
        return Key(RosterRow, practice_id, RosterRow.PREFIX + event_id)
