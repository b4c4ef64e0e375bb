"""Files that are a part of nothing: never completed, replaced, removed."""

from collections.abc import Callable
from datetime import datetime

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note
from chalicelib.uploads import rules
from chalicelib.uploads.tables import DISCARD, UploadRow
from chalicelib.uploads.usecases import storage


def discard_due(now: datetime, milliseconds_left: Callable[[], int]) -> Report:
    """Delete the files that are due; one that was never completed is given up first, and deleted by the next run.

    `sweep_expired` runs it.
    """

    def work(row: UploadRow) -> bool:
        return _discard(row, now)

    return sweep("sweep_expired", UploadRow.due, DISCARD, clock.to_text(now), work, milliseconds_left)


def _discard(row: UploadRow, now: datetime) -> bool:
    upload_id = row.sk.removeprefix(UploadRow.PREFIX)
    if row.status == "started":
        # From here on nobody can attach it, but whoever is checking it may still make objects of it.
        given_up = UploadRow.discard(upload_id, clock.to_text(now + rules.CHECK_LASTS))
        return note(row, given_up, UploadRow.status == "started")
    storage.delete(*storage.all_of(row.pk, upload_id))
    return note(row, UploadRow.settle(now), UploadRow.due_at == row.due_at)
