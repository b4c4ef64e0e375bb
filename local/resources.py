"""What AWS holds for the program, made on the local engine: tables, topics with inboxes, key, secret, sender."""

import os
import secrets
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.exceptions import ClientError

from chalicelib import config

CHANNELS = ("accounting", "support")
REGION = "us-east-1"
_PREFIX = "practice-admin"
_FORTNIGHT_SECONDS = 14 * 24 * 3600
_THERE_ALREADY = {
    "ResourceInUseException",
    "ResourceExistsException",
    "AlreadyExistsException",
    "BucketAlreadyOwnedByYou",
}


def inbox(channel: str) -> str:
    """The name of the queue that takes in what a topic delivers."""
    return f"{_PREFIX}-{channel}"


def point_at(engine_url: str, public_url: str) -> None:
    """Set this process's settings, before app.py or a module with tables is imported.

    Settings about behaviour, such as PLANS, stay as the developer set them.
    """
    forget_aws()
    os.environ.update(
        AWS_ENDPOINT_URL=engine_url,
        AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",
        AWS_ACCESS_KEY_ID="test",  # the engine opens links that its own root key signed, and no others
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        ROOM="",
        PUBLIC_URL=public_url,
        MAIL_EVENTS=_PREFIX,
        FEEDBACK_TOPIC=f"arn:aws:sns:{REGION}:000000000000:{_PREFIX}-feedback",  # `local.simulator` speaks for it
        TOTP_KEY=f"alias/{_PREFIX}-totp",
        SIGNING_SECRET=f"{_PREFIX}/signing",
        REPORTS_BUCKET=f"{_PREFIX}-reports",
        UPLOADS_BUCKET=f"{_PREFIX}-uploads",
        CHECK_IMAGE_FUNCTION="check_image",
        AWS_ENDPOINT_URL_LAMBDA=f"{public_url}/_local/lambda",  # functions run in this process, not in the engine
    )
    for setting in config.SETTINGS:
        if setting.endswith("_TABLE"):
            os.environ[setting] = f"{_PREFIX}-{setting.removesuffix('_TABLE').lower()}"


def forget_aws() -> None:
    """Take from the environment what a developer has set for AWS.

    A profile, a token or an endpoint would send calls to the real AWS, a proxy anywhere.
    """
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]


def provide() -> None:
    """Make what is missing on the engine, and set the settings that name topics. What is there stays as it is."""
    _provide_tables()
    for channel in CHANNELS:
        os.environ[f"{channel.upper()}_TOPIC"] = _provide_topic(channel)
    kms, key = _client("kms"), config.get("TOTP_KEY")
    try:
        kms.describe_key(KeyId=key)
    except kms.exceptions.NotFoundException:
        kms.create_alias(AliasName=key, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    _unless_there(
        _client("secretsmanager").create_secret,
        Name=config.get("SIGNING_SECRET"),
        SecretString=secrets.token_urlsafe(32),
    )
    for bucket in ("REPORTS_BUCKET", "UPLOADS_BUCKET"):
        _unless_there(_client("s3").create_bucket, Bucket=config.get(bucket))
    # The browser's page comes from the program's port, and posts to the engine's.
    rule = {"AllowedMethods": ["POST"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"]}
    _client("s3").put_bucket_cors(Bucket=config.get("UPLOADS_BUCKET"), CORSConfiguration={"CORSRules": [rule]})
    _unless_there(_client("sesv2").create_email_identity, EmailIdentity=config.get("MAIL_FROM"))
    _unless_there(_client("sesv2").create_configuration_set, ConfigurationSetName=config.get("MAIL_EVENTS"))


def _provide_tables() -> None:
    from deploy.functions import TABLES
    from deploy.tables import table_definition

    dynamodb = _client("dynamodb")
    for table in TABLES:
        definition = table_definition(table)
        _unless_there(dynamodb.create_table, TableName=table.name, **definition)
        _add_indexes(dynamodb, table.name, definition)
        if table.expires:
            dynamodb.update_time_to_live(
                TableName=table.name,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
            )


def _add_indexes(dynamodb: Any, table: str, definition: dict[str, Any]) -> None:
    """Give a table that an older version made the indexes it has not got."""
    there = dynamodb.describe_table(TableName=table)["Table"].get("GlobalSecondaryIndexes", [])
    names = {index["IndexName"] for index in there}
    for index in definition.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] not in names:
            dynamodb.update_table(
                TableName=table,
                AttributeDefinitions=definition["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def _provide_topic(channel: str) -> str:
    """The ARN of the channel's topic, which delivers to a queue that nobody empties: the mailbox looks into it."""
    sns, sqs = _client("sns"), _client("sqs")
    topic = str(sns.create_topic(Name=f"{_PREFIX}-{channel}")["TopicArn"])
    name, retention = inbox(channel), {"MessageRetentionPeriod": str(_FORTNIGHT_SECONDS)}
    try:
        queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:  # asked first: at another address the engine would make it anew
        queue = sqs.create_queue(QueueName=name, Attributes=retention)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return topic


def _unless_there(create: Callable[..., Any], **arguments: Any) -> None:
    try:
        create(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _THERE_ALREADY:
            raise


def _client(service: str) -> Any:
    return botocore.session.get_session().create_client(service)
