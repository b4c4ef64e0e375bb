"""The HTTPS face of profile images."""

from chalicelib.auth import SITE_ADMIN, section
from chalicelib.http import route
from chalicelib.providers.blueprint import bp
from chalicelib.providers.model import ProviderImage
from chalicelib.providers.usecases import accounts, images
from chalicelib.store import Context
from chalicelib.uploads.model import StartedUpload


@route(
    bp,
    "GET",
    "/providers/{provider_id}/image",
    permit=section("profile", "view"),
    prefetch=accounts.rows,
    refusals={404: "no_image"},
)
def show_image(ctx: Context, provider_id: str) -> ProviderImage:
    """A provider's profile image: links that work for five minutes."""
    return images.show(ctx, provider_id)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/image",
    permit=SITE_ADMIN,
    status=201,
    location="/uploads/{id}/complete",
    prefetch=accounts.rows,
    keeps_receipt=False,
)
def upload_image(ctx: Context, provider_id: str) -> StartedUpload:
    """Begin to upload a profile image. The answer is a form for a PNG, JPEG or WebP of at most 5 MB, which the browser
    posts straight to S3 within ten minutes; then POST /uploads/{id}/complete."""
    return images.begin(ctx, provider_id)


@route(
    bp,
    "DELETE",
    "/providers/{provider_id}/image",
    permit=SITE_ADMIN,
    prefetch=accounts.rows,
    refusals={404: "no_image"},
)
def remove_image(ctx: Context, provider_id: str) -> None:
    """Take a provider's profile image away. Its file is deleted within a day."""
    images.remove(ctx, provider_id)
