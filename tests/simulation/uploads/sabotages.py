"""Uploads broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.dynamo import note
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


@sabotage("a file deleted before it is given up", "complete upload", "discard")
def _(_: Stage) -> list[Any]:
    def discard(row: UploadRow, now: Any) -> bool:
        made = storage.places(row.pk, row.sk.removeprefix(UploadRow.PREFIX))
        storage.delete(made.source, made.image, made.thumbnail)
        gone = UploadRow.status.set("discarded")
        return note(row, [gone, *UploadRow.settle(now)], UploadRow.status != "attached")

    return [patch.object(discarding, "_discard", discard)]
