"""Where files lie in S3. What comes in stands under `quarantine/`, from where nothing is ever shown; what was made of
it under `images/`, or `attachments/`; what is made to be taken away under `exports/`. All by practice and upload."""

from botocore.exceptions import ClientError

from chalicelib import aws, config
from chalicelib.answers import Csv
from chalicelib.uploads import rules
from chalicelib.uploads.model import CheckImage, Upload, UploadForm

_NOT_THERE = ("NoSuchKey", "AccessDenied")  # who may not list a bucket is not told what is missing there


def places(practice_id: str, upload_id: str) -> CheckImage:
    """The keys of a file: as it came in, and the image and thumbnail that are made of it."""
    place = f"{practice_id}/{upload_id}"
    return CheckImage(f"quarantine/{place}", f"images/{place}.webp", f"images/{place}-thumbnail.webp")


def attachment(practice_id: str, upload_id: str) -> str:
    """The key of a file that is given back as it came."""
    return f"attachments/{practice_id}/{upload_id}"


def all_of(practice_id: str, upload_id: str) -> list[str]:
    """Every key under which something of a file may lie."""
    made = places(practice_id, upload_id)
    return [made.source, made.image, made.thumbnail, attachment(practice_id, upload_id)]


def form(practice_id: str, upload: Upload) -> UploadForm:
    """The form by which a browser posts the file. S3 itself holds it to its key, its size and its time."""
    made = aws.client("s3").generate_presigned_post(
        Bucket=config.get("UPLOADS_BUCKET"),
        Key=places(practice_id, upload.id).source,
        Conditions=[["content-length-range", 1, rules.MOST_BYTES[upload.purpose]]],
        ExpiresIn=int(rules.FORM_LASTS.total_seconds()),
    )
    return UploadForm(made["url"], made["fields"])


def link(key: str, saved_as: str = "") -> str:
    """A link that shows an object, for a short time; with `saved_as` a browser saves it under that name and never shows
    it."""
    return aws.link(config.get("UPLOADS_BUCKET"), key, rules.LINK_LASTS, saved_as)


def give_out(practice_id: str, name: str, file: Csv) -> str:
    """A link to a file that is made now. S3 deletes it within days."""
    key = f"exports/{practice_id}/{name}"
    aws.client("s3").put_object(
        Bucket=config.get("UPLOADS_BUCKET"), Key=key, Body=file.text.encode(), ContentType="text/csv; charset=utf-8"
    )
    return link(key, file.name)


def content(key: str) -> bytes | None:
    """What an object holds; None where there is none."""
    try:
        answer = aws.client("s3").get_object(Bucket=config.get("UPLOADS_BUCKET"), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return None
    return bytes(answer["Body"].read())


def delete(*keys: str) -> None:
    """Delete objects, there or not. Raises ClientError, BotoCoreError."""
    objects = [{"Key": key} for key in keys]
    answer = aws.client("s3").delete_objects(
        Bucket=config.get("UPLOADS_BUCKET"), Delete={"Objects": objects, "Quiet": True}
    )
    for error in answer.get("Errors", ()):
        raise ClientError({"Error": {"Code": error["Code"], "Message": error["Key"]}}, "DeleteObjects")
