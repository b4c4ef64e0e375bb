"""The rules of the providers room. Pure: state and command in, new state and event out; no clock, no AWS."""

from datetime import date
from typing import Any, Final

import msgspec

from chalicelib import search
from chalicelib.licensing.model import LICENSE_TYPE_OF
from chalicelib.model import Event
from chalicelib.providers.model import (
    Configuration,
    CreateProvider,
    EditProvider,
    Provider,
    ProviderStatus,
    SaveConfiguration,
)
from chalicelib.search import clipped, folded

# --- What people type, and where it is found ----------------------------------------------------------------------

Shelf = str
"""A part of the directory that is listed by itself: "all", "active" or "inactive"."""
ALL: Final = "all"
_MOST_WORDS: Final = 8


def shelves(provider: Provider) -> tuple[Shelf, ...]:
    """The shelves that an account stands on."""
    return ALL, provider.status


def shelf_of(status: ProviderStatus | None, assignable: bool) -> Shelf | None:
    """The one shelf that a query asks for; None when nothing can be on it: inactive accounts are in no picker."""
    if assignable:
        return None if status == "inactive" else "active"
    return status or ALL


def place(provider: Provider) -> str:
    """Where an account stands on a shelf: by last name, first name, id."""
    return f"{clipped(folded(provider.last_name))}\t{clipped(folded(provider.first_name))}\t{provider.id}"


def search_terms(provider: Provider) -> list[str]:
    """The texts whose beginnings find an account, in order: its name from each word on, its name with the last name
    first, email and NPI. A term that another begins with is left out: whatever finds it finds the other."""
    first, last = folded(provider.first_name), folded(provider.last_name)
    words = f"{first} {last}".split()[:_MOST_WORDS]
    texts = [" ".join(words[start:]) for start in range(len(words))]
    texts += [f"{last} {first}".strip(), folded(provider.email), provider.npi or ""]
    return search.terms(texts)


def found_under(provider: Provider, wanted: str) -> str | None:
    """Under which of its terms an account is shown to who searches for `wanted`."""
    return search.found_under(search_terms(provider), wanted)


# --- Accounts -----------------------------------------------------------------------------------------------------


def open_account(command: CreateProvider, provider_id: str) -> tuple[Provider, Event]:
    """A new account, active: the commit that opens it claims its license."""
    provider = Provider(
        id=provider_id,
        first_name=command.first_name,
        last_name=command.last_name,
        credential=command.credential,
        license_type=LICENSE_TYPE_OF[command.credential],
        billing_role=command.billing_role,
        access_type=command.access_type,
        status="active",
        email=command.email,
        npi=command.npi,
    )
    return provider, Event("provider.created", provider_id, after=facts(provider))


def facts(provider: Provider) -> dict[str, Any]:
    """What an event tells of an account."""
    told: dict[str, Any] = msgspec.to_builtins(provider)
    return {name: value for name, value in told.items() if name not in ("id", "version") and value is not None}


def changed(provider: Provider, **changes: Any) -> Provider:
    """The account's next version."""
    return msgspec.structs.replace(provider, version=provider.version + 1, **changes)


def edit(provider: Provider, command: EditProvider) -> tuple[Provider, Event] | None:
    """The account as edited, and the event that names what changed; None when nothing did."""
    wanted = {name: value for name, value in msgspec.structs.asdict(command).items() if value is not msgspec.UNSET}
    after = changed(provider, **wanted, license_type=LICENSE_TYPE_OF[wanted.get("credential", provider.credential)])
    names = [name for name in (*wanted, "license_type") if getattr(after, name) != getattr(provider, name)]
    if not names:
        return None
    before, now = ({name: getattr(each, name) for name in names} for each in (provider, after))
    return after, Event("provider.edited", provider.id, before, now)


def with_image(provider: Provider, image_id: str | None) -> tuple[Provider, Event]:
    """The account with another profile image, or without one, and the event."""
    event = Event("provider.image_changed", provider.id, {"image_id": provider.image_id}, {"image_id": image_id})
    return changed(provider, image_id=image_id), event


def configure(
    present: Configuration, command: SaveConfiguration, provider_id: str
) -> tuple[Configuration, Event] | None:
    """The configuration as saved, and its event; None when it is what it was."""
    after = Configuration(**msgspec.structs.asdict(command), version=present.version + 1)
    before, now = (msgspec.to_builtins(each) for each in (present, after))
    names = [name for name in now if now[name] != before[name] and name != "version"]
    if not names:
        return None
    event = Event(
        "provider.configured", provider_id, {name: before[name] for name in names}, {name: now[name] for name in names}
    )
    return after, event


def leaves_before(taker: Provider, day: date | None) -> date | None:
    """The day on which the account that is to take the patients ends itself, if it is gone by then."""
    planned = taker.scheduled_deactivation
    return planned.date if planned and day and planned.date <= day else None
