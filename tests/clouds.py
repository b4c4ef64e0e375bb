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

LIVE = os.environ.get("ENGINE") == "live"
ACCOUNT, REGION = "123456789012", "us-east-1"
_ENVIRONMENT = Path(__file__).parents[1] / ".local"


class Email(NamedTuple):
    """An email as the sending service took it."""

    to: str
    subject: str
    body: str


class Cloud(Protocol):
    """What World needs beside AWS's own interface."""

    def empty(self) -> AbstractContextManager[None]:
        """Inside the block AWS holds nothing but what the block makes."""

    def emails(self) -> list[Email]:
        """Every email sent inside the block."""

    def saved(self, dynamodb: Any) -> Callable[[], None]:
        """Remember all tables; the function given back returns them to this state and forgets the emails."""


class Moto:
    """Fake AWS inside this process."""

    def __init__(self) -> None:
        from moto.kms import models

        from tests import moto_copies

        moto_copies.install()
        # moto makes an RSA key for every KMS key, which takes longer than most tests; nothing here signs with it.
        models.generate_private_key = cache(models.generate_private_key)

    @contextmanager
    def empty(self) -> Iterator[None]:
        from moto import mock_aws

        with mock_aws():
            yield

    def emails(self) -> list[Email]:
        return [Email(each.destinations["ToAddresses"][0], each.subject, each.body) for each in self._sent()]

    def saved(self, dynamodb: Any) -> Callable[[], None]:
        from moto.dynamodb.models import dynamodb_backends

        tables = dynamodb_backends[ACCOUNT][REGION].tables
        items = {name: deepcopy(table.items) for name, table in tables.items()}

        def restore() -> None:
            for name, table in tables.items():
                table.items = deepcopy(items[name])
            self._sent().clear()

        return restore

    @staticmethod
    def _sent() -> list[Any]:
        from moto.ses.models import ses_backends

        sent: list[Any] = ses_backends[ACCOUNT][REGION].sent_messages
        return sent


class Ministack:
    """The engine of the local system, on a home of its own for as long as this process runs."""

    def __init__(self) -> None:
        from local.engine import Engine, prepare

        with ExitStack() as stack:
            home = Path(stack.enter_context(TemporaryDirectory()))
            engine = stack.enter_context(Engine(home, python=prepare(_ENVIRONMENT)))
            atexit.register(stack.pop_all().close)
        self._url = engine.url
        self._forgotten = 0
        os.environ.update(AWS_ENDPOINT_URL=engine.url, AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")

    @contextmanager
    def empty(self) -> Iterator[None]:
        self._admin("POST", "reset")
        self._forgotten = 0
        yield

    def emails(self) -> list[Email]:
        return [Email(each["To"][0], each["Subject"], each["BodyText"]) for each in self._sent()[self._forgotten :]]

    def saved(self, dynamodb: Any) -> Callable[[], None]:
        def rows(table: str) -> list[dict[str, Any]]:
            items: list[dict[str, Any]] = dynamodb.scan(TableName=table)["Items"]
            return items

        kept = {table: rows(table) for table in dynamodb.list_tables()["TableNames"]}

        def restore() -> None:
            for table, items in kept.items():
                for row in rows(table):
                    dynamodb.delete_item(TableName=table, Key={"pk": row["pk"], "sk": row["sk"]})
                for row in items:
                    dynamodb.put_item(TableName=table, Item=row)
            self._forgotten = len(self._sent())

        return restore

    def _sent(self) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = self._admin("GET", "ses/messages")["messages"].get(ACCOUNT, [])
        return sent

    def _admin(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"{self._url}/_ministack/{path}", method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)


CLOUD: Cloud = Ministack() if LIVE else Moto()
