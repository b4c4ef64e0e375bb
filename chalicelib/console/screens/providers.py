"""Providers: the directory, one account with its picture and configuration, and opening one."""

from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

from chalicelib.auth import SITE_ADMIN, section
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.dynamo import Key
from chalicelib.licensing.model import LICENSE_TYPE_OF, LICENSE_TYPES, Credential, LicenseType
from chalicelib.licensing.usecases import orders, pool
from chalicelib.providers import model, rules
from chalicelib.providers.usecases import (
    accounts,
    configuration,
    deactivation,
    directory,
    editing,
    images,
    patients,
    reassignments,
)
from chalicelib.providers.usecases import reactivation as coming_back
from chalicelib.store import Context
from chalicelib.uploads.model import CompletedUpload, StartedUpload
from chalicelib.uploads.usecases import completing

LIST = "/console/providers"
ONE = f"{LIST}/{{provider_id}}"
CHOICES: dict[str, list[tuple[str, str]]] = {
    "credentials": [(each, f"{each} ({LICENSE_TYPE_OF[each]})") for each in get_args(Credential)],
    "billing_roles": [("provider", "Provider"), ("assistant", "Assistant"), ("technician", "Technician")],
    "access_types": [("full", "Full"), ("part_time", "Part time"), ("administrator", "Administrator")],
    "rtm_statuses": [("not_enrolled", "Not enrolled"), ("eligible", "Eligible"), ("enrolled", "Enrolled")],
}


def place(provider_id: str) -> str:
    """Where an account is shown."""
    return f"{LIST}/{provider_id}"


@page(LIST, permit=SITE_ADMIN, template="providers.html")
def list_providers(ctx: Context, query: model.ProviderQuery) -> dict[str, Any]:
    """The practice's accounts, all or those that a search finds."""
    return {"found": directory.list_providers(ctx, query), "query": query}


# --- Opening one --------------------------------------------------------------------------------------------------


@page(f"{LIST}/new", permit=SITE_ADMIN, template="provider_new.html")
def show_new(ctx: Context) -> dict[str, Any]:
    """The form of a new account; it offers a license where none is left."""
    return {**CHOICES, "agreement": orders.agreement()}


def _opened(provider: model.Provider) -> Done:
    return Done(place(provider.id), f"{provider.name} is added.")


@action(f"{LIST}/new", on=show_new, permit=SITE_ADMIN, then=_opened)
def create_provider(ctx: Context, command: model.CreateProvider) -> model.Provider:
    """Open an account, with a license that is available or one that is bought with it."""
    return editing.create(ctx, command)


# --- One account --------------------------------------------------------------------------------------------------


def _rows(practice_id: str, provider_id: str) -> list[Key[Any]]:
    parts = (configuration.rows, coming_back.rows, reassignments.rows)
    keys: list[Key[Any]] = [key for rows in parts for key in rows(practice_id, provider_id)]
    return [*keys, pool.claim_key(practice_id, provider_id)]


@page(ONE, permit=section("profile", "view"), prefetch=_rows, template="provider.html")
def show_provider(ctx: Context, provider_id: str) -> dict[str, Any]:
    """An account, with what can be done about it now."""
    provider = accounts.find(ctx, provider_id)
    return {
        **CHOICES,
        "provider": provider,
        "name": provider.name,
        "leaving": _leaving(ctx, provider),
        "license_moves": _moves(ctx, provider) if provider.status == "active" else "",
        "configuration": configuration.show(ctx, provider_id),
        "ended": deactivation.last(ctx, provider_id),
        "picture": images.show(ctx, provider_id) if provider.image_id else None,
        "manages": "site_admin" in ctx.actor.roles,
    }


class Leaving(NamedTuple):
    """What is scheduled for an account: its last day, its patients, and who is to take them."""

    last_day: str
    patients: int
    taker: model.Provider | None
    taker_leaves: date | None


