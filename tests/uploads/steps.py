"""Shared by the tests of uploads: the browser's part, and what lies in the bucket."""

import json
import os
import urllib.error
import urllib.request
from base64 import b64decode
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib.uploads.tables import UploadRow
from tests.api import Api
from tests.cast import Cast
from tests.clouds import LIVE
from tests.uploads.pictures import picture
from tests.world import client

_BOUNDARY = "a-boundary-that-no-image-has"


def begun(api: Api, cast: Cast) -> dict[str, Any]:
    """An upload of an image for the practice's first account."""
    answer = api.post(f"/providers/{cast.provider_id}/image", token=cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def posted(form: dict[str, Any], content: bytes) -> int:
    """Post a file with a form, as a browser does; gives S3's status. moto checks no policy, so it is checked here."""
    return sent(form, content) if LIVE else _kept(form, content)


def sent(form: dict[str, Any], content: bytes) -> int:
    """Post a file over HTTP; gives the answer's status."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in form["fields"].items()]
    parts.append(b'name="file"; filename="face.png"\r\nContent-Type: image/png\r\n\r\n' + content)
    start = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(start + part + b"\r\n" for part in parts) + f"--{_BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f'multipart/form-data; boundary="{_BOUNDARY}"'}
    try:
        with urllib.request.urlopen(urllib.request.Request(form["url"], body, headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def _kept(form: dict[str, Any], content: bytes) -> int:
    fields = {"bucket": os.environ["UPLOADS_BUCKET"], **form["fields"]}
    for condition in json.loads(b64decode(fields["policy"]))["conditions"]:
        if isinstance(condition, dict):
            if any(fields[name] != value for name, value in condition.items()):
                return 403
        else:
            kind, least, most = condition
            assert kind == "content-length-range"
            if not least <= len(content) <= most:
                return 400
    client("s3").put_object(Bucket=fields["bucket"], Key=fields["key"], Body=content)
    return 204


def completed(api: Api, cast: Cast, content: bytes | None = None) -> str:
    """The id of an image that the practice's first account has got."""
    upload = begun(api, cast)
    assert posted(upload["upload"], content or picture()) == 204
    answer = api.post(f"/uploads/{upload['id']}/complete", token=cast.site_admin.token)
    assert answer.status_code == 200, answer.body
    return str(upload["id"])


def shown(link: str) -> bytes:
    """The object to which a link leads. That it opens over HTTP is shown in `tests/e2e`."""
    key = "images/" + unquote(urlsplit(link).path).partition("/images/")[2]
    found: bytes = client("s3").get_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=key)["Body"].read()
    return found


def objects() -> set[str]:
    """The folder and the file name of everything that lies in the bucket."""
    listed = client("s3").list_objects_v2(Bucket=os.environ["UPLOADS_BUCKET"]).get("Contents", ())
    return {f"{each['Key'].split('/')[0]}/{each['Key'].split('/')[2]}" for each in listed}


def files(upload_id: str) -> set[str]:
    """The objects of an image."""
    return {f"images/{upload_id}.webp", f"images/{upload_id}-thumbnail.webp"}


def image_of(api: Api, cast: Cast) -> str | None:
    """The image that the practice's first account has."""
    found = api.get(f"/providers/{cast.provider_id}", cast.site_admin.token).json_body["image_id"]
    return None if found is None else str(found)


def check_files() -> None:
    """Whatever lies in the bucket is attached, or is going to be deleted."""
    for row in UploadRow.scan():
        assert (row.due_shard is None) == (row.status == "attached" or row.expires_at is not None), row.sk
