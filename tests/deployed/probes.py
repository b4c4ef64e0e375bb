"""One call for each thing that a function might try, so that IAM can be asked about all of them.

Reads nothing and changes nothing where it is allowed: writes are under conditions that don't hold.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from deploy.functions import FUNCTIONS, TABLES
from deploy.tables import table_definition

FOREIGN = "foreign"
"""The name of a table and a bucket that are not the system's."""
OPERATIONS = "topic of Operations"
"""A topic of the system's that no function has to do with."""
Clients = Callable[[str], Any]
_FOLDERS = (
    "REPORTS_BUCKET/reconciliation",
    "UPLOADS_BUCKET/quarantine",
    "UPLOADS_BUCKET/images",
    "UPLOADS_BUCKET/attachments",
    "UPLOADS_BUCKET/exports",
)
_DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
_ALLOWED_BUT_IN_VAIN = {"ConditionalCheckFailedException", "TransactionCanceledException", "NoSuchKey"}
_KEY = {"pk": {"S": "probe"}, "sk": {"S": "probe"}}
_CONTEXT = {"practice_id": "probe", "username": "probe"}


class Probe(NamedTuple):
    """A resource, named as in `chalicelib.access`, an action on it, and the call that needs both."""

    resource: str
    action: str
    service: str
    call: Callable[[Any], Any]

    def allowed(self, clients: Clients) -> bool:
        """Whether IAM lets whoever the clients are. Raises ClientError for any other trouble."""
        try:
            self.call(clients(self.service))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in _DENIED | _ALLOWED_BUT_IN_VAIN:
                raise
            return code not in _DENIED
        return True


def probes(settings: dict[str, str], sealed: bytes, log_groups: dict[str, str]) -> list[Probe]:
    """Every probe. `settings`: the deployed functions'; `sealed`: something under the TOTP key."""
    found: list[Probe] = []
    for table in TABLES:
        found += _on_table(table.setting, settings[table.setting])
        for index in table_definition(table).get("GlobalSecondaryIndexes", []):
            found += _on_index(f"{table.setting}/index/{index['IndexName']}", settings[table.setting], index)
    found += _on_table(FOREIGN, FOREIGN)
    for setting in ("ACCOUNTING_TOPIC", "SUPPORT_TOPIC", OPERATIONS):
        found += _on_topic(setting, settings[setting])
    for place in _FOLDERS:
        setting, _, folder = place.partition("/")
        found += _on_objects(place, settings[setting], f"{folder}/probe")
        found += _on_objects(f"{setting}, elsewhere", settings[setting], "probe")
    found += _on_objects(FOREIGN, FOREIGN, "reconciliation/probe")
    found += _on_secrets(settings, sealed)
    for function, group in log_groups.items():
        found += _on_log(f"log of {function}", group)
    return found


def _on_table(resource: str, table: str) -> Iterator[Probe]:
    at: dict[str, Any] = {"TableName": table, "Key": _KEY}
    never = {"ConditionExpression": "attribute_exists(pk)"}
    query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "probe"}}}
    calls: dict[str, Callable[[Any], Any]] = {
        "BatchGetItem": lambda db: db.batch_get_item(RequestItems={table: {"Keys": [_KEY]}}),
        "ConditionCheckItem": lambda db: db.transact_write_items(TransactItems=[{"ConditionCheck": at | never}]),
        "DeleteItem": lambda db: db.delete_item(**at, **never),
        "DeleteTable": lambda db: db.delete_table(TableName=table),
        "GetItem": lambda db: db.get_item(**at),
        "PutItem": lambda db: db.put_item(TableName=table, Item=_KEY, **never),
        "Query": lambda db: db.query(TableName=table, **query),
        "Scan": lambda db: db.scan(TableName=table, Limit=1),
        "UpdateItem": lambda db: db.update_item(**at, UpdateExpression="REMOVE probe", **never),
    }
    return _of("dynamodb", resource, calls)