def _leaving(ctx: Context, provider: model.Provider) -> Leaving | None:
    scheduled = provider.scheduled_deactivation
    if scheduled is None:
        return None
    taker = accounts.lookup(ctx, scheduled.reassign_to) if scheduled.reassign_to else None
    last_day = scheduled.date - timedelta(days=1)
    taker_leaves = rules.leaves_before(taker, scheduled.date) if taker else None
    return Leaving(last_day.isoformat(), patients.count(ctx, provider.id), taker, taker_leaves)


def _moves(ctx: Context, provider: model.Provider) -> str:
    """What a credential of the other type does to the license that an active account holds."""
    held = provider.license_type
    other = next(each for each in LICENSE_TYPES if each != held)
    if _on_trial(ctx, provider.id):
        return f"It holds a trial license, which becomes a {other} license by a credential of that type."
    return f"It holds a {held} license. A {other} credential takes a {other} license, and this one is available again."


def _on_trial(ctx: Context, provider_id: str) -> bool:
    held = ctx.find(pool.claim_key(ctx.own_practice.id, provider_id))
    return bool(held and held.trial_until)


def _license(ctx: Context, provider_id: str) -> tuple[LicenseType, bool]:
    """Of which type is an account's, and whether it is a trial's."""
    return accounts.find(ctx, provider_id).license_type, _on_trial(ctx, provider_id)


def _edited(provider: model.Provider, provider_id: str, before: tuple[LicenseType, bool]) -> Done:
    (held, on_trial), takes = before, provider.license_type
    moved = ""
    if held != takes and provider.status == "active":
        taken = f" A {takes} license is taken, a {held} license is available again."
        moved = f" Its trial license is a {takes} license now." if on_trial else taken
    return Done(place(provider_id), f"Changes saved.{moved}")


@action(ONE, on=show_provider, permit=SITE_ADMIN, prefetch=editing.rows, versioned=True, before=_license, then=_edited)
def edit_provider(ctx: Context, provider_id: str, command: model.EditProvider) -> model.Provider:
    """Edit an account."""
    return editing.edit(ctx, provider_id, command)


def _saved(_: object, provider_id: str) -> Done:
    return Done(place(provider_id), "Changes saved.")


@action(
    f"{ONE}/configuration",
    on=show_provider,
    permit=section("profile", "full"),
    prefetch=configuration.rows,
    versioned=True,
    then=_saved,
)
def save_configuration(ctx: Context, provider_id: str, command: model.SaveConfiguration) -> model.Configuration:
    """Save a provider's personal configuration."""
    return configuration.save(ctx, provider_id, command)


# --- Its picture --------------------------------------------------------------------------------------------------


@action(f"{ONE}/picture", on=show_provider, permit=SITE_ADMIN, prefetch=accounts.rows, template="provider_picture.html")
def begin_picture(ctx: Context, provider_id: str) -> StartedUpload:
    """Show the form by which the browser sends a picture to where pictures are kept."""
    return images.begin(ctx, provider_id)


def _upload(practice_id: str, provider_id: str, upload_id: str) -> list[Key[Any]]:
    return [*accounts.rows(practice_id, provider_id), *completing.rows(practice_id, upload_id)]


def _pictured(_: CompletedUpload, provider_id: str, **__: str) -> Done:
    return Done(place(provider_id), "Picture saved.")


@action(f"{ONE}/picture/{{upload_id}}", on=show_provider, permit=SITE_ADMIN, prefetch=_upload, then=_pictured)
def use_picture(ctx: Context, provider_id: str, upload_id: str) -> CompletedUpload:
    """Check the picture that was sent, and use it."""
    return completing.complete(ctx, upload_id)


def _unpictured(_: None, provider_id: str) -> Done:
    return Done(place(provider_id), "Picture removed.")


@action(f"{ONE}/picture/remove", on=show_provider, permit=SITE_ADMIN, prefetch=accounts.rows, then=_unpictured)
def remove_picture(ctx: Context, provider_id: str) -> None:
    """Take the picture away."""
    images.remove(ctx, provider_id)
