"""The profile image of a provider account."""

from typing import TypeVar

from chalicelib import clock
from chalicelib.errors import NotFound
from chalicelib.providers import rules
from chalicelib.providers.model import Provider, ProviderImage
from chalicelib.providers.usecases.accounts import find, replace
from chalicelib.store import Commit, Context, outlasting
from chalicelib.uploads import rules as upload_rules
from chalicelib.uploads.model import CompletedUpload, StartedUpload, Upload
from chalicelib.uploads.usecases import checking, files, storage

A = TypeVar("A")


def begin(ctx: Context, provider_id: str) -> StartedUpload:
    """Let an image be posted for an account. Raises NotFound."""
    return files.begin(ctx, "provider_image", find(ctx, provider_id).id)


def attach(ctx: Context, upload: Upload) -> CompletedUpload:
    """Make an uploaded file the image of its account. Raises Conflict and Invalid for a file that is refused."""
    checking.require_image(ctx.own_practice.id, upload.id)
    return outlasting(ctx, lambda: _change(ctx, upload.subject, upload, upload_rules.completed(upload)))


def remove(ctx: Context, provider_id: str) -> None:
    """Take an account's image away. Raises NotFound, also where it has none."""
    _with_image(ctx, provider_id)
    outlasting(ctx, lambda: _change(ctx, provider_id, None, None))


def show(ctx: Context, provider_id: str) -> ProviderImage:
    """Links to an account's image. Raises NotFound, also where it has none."""
    image_id = _with_image(ctx, provider_id).image_id or ""
    made = storage.places(ctx.own_practice.id, image_id)
    until = clock.to_text(ctx.now + upload_rules.LINK_LASTS)
    return ProviderImage(image_id, storage.link(made.image), storage.link(made.thumbnail), until)


def _with_image(ctx: Context, provider_id: str) -> Provider:
    provider = find(ctx, provider_id)
    if provider.image_id is None:
        raise NotFound("This provider account has no image.", code="no_image")
    return provider


def _change(ctx: Context, provider_id: str, upload: Upload | None, answer: A) -> A:
    practice_id, before = ctx.own_practice.id, find(ctx, provider_id)
    image_id = upload.id if upload else None
    if before.image_id == image_id:  # a twin of this request was faster
        return answer
    after, event = rules.with_image(before, image_id)
    commit = Commit(ctx)
    commit.record(event)
    replace(commit, practice_id, before, after)
    if upload:
        files.attach(commit, practice_id, upload)
    if before.image_id:
        files.discard(commit, practice_id, before.image_id)
    return commit.write(answer)
