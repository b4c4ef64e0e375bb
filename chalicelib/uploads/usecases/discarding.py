"""Files that are a part of nothing: never completed, replaced, removed."""

from collections.abc import Callable
from datetime import datetime

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note
from chalicelib.uploads.tables import DISCARD, UploadRow
from chalicelib.uploads.usecases import storage


def discard_due(now: datetime, milliseconds_left: Callable[[], int]) -> Report:
    """Delete the files that are due. `sweep_expired` runs it."""

    def work(row: UploadRow) -> bool:
        return _discard(row, now)

    return sweep("sweep_expired", UploadRow.due, DISCARD, clock.to_text(now), work, milliseconds_left)


def _discard(row: UploadRow, now: datetime) -> bool:
    # From here on nobody can attach it any more; only then its objects go, and its row last.
    upload_id = row.sk.removeprefix(UploadRow.PREFIX)
    if row.status == "started" and not note(row, [UploadRow.status.set("discarded")], UploadRow.status == "started"):
        return False
    storage.delete(*storage.all_of(row.pk, upload_id))
    return note(row, UploadRow.settle(now), UploadRow.due_at == row.due_at)
