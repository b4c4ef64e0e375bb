"""The scheduled handler `sweep_expired`: files that are a part of nothing are deleted."""

import pytest
from botocore.exceptions import ClientError

from chalicelib import aws
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import checking, storage
from tests.api import Api
from tests.cast import Cast, new_session
from tests.identity.steps import later
from tests.uploads.pictures import picture
from tests.uploads.steps import begun, check_files, completed, files, objects, posted


def test_an_upload_that_was_never_completed_is_forgotten_after_an_hour(api: Api, cast: Cast) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    with later(minutes=59):
        assert api.tick("sweep_expired")["done"] == 0
    swept(api)
    with later(hours=2):
        assert api.tick("sweep_expired")["done"] == 0
    assert objects() == set()
    check_files()


def test_what_is_made_while_the_file_is_given_up_is_deleted_too(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())

    def meanwhile(*_: object) -> None:
        with later(hours=1):
            assert api.tick("sweep_expired")["done"] == 1
        require_image(cast.site_admin.practice_id, upload["id"])

    require_image = checking.require_image
    with monkeypatch.context() as patch:
        patch.setattr(checking, "require_image", meanwhile)
        assert api.post(f"/uploads/{upload['id']}/complete", token=cast.site_admin.token).status_code == 409
    assert objects() == {f"quarantine/{upload['id']}", *files(upload["id"])}
    with later(hours=1, minutes=1):
        assert api.tick("sweep_expired")["done"] == 1
    assert objects() == set()
    check_files()


def test_what_was_made_of_a_file_that_nobody_attached_is_deleted_too(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    with monkeypatch.context() as patch:
        patch.setattr("chalicelib.providers.usecases.images._change", lambda *_: 1 / 0)
        assert api.post(f"/uploads/{upload['id']}/complete", token=cast.site_admin.token).status_code == 500
    assert objects() == {f"quarantine/{upload['id']}", *files(upload["id"])}
    swept(api)
    assert objects() == set()


def test_an_attached_file_is_never_deleted(api: Api, cast: Cast) -> None:
    image_id = completed(api, cast)
    with later(days=400):
        assert api.tick("sweep_expired")["done"] == 0
    assert objects() == files(image_id)


def test_a_file_that_the_index_shows_late_and_is_attached_by_now_is_left_alone(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(api, cast)
    late = UploadRow.key(cast.site_admin.practice_id, upload["id"])
    row = UploadRow.get(late.pk, late.sk)
    posted(upload["upload"], picture())
    assert api.post(f"/uploads/{upload['id']}/complete", token=cast.site_admin.token).status_code == 200
    monkeypatch.setattr("chalicelib.due.rows_due", lambda _, shard, __: iter([row] if shard == row.due_shard else []))
    report = api.tick("sweep_expired")
    assert (report["done"], report["skipped"], report["failed"]) == (0, 1, 0)
    assert objects() == files(upload["id"])


def test_what_cant_be_deleted_stays_due(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())

    def failing(*_: str) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObjects")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", failing)
        swept(api, deleted=0, failed=1)
    with later(hours=1, minutes=1):
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/uploads/{upload['id']}/complete", token=token).status_code == 409
        assert api.tick("sweep_expired")["done"] == 1
    assert objects() == set()


def test_an_object_that_s3_does_not_delete_is_a_failure(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(api, cast)
    refused = {"Errors": [{"Key": "images/x", "Code": "InternalError", "Message": ""}]}
    monkeypatch.setattr(aws.client("s3"), "delete_objects", lambda **_: refused)
    swept(api, deleted=0, failed=1)


def swept(api: Api, deleted: int = 1, failed: int = 0) -> None:
    """An hour later the file is given up, and by the next run deleted."""
    with later(hours=1):
        assert api.tick("sweep_expired")["done"] == 1
        assert api.tick("sweep_expired")["done"] == 0
    with later(hours=1, minutes=1):
        report = api.tick("sweep_expired")
        assert (report["done"], report["failed"]) == (deleted, failed)
