"""The HTTPS face of copies between code files."""

from chalicelib.auth import copying, section
from chalicelib.codes import model
from chalicelib.codes.blueprint import bp
from chalicelib.codes.usecases import copies, importing
from chalicelib.http import route
from chalicelib.store import Context
from chalicelib.uploads.model import StartedUpload


@route(bp, "POST", "/code-copies/preview", permit=copying("codes"), keeps_receipt=False)
def preview_copy(ctx: Context, command: model.CopyCodes) -> model.CopyPreview:
    """See what a copy of codes would meet: which entries are new to the other account, which it has alike, and which
    with something else in them. Nothing is changed."""
    return copies.preview(ctx, command)


@route(
    bp,
    "POST",
    "/code-copies",
    permit=copying("codes"),
    status=202,
    location="/code-copies/{id}",
)
def copy_codes(ctx: Context, command: model.CopyCodes) -> model.CodeCopy:
    """Copy chosen entries of code files from one account to another, of another practice too. A few are copied at once;
    thousands within minutes, and the copy shows how far it is."""
    return copies.start(ctx, command)


@route(bp, "GET", "/code-copies/{copy_id}", permit=section("codes", "view", account="copy_id"), prefetch=copies.rows)
def show_copy(ctx: Context, copy_id: str) -> model.CodeCopy:
    """How far a copy of codes is, for who reaches the account that it comes to."""
    return copies.find_copy(ctx, copy_id)


@route(
    bp,
    "POST",
    "/code-copies/{copy_id}/undo",
    permit=section("codes", "full", account="copy_id"),
    status=202,
    prefetch=copies.rows,
    refusals={409: "copy_running codes_edited"},
)
def undo_copy(ctx: Context, copy_id: str) -> model.CodeCopy:
    """Undo a copy of codes, as long as none of its entries was edited since: what it added is deleted, what it wrote
    over comes back."""
    return copies.undo(ctx, copy_id)


# --- Imports ------------------------------------------------------------------------------------------------------


@route(
    bp,
    "POST",
    "/providers/{provider_id}/code-imports",
    permit=section("codes", "full"),
    status=201,
    location="/providers/{provider_id}/code-imports/{id}",
    keeps_receipt=False,
)
def upload_codes(ctx: Context, provider_id: str) -> StartedUpload:
    """Begin to import codes from a CSV file. The answer is a form for a file of at most 20 MB, which is posted straight
    to S3 within ten minutes; then POST to the import itself."""
    return importing.begin(ctx, provider_id)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/code-imports/{upload_id}",
    permit=section("codes", "full"),
    status=202,
    also={200: model.CopyPreview},
    prefetch=importing.rows,
    refusals={409: "nothing_uploaded upload_expired upload_discarded", 422: "csv_refused"},
)
def import_codes(
    ctx: Context, provider_id: str, upload_id: str, command: model.ImportCodes
) -> model.CodeCopy | model.CopyPreview:
    """Import an uploaded CSV file, of at most 10,000 lines, into one of the account's files of codes. Every line is
    checked first, and one bad cell refuses all. The import goes on in chunks: see and undo it as the copy that it is. A
    dry run tells what it would meet."""
    return importing.import_codes(ctx, provider_id, upload_id, command)
