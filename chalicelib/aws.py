"""Clients of the AWS services other than DynamoDB, made on first use.

botocore alone: importing boto3 as well costs a cold start and gives these calls nothing.
"""

from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from pynamodb.exceptions import PynamoDBException

_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
_OWN = {
    # S3 links are signed by version 4 alone: the older one can't open objects under KMS. They name the region's own
    # address, as the global one leads elsewhere for a bucket's first hours.
    "s3": Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    # A function's answer takes as long as it works; asked once, as two would not fit into a request's time.
    "lambda": Config(read_timeout=22, retries={"mode": "standard", "total_max_attempts": 1}),
}
_REFUSED = {"ValidationException", "ValidationError"}


@cache
def client(service: str) -> Any:
    """The botocore client of `service` ("sns", "sesv2", "kms", …), one per process."""
    config = _CONFIG.merge(_OWN.get(service, Config()))
    return botocore.session.get_session().create_client(service, config=config)


def link(bucket: str, key: str, lasts: timedelta, saved_as: str = "") -> str:
    """A link that shows an object of S3 for so long; with `saved_as` a browser saves it under that name and never shows
    it."""
    named = {"ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(saved_as, safe='')}"}
    return str(
        client("s3").generate_presigned_url(
            "get_object",
            Params={"Bucket": bucket, "Key": key, **(named if saved_as else {})},
            ExpiresIn=int(lasts.total_seconds()),
        )
    )


def failed(error: Exception) -> bool:
    """Whether AWS is what failed, or gave no answer, so that the same may succeed when it is repeated.

    Not so where a call is refused for what it says, be it by AWS, a transaction's item or botocore: that is a mistake
    of ours.
    """
    cause = (isinstance(error, PynamoDBException) and error.cause) or error
    if isinstance(cause, ClientError):
        reasons = {reason.code for reason in getattr(cause, "cancellation_reasons", ()) if reason}
        return not _REFUSED & {cause.response.get("Error", {}).get("Code"), *reasons}
    return isinstance(cause, (BotoCoreError, PynamoDBException)) and not isinstance(cause, ParamValidationError)
