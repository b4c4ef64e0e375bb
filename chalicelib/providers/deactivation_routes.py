"""The HTTPS face of how an account ends and comes back."""

from chalicelib.auth import SITE_ADMIN
from chalicelib.http import route
from chalicelib.providers import model
from chalicelib.providers.blueprint import bp
from chalicelib.providers.usecases import accounts, deactivation, reactivation, scheduling
from chalicelib.store import Context

_ENDS = "/providers/{provider_id}/deactivation"


@route(
    bp,
    "GET",
    "/providers/{provider_id}/deactivation-preview",
    permit=SITE_ADMIN,
    prefetch=deactivation.rows,
    refusals={409: "provider_inactive no_license_held"},
)
def preview_deactivation(ctx: Context, provider_id: str) -> model.DeactivationPreview:
    """What deactivating the account would do now."""
    return deactivation.preview(ctx, provider_id)


@route(
    bp,
    "POST",
    _ENDS,
    permit=SITE_ADMIN,
    versioned=True,
    prefetch=deactivation.rows,
    also={202: model.DeactivationScheduled},
    refusals={409: "confirmation_required provider_inactive no_license_held"},
)
def deactivate_provider(
    ctx: Context, provider_id: str, command: model.Deactivate
) -> model.Deactivated | model.DeactivationScheduled:
    """Deactivate an account: now, or at the start of a local day to come, which replaces any other that was planned.
    Its license is released, it takes no patients any more, and those whom it has go to `reassign_to` where that is
    set. Without `confirm` nothing is done, and the refusal's `preview` tells what will happen."""
    return deactivation.deactivate(ctx, provider_id, command)


@route(
    bp,
    "DELETE",
    _ENDS,
    permit=SITE_ADMIN,
    versioned=True,
    prefetch=accounts.rows,
    refusals={409: "nothing_scheduled"},
)
def cancel_deactivation(ctx: Context, provider_id: str) -> model.Provider:
    """Cancel the deactivation that is scheduled."""
    return scheduling.cancel(ctx, provider_id)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/reactivation",
    permit=SITE_ADMIN,
    versioned=True,
    prefetch=reactivation.rows,
    refusals={409: "provider_active no_license_available"},
)
def reactivate_provider(ctx: Context, provider_id: str) -> model.Provider:
    """Make an inactive account active again. It takes an available license of its type; where none is free the refusal
    quotes the price. Patients who went to other accounts stay there. The move of them that the deactivation began goes
    no further, if it is still under way."""
    return reactivation.reactivate(ctx, provider_id)


@route(
    bp,
    "POST",
    f"{_ENDS}/undo",
    permit=SITE_ADMIN,
    versioned=True,
    prefetch=reactivation.rows,
    refusals={409: "provider_active undo_over no_license_available"},
)
def undo_deactivation(ctx: Context, provider_id: str) -> model.Restored:
    """Take a deactivation back within 24 hours. The account is active as it was, and those patients come back whom it
    moved and nobody since."""
    return reactivation.undo(ctx, provider_id)
