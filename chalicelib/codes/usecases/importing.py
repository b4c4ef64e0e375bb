"""Whole code files taken in as CSV. All lines are checked before the first is written; then it is a copy like any
other, which `continue_code_copies` carries out in chunks, and which can be undone."""

from typing import Any

from chalicelib import ids
from chalicelib.codes import copy_rules
from chalicelib.codes.copy_tables import CopyRow
from chalicelib.codes.model import CodeCopy, CopyPreview, ImportCodes
from chalicelib.codes.tables import place
from chalicelib.codes.usecases.copying import found, load
from chalicelib.codes.usecases.csv_entries import check
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict
from chalicelib.store import Commit, Context
from chalicelib.uploads.model import StartedUpload
from chalicelib.uploads.usecases import files, storage


def rows(practice_id: str, upload_id: str, **_: str) -> list[Key[Any]]:
    """What to read with the session."""
    return [files.key_of(practice_id, upload_id)]


def begin(ctx: Context, provider_id: str) -> StartedUpload:
    """Let a CSV file be posted for an account."""
    return files.begin(ctx, "code_import", provider_id)


def import_codes(ctx: Context, provider_id: str, upload_id: str, command: ImportCodes) -> CodeCopy | CopyPreview:
    """Check an uploaded file, and begin its import; a dry run only compares it, and leaves it there for the import.

    Raises NotFound for an upload of somebody else or for another account, Conflict for one that is over or not there,
    Invalid naming every bad cell.
    """
    practice_id = ctx.own_practice.id
    upload = files.find_open(ctx, "code_import", provider_id, upload_id)
    key = storage.places(practice_id, upload.id).source
    entries, digest = check(key, command.file)
    if command.dry_run:
        pk = place(practice_id, provider_id)
        load(ctx, list(entries), pk)
        return copy_rules.preview(
            [
                (each, copy_rules.outcome(entry, found(ctx, pk, each), command.on_conflict))
                for each, entry in entries.items()
            ]
        )
    copy_id = ids.of_account("cpy", ctx.now, provider_id)
    copy = copy_rules.start(copy_id, None, provider_id, command.on_conflict, list(entries), ctx.actor, ctx.now)
    commit = Commit(ctx)
    commit.record(copy_rules.started(copy))
    files.spend(commit, practice_id, upload.id)
    commit.put(CopyRow.new(practice_id, copy, uploaded=key, digest=digest), otherwise=Conflict("This import exists."))
    return commit.write(copy)
