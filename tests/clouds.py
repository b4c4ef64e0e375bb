"""What stands for AWS in the tests: moto in this process, or, with ENGINE=live, ministack in one of its own.

moto is quick to reach but neither safe under threads nor complete: it knows no idempotency tokens. What only one of
the two can show is marked so (see `pyproject.toml`) and not collected for the other.
"""

import atexit
import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol
from weakref import WeakSet

import botocore.session

Row = dict[str, Any]
LIVE = os.environ.get("ENGINE") == "live"
ACCOUNT, REGION = "123456789012", "us-east-1"
_MOST_EMAILS = 500


class Changed:
    """Where something may have changed since a state was saved: tables by their names, other services by theirs, or
    everywhere, where tables, queues or keys were made or have gone."""

    def __init__(self) -> None:
        self.places: set[str] = set()
        _CHANGED.add(self)

    def put_back(self) -> None:
        """Nowhere any more. For whoever saved another state, all that is a change."""
        _note(self.places)
        self.places = set()


_CHANGED: WeakSet[Changed] = WeakSet()
_EVERYWHERE = "everywhere"
_READS = ("BatchGet", "Decrypt", "Describe", "Encrypt", "Get", "Head", "List", "Query", "Scan")
_WRITES = {
    "dynamodb": {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"},
    "s3": {"DeleteObject", "DeleteObjects", "PutObject"},
    "sesv2": {"SendEmail"},
    "sns": {"Publish"},
    "sqs": {"DeleteMessage", "PurgeQueue", "ReceiveMessage"},
}
"""What changes only what a service holds, not what there is of it."""


def note(service: str, operation: str, arguments: dict[str, Any]) -> None:
    """Take note of a call to AWS that may change something."""
    if operation.startswith(_READS):
        return
    if operation not in _WRITES.get(service, ()):
        _note({_EVERYWHERE})
    elif service != "dynamodb":
        _note({service})
    elif operation == "TransactWriteItems":
        _note({part["TableName"] for item in arguments["TransactItems"] for part in item.values()})
    else:
        _note({arguments["TableName"]} if "TableName" in arguments else set(arguments["RequestItems"]))


def _note(places: set[str]) -> None:
    for each in _CHANGED:
        each.places |= places


class Email(NamedTuple):
    """An email as the sending service took it."""

    to: str
    subject: str
    body: str


class Cloud(Protocol):
    """What World needs beside AWS's own interface."""

    def opened(self) -> AbstractContextManager[None]:
        """Inside the block AWS is this one."""

    def clear(self) -> None:
        """Forget everything."""

    def emails(self) -> list[Email]:
        """Every email sent since."""

    def saved(self) -> Callable[[], bool]:
        """Remember everything; the function given back returns to this state. It says whether it could."""


class Moto:
    """Fake AWS inside this process."""

    def __init__(self) -> None:
        from moto.kms import models

        from tests import moto_direct, moto_quick

        moto_direct.install()
        moto_quick.install()
        # moto makes an RSA key for every KMS key, which takes longer than most tests; nothing here signs with it.
        models.generate_private_key = cache(models.generate_private_key)

    @contextmanager
    def opened(self) -> Iterator[None]:
        # moto's own way in also replaces the `requests` library, which nobody here uses and which takes longest.
        from moto.core.models import botocore_stubber

        botocore_stubber.enabled = True
        try:
            yield
        finally:
            botocore_stubber.enabled = False

    def clear(self) -> None:
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        _note({_EVERYWHERE})
        BackendDict.reset()
        reset_model_data()

    def emails(self) -> list[Email]:
        from moto.ses.models import ses_backends

        sent = ses_backends[ACCOUNT][REGION].sent_messages
        return [Email(each.destinations["ToAddresses"][0], each.subject, each.body) for each in sent]

    def saved(self) -> Callable[[], bool]:
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data
        from moto.s3.models import FakeKey, s3_backends

        places = [
            (service, account, region)
            for service in BackendDict._instances
            for account, backends in service.items()
            for region in backends
        ]
        # In one copy, as one service's backend may hold another's.
        kept = deepcopy([service[account][region] for service, account, region in places])
        buckets = dict(s3_backends.bucket_accounts)
        reset_model_data()
        changed = Changed()

        def restore() -> bool:
            if not changed.places:
                return True
            changed.put_back()
            for service in BackendDict._instances:
                for backends in service.values():
                    backends.clear()
            for (service, account, region), backend in zip(places, deepcopy(kept), strict=True):
                dict.__setitem__(service[account], region, backend)
            s3_backends.bucket_accounts = dict(buckets)
            for made_since in FakeKey.instances_tracked:
                made_since.dispose()
            reset_model_data()  # moto keeps a list of whatever it ever made
            return True

        return restore


class Ministack:
    """The engine of the local system, on a home of its own for as long as this process runs."""

    def __init__(self) -> None:
        from local.engine import Engine

        with ExitStack() as stack:
            home = Path(stack.enter_context(TemporaryDirectory()))
            engine = stack.enter_context(Engine(home))
            atexit.register(stack.pop_all().close)
        self._url = engine.url
        self._forgotten = 0
        self._kept: list[Email] = []
        os.environ.update(AWS_ENDPOINT_URL=engine.url, AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")

    @contextmanager
    def opened(self) -> Iterator[None]:
        yield

    def clear(self) -> None:
        _note({_EVERYWHERE})
        self._admin("POST", "reset")
        self._forgotten, self._kept = 0, []

    def emails(self) -> list[Email]:
        new = self._sent()[self._forgotten :]
        return [*self._kept, *(Email(each["To"][0], each["Subject"], each["BodyText"]) for each in new)]

    def saved(self) -> Callable[[], bool]:
        kept = {table: self._rows(table) for table in self._client("dynamodb").list_tables()["TableNames"]}
        emails, changed = self.emails(), Changed()

        def restore() -> bool:
            places = {*changed.places}
            if _EVERYWHERE in places:
                return False
            for table in places & kept.keys():
                rows = self._rows(table)
                changes = [_deletion(row) for place, row in rows.items() if place not in kept[table]]
                changes += [_put(row) for place, row in kept[table].items() if rows.get(place) != row]
                for start in range(0, len(changes), 25):
                    self._client("dynamodb").batch_write_item(RequestItems={table: changes[start : start + 25]})
            if places & {"s3", "uploads"}:  # whoever puts an object there by a form, asked for it first
                self._throw_away_objects()
            if places & {"sns", "sqs"}:
                for url in self._client("sqs").list_queues()["QueueUrls"]:
                    self._client("sqs").purge_queue(QueueUrl=url)
            if "sesv2" in places:
                self._forgotten, self._kept = len(self._sent()), emails
            changed.put_back()
            return self._forgotten < _MOST_EMAILS  # none is ever thrown away

        return restore

    def _rows(self, table: str) -> dict[tuple[str, str], Row]:
        return {
            (row["pk"]["S"], row["sk"]["S"]): row for row in self._client("dynamodb").scan(TableName=table)["Items"]
        }

    def _throw_away_objects(self) -> None:
        s3 = self._client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            found = s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ())
            if keys := [{"Key": each["Key"]} for each in found]:
                s3.delete_objects(Bucket=bucket["Name"], Delete={"Objects": keys})

    @cache  # noqa: B019 (there is one engine)
    def _client(self, service: str) -> Any:
        return botocore.session.get_session().create_client(service)

    def _sent(self) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = self._admin("GET", "ses/messages")["messages"].get(ACCOUNT, [])
        return sent

    def _admin(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"{self._url}/_ministack/{path}", method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)


def _put(row: Row) -> dict[str, Any]:
    return {"PutRequest": {"Item": row}}


def _deletion(row: Row) -> dict[str, Any]:
    return {"DeleteRequest": {"Key": {"pk": row["pk"], "sk": row["sk"]}}}


CLOUD: Cloud = Ministack() if LIVE else Moto()
