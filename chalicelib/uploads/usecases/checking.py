"""The content of files. What decodes them is a function of its own: see `docs/decisions/0019-uploads.md`."""

import msgspec
from botocore.exceptions import ClientError

from chalicelib import aws, config, telemetry
from chalicelib.errors import Unavailable
from chalicelib.uploads import rules
from chalicelib.uploads.model import Checked, CheckImage
from chalicelib.uploads.usecases.storage import places

_NOT_THERE = ("NoSuchKey", "AccessDenied")  # who may not list a bucket is not told what is missing there
_KEPT_SECONDS = 300


def require_image(practice_id: str, upload_id: str) -> None:
    """Have the upload's file checked, and the image and thumbnail made of it that are shown in its place.

    Raises Conflict when it is not there, Invalid when it is no acceptable image, Unavailable when the check failed.
    """
    answer = aws.client("lambda").invoke(
        FunctionName=config.get("CHECK_IMAGE_FUNCTION"), Payload=msgspec.json.encode(places(practice_id, upload_id))
    )
    if "FunctionError" in answer:  # (its own log and alarm say why)
        raise Unavailable("The image could not be checked just now.", retry_after=1)
    checked = msgspec.json.decode(answer["Payload"].read(), type=Checked)
    if checked.refused:
        raise rules.refusal(checked.refused)


def check_image(command: CheckImage) -> Checked:
    """Make image and thumbnail of an object, unless it is refused. The Lambda `check_image` runs it."""
    from chalicelib.uploads import pictures  # Pillow is loaded nowhere else

    s3, bucket = aws.client("s3"), config.get("UPLOADS_BUCKET")
    try:
        content = s3.get_object(Bucket=bucket, Key=command.source)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return Checked("missing")
    try:
        made = pictures.remade(content)
    except pictures.Refused as refused:
        telemetry.info("image refused", reason=refused.reason)
        return Checked(refused.reason)
    for key, body in ((command.image, made.image), (command.thumbnail, made.thumbnail)):
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentType="image/webp",
            CacheControl=f"private, max-age={_KEPT_SECONDS}",
        )
    return Checked()
