"""The uploads room's table.

| row    | pk          | sk               | in `due` while                                |
|--------|-------------|------------------|-----------------------------------------------|
| upload | practice id | upload#UPLOAD_ID | its file is to be deleted, sooner or later    |

A row stands in `due` from the start of the upload until its file is attached, and again from when that is replaced or
removed: so whatever becomes of an upload, what lies in the bucket is either attached or going to be deleted.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, Table, shard_of
from chalicelib.uploads.model import Upload

UPLOADS = Table("UPLOADS_TABLE", due=True, expires=True)
DISCARD = "discard"
"""The kind of due work of this room."""


class UploadRow(Row):
    """An upload, and then its file."""

    class Meta(RowMeta):
        table_name = config.get("UPLOADS_TABLE")

    # status: started, then attached or discarded; an attached one may be discarded too.
    upload = JSONAttribute()
    status = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()
    expires_at = NumberAttribute(null=True)

    PREFIX = "upload#"

    @staticmethod
    def key(practice_id: str, upload_id: str) -> "Key[UploadRow]":
        return Key(UploadRow, practice_id, UploadRow.PREFIX + upload_id)

    @staticmethod
    def new(practice_id: str, upload: Upload) -> "UploadRow":
        """The row of an upload that begins."""
        return UploadRow.key(practice_id, upload.id).row(
            upload=msgspec.to_builtins(upload),
            status="started",
            due_shard=shard_of(DISCARD, upload.id),
            due_at=upload.expires_at,
        )

    @staticmethod
    def attach() -> list[Action]:
        """The update by which its file is kept."""
        return [UploadRow.status.set("attached"), UploadRow.due_shard.remove(), UploadRow.due_at.remove()]

    @staticmethod
    def discard(upload_id: str, due_at: str) -> list[Action]:
        """The update by which its file is deleted, at `due_at` or later."""
        shard = shard_of(DISCARD, upload_id)
        return [UploadRow.status.set("discarded"), UploadRow.due_shard.set(shard), UploadRow.due_at.set(due_at)]

    @staticmethod
    def settle(now: datetime) -> list[Action]:
        """The update when its file is deleted: nothing is due any more, and the row may go."""
        gone = UploadRow.expires_at.set(int(now.timestamp()))
        return [UploadRow.due_shard.remove(), UploadRow.due_at.remove(), gone]

    def as_upload(self) -> Upload:
        """The upload it holds."""
        return msgspec.convert(self.upload, Upload)
