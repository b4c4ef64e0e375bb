"""The providers room's table.

| row              | pk          | sk                   |
|------------------|-------------|----------------------|
| provider account | practice id | provider#PROVIDER_ID |
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib import config
from chalicelib.dynamo import Key, Row, RowMeta, Table

PROVIDERS = Table("PROVIDERS_TABLE")


class ProviderRow(Row):
    """A clinician's account in a practice."""

    class Meta(RowMeta):
        table_name = config.get("PROVIDERS_TABLE")

    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    credential = UnicodeAttribute()
    email = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ProviderRow]":
        return Key(ProviderRow, practice_id, f"provider#{provider_id}")
