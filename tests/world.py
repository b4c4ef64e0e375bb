"""The AWS side of a test: what there is at the start, what arrived, and what must always hold."""

import json
import os
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import botocore.session

from chalicelib import ids
from chalicelib.dynamo import R
from chalicelib.identity.tables import AccountRow, GrantRow, PracticeRow, UsernameRow
from chalicelib.licensing.model import LICENSE_TYPES, Counts, Pool
from chalicelib.licensing.reconciliation import Line, holders
from chalicelib.licensing.rules import replay
from chalicelib.licensing.tables import ClaimRow, LedgerRow, OrderRow, PoolRow
from chalicelib.licensing.trial_rules import makes_available
from chalicelib.providers.tables import ProviderRow
from deploy.functions import TABLES
from deploy.tables import table_definition
from tests.clouds import CLOUD

_session = botocore.session.get_session()


class Message(NamedTuple):
    """One message that was delivered."""

    channel: str
    subject: str
    body: str
    event_id: str
    to: str = ""


@cache
def client(service: str) -> Any:
    """A client of the tests' own, of whichever world is open."""
    return _session.create_client(service)


class World:
    """What a test finds in AWS, inside `CLOUD.opened()`."""

    @staticmethod
    def made() -> "World":
        """Create everything that the settings name, and forget what there was."""
        CLOUD.clear()
        dynamodb, sns, sqs = client("dynamodb"), client("sns"), client("sqs")
        for table in TABLES:
            dynamodb.create_table(TableName=table.name, **table_definition(table))
        for channel in ("accounting", "support"):
            topic = sns.create_topic(Name=channel)["TopicArn"]
            queue = sqs.create_queue(QueueName=channel)["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        key = client("kms").create_key()["KeyMetadata"]["KeyId"]
        client("kms").create_alias(AliasName=os.environ["TOTP_KEY"], TargetKeyId=key)
        client("secretsmanager").create_secret(Name=os.environ["SIGNING_SECRET"], SecretString="a signing key")
        for bucket in ("REPORTS_BUCKET", "UPLOADS_BUCKET"):
            client("s3").create_bucket(Bucket=os.environ[bucket])
        client("sesv2").create_email_identity(EmailIdentity="no-reply@practice-admin.example")
        return World()

    def saved(self) -> Callable[[], bool]:
        """Remember the state; the function given back returns to it, says whether it could, and ids go on from
        there.
        """
        returned, last_id = CLOUD.saved(), ids._last

        def restore() -> bool:
            ids._last = last_id
            return returned()

        return restore

    def rows(self, setting: str) -> list[dict[str, Any]]:
        """Every item of a table, as DynamoDB gives it."""
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=os.environ[setting])
        return [item for page in pages for item in page["Items"]]

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of all tables: equal before and after a request that changed nothing."""
        return {table.setting: sorted(self.rows(table.setting), key=json.dumps) for table in TABLES}

    def topic_messages(self, channel: str) -> list[Message]:
        """What a topic's subscriber received and did not read yet."""
        sqs = client("sqs")
        queue = sqs.get_queue_url(QueueName=channel)["QueueUrl"]
        received: list[Message] = []
        while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for each in found:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
                body = json.loads(each["Body"])
                event_id = body["MessageAttributes"]["event_id"]["Value"]
                received.append(Message(channel, body["Subject"], body["Message"], event_id))
        return received

    def emails(self) -> list[Message]:
        """Every email sent so far."""
        return [
            Message("email", each.subject, each.body, each.body.split("Reference: ")[1][:30], each.to)
            for each in CLOUD.emails()
        ]

    def pools(self) -> dict[str, Pool]:
        """Each practice's pool."""
        return {row.pk: row.pool() for row in PoolRow.scan(PoolRow.sk == "pool")}

    def check_invariants(self) -> None:
        """What must hold whatever happened."""
        licensing, identity = self.rows("LICENSING_TABLE"), self.rows("IDENTITY_TABLE")
        ledgers: dict[str, list[Pool]] = {}
        for line in _of(LedgerRow, licensing, "ledger"):
            ledgers.setdefault(line.pk, []).append(line.change())
        claims: dict[str, Counts] = {}
        for row in _of(ClaimRow, licensing, "claim"):
            claims[row.pk] = claims.get(row.pk, Counts()) + Counts.one(row.license_type)  # type: ignore[arg-type]
        pool_rows = {row.pk: row for row in _of(PoolRow, licensing, "pool")}
        pools = {pk: row.pool() for pk, row in pool_rows.items()}
        bought = {pk for pk, lines in ledgers.items() if any(map(makes_available, lines))}
        assert {pk for pk, row in pool_rows.items() if row.bought} == bought
        assert pools == {practice: replay(lines) for practice, lines in ledgers.items()}
        assert {practice: pool.in_use for practice, pool in pools.items() if pool.in_use != Counts()} == claims
        for pool in pools.values():
            assert (
                min(pool.available.physician, pool.available.midlevel, pool.in_use.physician, pool.in_use.midlevel) >= 0
            )
        _check_site_admins(identity)
        for order in _of(OrderRow, licensing, "order"):
            assert (order.due_shard is not None) == (order.status == "pending")
            assert order.as_order().status == order.status
        _check_grants(identity, self.rows("PROVIDERS_TABLE"))
        _check_holders(licensing)


