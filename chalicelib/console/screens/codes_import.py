"""Taking a whole code file in as CSV: send the file, see what it would meet, import it."""

from typing import Any

import msgspec

from chalicelib.codes import model, rules
from chalicelib.codes.usecases import importing
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.screens.codes import FILE, FULL, about, show_codes
from chalicelib.store import Context
from chalicelib.uploads.model import StartedUpload

_ONE = f"{FILE}/import/{{upload_id}}"


class RunImport(msgspec.Struct, frozen=True):
    """What to do with entries that the file has otherwise."""

    on_conflict: model.OnConflict = "skip"


@action(f"{FILE}/import", on=show_codes, permit=FULL, template="codes_import_send.html")
def begin_import(ctx: Context, provider_id: str, file: str) -> StartedUpload:
    """Show the form by which the browser sends a file to where it is read."""
    rules.file_of(file)
    return importing.begin(ctx, provider_id)


@page(_ONE, permit=FULL, template="codes_import.html")
def show_import(ctx: Context, provider_id: str, file: str, upload_id: str) -> dict[str, Any]:
    """What is wrong with a file that was sent, or the way to have it looked at."""
    return {**about(ctx, provider_id, file), "upload_id": upload_id}


@action(_ONE, on=show_import, permit=FULL, prefetch=importing.rows, template="codes_import_checked.html")
def check_import(ctx: Context, provider_id: str, file: str, upload_id: str) -> model.CodeCopy | model.CopyPreview:
    """See what the import would meet, and change nothing."""
    known = rules.file_of(file)
    return importing.import_codes(ctx, provider_id, upload_id, model.ImportCodes(known, dry_run=True))


def _begun(copy: model.CodeCopy, **_: str) -> Done:
    return Done(f"/console/code-copies/{copy.id}")


@action(f"{_ONE}/run", on=show_import, permit=FULL, prefetch=importing.rows, then=_begun)
def run_import(
    ctx: Context, provider_id: str, file: str, upload_id: str, command: RunImport
) -> model.CodeCopy | model.CopyPreview:
    """Import the file."""
    asked = model.ImportCodes(rules.file_of(file), on_conflict=command.on_conflict)
    return importing.import_codes(ctx, provider_id, upload_id, asked)
