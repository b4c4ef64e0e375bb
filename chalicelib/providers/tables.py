"""The providers room's table.

| row              | pk                        | sk                                     | in `due` while |
|------------------|---------------------------|----------------------------------------|----------------|
| provider account | practice id               | provider#PROVIDER_ID                   |                |
| listing          | practice id               | list#SHELF#LAST FIRST PROVIDER_ID      |                |
| finding          | practice id               | find#SHELF#TERM LAST FIRST PROVIDER_ID |                |
| roster line      | practice id               | roster#EVENT_ID                        |                |
| configuration    | practice id               | configuration#PROVIDER_ID              |                |
| schedule         | practice id               | schedule#PROVIDER_ID                   | always         |
| zone change      | practice id               | zone#EVENT_ID                          | always         |
| deactivation     | practice id               | deactivation#PROVIDER_ID               |                |
| left behind      | practice id               | left#PROVIDER_ID                       |                |
| reassignment     | practice id               | reassignment#REASSIGNMENT_ID           | running        |
| selection        | practice id               | selection#REASSIGNMENT_ID#NUMBER       |                |
| caseload         | practice id#PROVIDER_ID   | caseload                               |                |
| patient          | practice id#PROVIDER_ID   | patient#PATIENT_ID                     |                |

Listings and findings are the directory: copies of the account, written in its own commit, so one strongly
consistent query reads a page. The roster is append-only: who was an active provider account since when, so that
any past day can be counted. Reasons: `docs/decisions/0015-providers.md`. Patients, reassignments and
selections: `patient_tables.py`; schedules, zone changes and deactivations: `deactivation_tables.py`.
"""

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import Key, Row, RowMeta, Table
from chalicelib.providers import rules
from chalicelib.providers.model import Configuration, Provider

PROVIDERS = Table("PROVIDERS_TABLE", due=True)


class _Meta(RowMeta):
    table_name = config.get("PROVIDERS_TABLE")


# --- Accounts and their directory ---------------------------------------------------------------------------------


class ProviderRow(Row):
    """A clinician's account. Whoever changes it needs it to be as it was read: `version` counts the changes."""

    class Meta(_Meta):
        pass

    provider = JSONAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()

    PREFIX = "provider#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ProviderRow]":
        return Key(ProviderRow, practice_id, ProviderRow.PREFIX + provider_id)

    @staticmethod
    def new(practice_id: str, provider: Provider, at: str) -> "ProviderRow":
        """The row of a new account."""
        held = msgspec.to_builtins(provider)
        return ProviderRow.key(practice_id, provider.id).row(provider=held, version=provider.version, created_at=at)

    @staticmethod
    def becomes(before: Provider, after: Provider) -> tuple[list[Action], Condition]:
        """The update to an account's new state, and its condition: it still is what it was."""
        held = msgspec.to_builtins(after)
        actions: list[Action] = [ProviderRow.provider.set(held), ProviderRow.version.set(after.version)]
        return actions, ProviderRow.version == before.version

    def as_provider(self) -> Provider:
        """The account it holds."""
        return msgspec.convert(self.provider, Provider)


class ListingRow(Row):
    """An account in the directory: on a shelf in order of names, or under one of its search terms there."""

    class Meta(_Meta):
        pass

    provider = JSONAttribute()

    @staticmethod
    def prefix(shelf: rules.Shelf, wanted: str) -> str:
        """What the keys begin with of all that a search for `wanted` finds; without it, of the whole shelf."""
        return f"find#{shelf}#{wanted}" if wanted else f"list#{shelf}#"

    @staticmethod
    def key(practice_id: str, shelf: rules.Shelf, term: str, provider: Provider) -> "Key[ListingRow]":
        """Where an account stands on a shelf under a term; "" for its place in the order of names."""
        between = "\t" if term else ""
        return Key(ListingRow, practice_id, ListingRow.prefix(shelf, term) + between + rules.place(provider))

    @staticmethod
    def all_of(practice_id: str, provider: Provider) -> dict["Key[ListingRow]", "ListingRow"]:
        """Every row of an account in the directory."""
        keys = [
            ListingRow.key(practice_id, shelf, term, provider)
            for shelf in rules.shelves(provider)
            for term in ["", *rules.search_terms(provider)]
        ]
        return {key: key.row(provider=msgspec.to_builtins(provider)) for key in keys}

    def as_provider(self) -> Provider:
        """The account it lists."""
        return msgspec.convert(self.provider, Provider)


class RosterRow(Row):
    """From `at` on, the provider account is active with this credential, or not active. `version` is the account's
    since then: lines stand in the order in which their requests began, and the last one of an account is the one
    with its highest version."""

    class Meta(_Meta):
        pass

    at = UnicodeAttribute()
    provider_id = UnicodeAttribute()
    credential = UnicodeAttribute()
    active = BooleanAttribute()
    version = NumberAttribute()

    PREFIX = "roster#"

    @staticmethod
    def key(practice_id: str, event_id: str) -> "Key[RosterRow]":
        return Key(RosterRow, practice_id, RosterRow.PREFIX + event_id)


class ConfigurationRow(Row):
    """A provider's personal configuration, once it was saved; until then the defaults hold."""

    class Meta(_Meta):
        pass

    configuration = JSONAttribute()
    version = NumberAttribute()

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ConfigurationRow]":
        return Key(ConfigurationRow, practice_id, f"configuration#{provider_id}")

    def as_configuration(self) -> Configuration:
        """The configuration it holds."""
        return msgspec.convert(self.configuration, Configuration)


# --- Patients -----------------------------------------------------------------------------------------------------


class CaseloadRow(Row):
    """How many patients a provider has, and whether it takes any: `open` while the account is active. Whatever brings
    or takes a patient adds to `patients` under that condition, so no account row is held up by them."""

    class Meta(_Meta):
        pass

    patients = NumberAttribute(default=0)
    open = BooleanAttribute()

    @staticmethod
    def takes() -> Condition:
        """The condition that the provider takes patients."""
        return CaseloadRow.open == True  # noqa: E712 (an expression of DynamoDB)

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[CaseloadRow]":
        # A partition for each account's patients, so that a move of thousands slows nobody else.
        return Key(CaseloadRow, f"{practice_id}#{provider_id}", "caseload")


class LeftRow(Row):
    """An inactive account that may still have patients: the queue of the unassigned. Deactivation puts it, without
    looking at a patient; the move that takes the last one, or reactivation, deletes it."""

    class Meta(_Meta):
        pass

    PREFIX = "left#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[LeftRow]":
        return Key(LeftRow, practice_id, LeftRow.PREFIX + provider_id)