def _of(model: type[R], rows: list[dict[str, Any]], kind: str) -> list[R]:
    """The rows of one kind among those of a table: what their sort keys are, up to a "#" if they have one."""
    return [model.from_raw_data(row) for row in rows if row["sk"]["S"].partition("#")[0] == kind]


def _check_grants(identity: list[dict[str, Any]], providers: list[dict[str, Any]]) -> None:
    """Grants, the accounts that they reach, and the usernames' counts of these tell the same."""
    grants: dict[tuple[str, str], set[str]] = {}
    for grant in _of(GrantRow, identity, "grant"):
        grants.setdefault((grant.practice_id, grant.provider_id), set()).add(grant.pk.partition("#")[2])
    accounts = {(row.pk, row.sk.partition("#")[2]): row for row in _of(AccountRow, identity, "account")}
    assert {place: row.usernames for place, row in accounts.items() if row.usernames} == grants
    assert {place: row.active for place, row in accounts.items()} == {
        (row.pk, row.as_provider().id): row.as_provider().status == "active"
        for row in _of(ProviderRow, providers, "provider")
    }
    reached = Counter(name for place, names in grants.items() if accounts[place].active for name in names)
    for login in _of(UsernameRow, identity, "username"):
        assert (login.accounts or 0) == reached[login.username], login.username


def _check_holders(licensing: list[dict[str, Any]]) -> None:
    """Who holds a license by the ledger, which reconciliation goes by, is who has a claim."""
    lines: dict[str, list[Line]] = {}
    for row in _of(LedgerRow, licensing, "ledger"):
        lines.setdefault(row.pk, []).append(Line(row.at, row.kind, row.subject, row.change()))  # type: ignore[arg-type]
    held = {(pk, who): kind for pk, own in lines.items() for kind in LICENSE_TYPES for who in holders(kind, own)}
    assert held == {(row.pk, row.provider_id): row.type for row in _of(ClaimRow, licensing, "claim")}


def _check_site_admins(identity: list[dict[str, Any]]) -> None:
    """Each practice names its active site admins."""
    admins: dict[str, set[str]] = {}
    for login in _of(UsernameRow, identity, "username"):
        if login.status == "active" and "site_admin" in (login.roles or ()):
            admins.setdefault(login.practice_id, set()).add(login.username)
    for practice in _of(PracticeRow, identity, "practice"):
        assert (practice.site_admins or set()) == admins.get(practice.pk, set()), practice.pk