def _on_index(resource: str, table: str, index: dict[str, Any]) -> Iterator[Probe]:
    at = {"TableName": table, "IndexName": index["IndexName"]}
    query = {
        "KeyConditionExpression": f"{index['KeySchema'][0]['AttributeName']} = :value",
        "ExpressionAttributeValues": {":value": {"S": "probe"}},
    }
    calls: dict[str, Callable[[Any], Any]] = {
        "Query": lambda db: db.query(**at, **query),
        "Scan": lambda db: db.scan(**at, Limit=1),
    }
    return _of("dynamodb", resource, calls)


def _on_topic(resource: str, topic: str) -> Iterator[Probe]:
    calls: dict[str, Callable[[Any], Any]] = {
        "DeleteTopic": lambda sns: sns.delete_topic(TopicArn=topic),
        "ListSubscriptionsByTopic": lambda sns: sns.list_subscriptions_by_topic(TopicArn=topic),
        "Publish": lambda sns: sns.publish(TopicArn=topic, Subject="probe", Message="probe"),
        "Subscribe": lambda sns: sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="thief@example.com"),
    }
    return _of("sns", resource, calls)


def _on_objects(resource: str, bucket: str, key: str) -> Iterator[Probe]:
    at = {"Bucket": bucket, "Key": key}
    calls: dict[str, Callable[[Any], Any]] = {
        "DeleteObject": lambda s3: s3.delete_object(**at),
        "GetObject": lambda s3: s3.get_object(**at),
        "ListBucket": lambda s3: s3.list_objects_v2(Bucket=bucket, Prefix=key),
        "PutObject": lambda s3: s3.put_object(**at, Body=b""),
    }
    return _of("s3", resource, calls)


def _on_secrets(settings: dict[str, str], sealed: bytes) -> Iterator[Probe]:
    key, secret, sender = (
        {"KeyId": settings["TOTP_KEY"]},
        {"SecretId": settings["SIGNING_SECRET"]},
        settings["MAIL_FROM"],
    )
    text = {"Data": "probe"}
    on_key: dict[str, Callable[[Any], Any]] = {
        "Decrypt": lambda kms: kms.decrypt(**key, CiphertextBlob=sealed, EncryptionContext=_CONTEXT),
        "Encrypt": lambda kms: kms.encrypt(**key, Plaintext=b"probe", EncryptionContext=_CONTEXT),
        "ScheduleKeyDeletion": lambda kms: kms.schedule_key_deletion(**key),
    }
    on_secret: dict[str, Callable[[Any], Any]] = {
        "GetSecretValue": lambda manager: manager.get_secret_value(**secret),
        "PutSecretValue": lambda manager: manager.put_secret_value(**secret, SecretString="probe"),
    }
    on_mail: dict[str, Callable[[Any], Any]] = {
        "SendEmail": lambda ses: ses.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": ["probe@example.com"]},
            Content={"Simple": {"Subject": text, "Body": {"Text": text}}},
        ),
        "CreateEmailIdentity": lambda ses: ses.create_email_identity(EmailIdentity="thief@example.com"),
    }
    yield from _of("kms", "TOTP_KEY", on_key)
    yield from _of("secretsmanager", "SIGNING_SECRET", on_secret)
    yield from _of("sesv2", "MAIL_FROM", on_mail)


def _on_log(resource: str, group: str) -> Iterator[Probe]:
    calls: dict[str, Callable[[Any], Any]] = {
        "DeleteLogGroup": lambda logs: logs.delete_log_group(logGroupName=group),
        "FilterLogEvents": lambda logs: logs.filter_log_events(logGroupName=group, limit=1),
    }
    return _of("logs", resource, calls)


def _of(service: str, resource: str, calls: dict[str, Callable[[Any], Any]]) -> Iterator[Probe]:
    prefix = "ses" if service == "sesv2" else service
    for action, call in calls.items():
        yield Probe(resource, f"{prefix}:{action}", service, call)


def declared(function: str) -> set[tuple[str, str]]:
    """What a function's role is to allow, of all that is probed.

    Writing its log is not: the engine names the group where AWS names the stream, and writes logs by itself. Invoking
    another is not: the engine lets every role do that. Nor is the configuration set of mail, where the engine asks for
    the sender alone.
    """
    access = FUNCTIONS[function].access
    asked = [name for name in access if not name.endswith("_FUNCTION") and name != "MAIL_EVENTS"]
    return {(name, action) for name in asked for action in access[name]}
