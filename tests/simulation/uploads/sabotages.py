"""Uploads broken on purpose."""

from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from chalicelib import clock
from chalicelib.dynamo import note
from chalicelib.uploads import rules
from chalicelib.uploads.model import Upload
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import discarding, files, storage
from tests.simulation.sabotage import apart, free_notes, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an image over an image", "complete upload", "complete another upload")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "provider#"), without_condition("put", "")]


@sabotage("a file given up after it was attached", "complete upload", "discard")
def _(_: Stage) -> list[Any]:
    return [free_notes(discarding)]


@sabotage("a file that was replaced and is kept", "replace image")
def _(_: Stage) -> list[Any]:
    return [patch.object(files, "discard", lambda *_: None)]


@sabotage("a file that is shown and not attached", "complete upload")
def _(_: Stage) -> list[Any]:
    return [patch.object(files, "attach", lambda *_: None)]


@sabotage("a file attached after the commit", "complete upload")
def _(_: Stage) -> list[Any]:
    return [apart(UploadRow)]


@sabotage("a file attached after it was given up", "complete what is given up", "discard")
def _(_: Stage) -> list[Any]:
    return [patch.object(rules, "require_open", lambda *_, **__: None), without_condition("update", "upload#")]


@sabotage("a file attached by somebody else", "cleo completes ada's")
def _(_: Stage) -> list[Any]:
    as_upload = UploadRow.as_upload

    def hers(row: UploadRow) -> Upload:
        return replace(as_upload(row), started_by="cleo")

    return [patch.object(UploadRow, "as_upload", hers)]


@sabotage("files that are forgotten before they are deleted", "discard")
def _(_: Stage) -> list[Any]:
    delete = storage.delete

    def forget_first(*keys: str) -> None:
        _, practice_id, upload_id = keys[0].split("/")
        row = UploadRow.key(practice_id, upload_id).row()
        note(row, UploadRow.settle(clock.now()), UploadRow.pk.exists())
        delete(*keys)

    return [patch.object(storage, "delete", forget_first)]


@sabotage("a file deleted before it is given up", "complete upload", "discard")
def _(_: Stage) -> list[Any]:
    def discard(row: UploadRow, now: Any) -> bool:
        made = storage.places(row.pk, row.sk.removeprefix(UploadRow.PREFIX))
        storage.delete(made.source, made.image, made.thumbnail)
        gone = UploadRow.status.set("discarded")
        return note(row, [gone, *UploadRow.settle(now)], UploadRow.status != "attached")

    return [patch.object(discarding, "_discard", discard)]
