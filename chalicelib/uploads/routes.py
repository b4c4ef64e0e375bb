"""The HTTPS face of uploads."""

from chalice.app import Blueprint

from chalicelib.auth import SIGNED_IN
from chalicelib.http import route
from chalicelib.store import Context
from chalicelib.uploads.model import CompletedUpload
from chalicelib.uploads.usecases import completing

bp = Blueprint(__name__)


@route(
    bp,
    "POST",
    "/uploads/{upload_id}/complete",
    permit=SIGNED_IN,
    prefetch=completing.rows,
    refusals={
        403: "role_required",
        409: "nothing_uploaded upload_expired upload_discarded too_many_attachments ticket_closed",
        422: "not_an_image image_damaged image_too_large image_animated "
        "not_an_attachment attachment_misnamed attachment_damaged attachment_unpacks_too_large attachment_has_macros "
        "attachment_locked",
    },
)
def complete_upload(ctx: Context, upload_id: str) -> CompletedUpload:
    """Complete an upload once its file is posted: it is checked by its content and attached. An image must be a PNG,
    JPEG or WebP that does not move, of at most 5 MB and 50 million pixels; it is made anew, without what else its file
    told, such as where it was taken. An attachment of a ticket is
    given back as it came: a pdf, png, jpg, txt, csv, docx or xlsx of at most 20 MB, as the end of its name says. Only
    whoever started an upload can complete it."""
    return completing.complete(ctx, upload_id)
