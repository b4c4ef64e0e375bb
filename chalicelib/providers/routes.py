"""The HTTPS face of the providers room."""

from chalicelib.auth import SITE_ADMIN, section
from chalicelib.cursors import Page
from chalicelib.http import route
from chalicelib.providers import deactivation_routes, image_routes, model, patient_routes
from chalicelib.providers.blueprint import bp
from chalicelib.providers.usecases import accounts, configuration, directory, editing
from chalicelib.store import Context

__all__ = ["bp", "deactivation_routes", "image_routes", "patient_routes"]


# --- Accounts -----------------------------------------------------------------------------------------------------


@route(bp, "GET", "/providers", permit=SITE_ADMIN)
def list_providers(ctx: Context, query: model.ProviderQuery) -> Page[model.Provider]:
    """The practice's provider accounts, by last name and first name; a search finds the beginnings of names, email and
    NPI, in order of the words that match."""
    return directory.list_providers(ctx, query)


@route(
    bp,
    "POST",
    "/providers",
    permit=SITE_ADMIN,
    status=201,
    location="/providers/{id}",
    versioned=True,
    refusals={409: "no_license_available"},
)
def create_provider(ctx: Context, command: model.CreateProvider) -> model.Provider:
    """Open a provider account. It takes an available license of its credential's type; with `add_license` and the
    accepted agreement one is bought for it at once. Where none is free the refusal quotes the price."""
    return editing.create(ctx, command)


@route(bp, "GET", "/providers/{provider_id}", permit=section("profile", "view"), prefetch=accounts.rows, versioned=True)
def show_provider(ctx: Context, provider_id: str) -> model.Provider:
    """One provider account."""
    return accounts.find(ctx, provider_id)


@route(
    bp,
    "PATCH",
    "/providers/{provider_id}",
    permit=SITE_ADMIN,
    prefetch=editing.rows,
    versioned=True,
    refusals={409: "no_license_available no_license_held"},
)
def edit_provider(ctx: Context, provider_id: str, command: model.EditProvider) -> model.Provider:
    """Edit a provider account. A credential of the other license type needs a license of that type to be available; a
    trial license, and that of an inactive account, just is of the other type then."""
    return editing.edit(ctx, provider_id, command)


# --- Personal configuration ---------------------------------------------------------------------------------------


@route(
    bp,
    "GET",
    "/providers/{provider_id}/configuration",
    permit=section("profile", "view"),
    prefetch=configuration.rows,
    versioned=True,
)
def show_configuration(ctx: Context, provider_id: str) -> model.Configuration:
    """A provider's personal configuration, or the defaults."""
    return configuration.show(ctx, provider_id)


@route(
    bp,
    "PUT",
    "/providers/{provider_id}/configuration",
    permit=section("profile", "full"),
    prefetch=configuration.rows,
    versioned=True,
)
def save_configuration(ctx: Context, provider_id: str, command: model.SaveConfiguration) -> model.Configuration:
    """Save a provider's personal configuration. What is left out has its default."""
    return configuration.save(ctx, provider_id, command)
