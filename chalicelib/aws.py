"""Clients of the AWS services other than DynamoDB, made on first use.

botocore alone: importing boto3 as well costs a cold start and gives these calls nothing.
"""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})


@cache
def client(service: str) -> Any:
    """The botocore client of `service` ("sns", "sesv2", "kms", …), one per process."""
    # S3 links are signed by version 4 alone: the older one can't open objects under KMS.
    config = _CONFIG.merge(Config(signature_version="s3v4")) if service == "s3" else _CONFIG
    return botocore.session.get_session().create_client(service, config=config)
