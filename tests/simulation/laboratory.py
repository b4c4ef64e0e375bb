"""Where simulations take place: moto with what it lacks, quick enough for thousands of runs, the same in each.

Added to moto: idempotency tokens, an index that lags, and an inbox that takes messages at once. Made cheap: QR codes
and moto's copies of tables. Made repeatable: every random number, so that ids, and with them shards, recur. Each
process has its own: what it draws depends on nobody else.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from io import BytesIO
from typing import Any, NamedTuple
from unittest.mock import patch

import botocore.auth
import botocore.signers
import msgspec
from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

import tests.api
from chalicelib import clock, due, dynamo, signing, telemetry
from chalicelib.codes.usecases import copying
from chalicelib.identity import totp
from chalicelib.licensing.usecases import ended_trials
from chalicelib.providers.usecases import moving, removing_trials
from tests import moto_direct
from tests.clouds import CLOUD
from tests.moto_quick import cloned
from tests.simulation import chance, part
from tests.simulation.faults import Call
from tests.world import World

UNCHECKED = "Z99.9"
"""The code of files that were posted in place of those that were checked."""
_CODES = b"code,description\nA00,Cholera\nA01,Typhoid fever\nE11.9,Diabetes\n"
_OTHER_CODES = f"code,description\n{UNCHECKED},Other\n".encode()
Place = tuple[str, str, str]
_State = dict[str, Any]
Row = dict[str, Any]


class Rows(dict[Place, Row]):
    """All rows by (table, pk, sk)."""

    def of(self, kind: str) -> list[tuple[Place, Row]]:
        """Those of one kind: what their sort keys are, up to a "#" if they have one; "event" for events."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[str, list[tuple[Place, Row]]]:
        kinds: dict[str, list[tuple[Place, Row]]] = {}
        for place, row in self.items():
            kind = "event" if place[2].startswith("evt_") else place[2].partition("#")[0]
            kinds.setdefault(kind, []).append((place, row))
        return kinds


class Delivery(NamedTuple):
    """One message that arrived: for which event, where."""

    event_id: str
    channel: str
    to: str


@dataclass
class Laboratory:
    """AWS as the simulations see it."""

    inbox: list[Delivery] = field(default_factory=list)
    files: dict[str, set[bytes]] = field(default_factory=dict)
    objects: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    remembers: bool = True
    _tokens: dict[str, bytes] = field(default_factory=dict)
    _earlier: _State = field(default_factory=dict)
    _processes: Counter[str] = field(default_factory=Counter)
    _in_turn: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @contextmanager
    def process(self, kind: str) -> Iterator[None]:
        """Inside, chance is what a new process of this kind draws."""
        self._processes[kind] += 1
        with chance.drawn(f"{kind} {self._processes[kind]}"):
            yield

    def state(self) -> int:
        """What tells whether all is there as it was before: the rows, with their ids, and the objects; and that what
        has to come in turn came so."""
        told = hash((frozenset(self.objects), frozenset(self._in_turn.items())))
        for name, table in _tables().items():
            for by_range in table.items.values():
                for item in by_range.values():
                    told ^= _hash(name, item)
        return told

    def rows(self) -> Rows:
        """Every row as it stands, in Python's values. A row that nobody changed is the same object as before."""
        return Rows(
            ((name, hash_key.value, range_key.value), _shown(item))
            for name, table in _tables().items()
            for hash_key, by_range in table.items.items()
            for range_key, item in by_range.items()
        )

    def waiting(self) -> list[tuple[str, str]]:
        """The kind of work that each row waits for with which something is due, and since when."""
        return [
            (item.attrs["due_shard"].value.rpartition("-")[0], item.attrs["due_at"].value)
            for table in _tables().values()
            for by_range in table.items.values()
            for item in by_range.values()
            if "due_shard" in item.attrs
        ]

    def saved(self) -> Callable[[], None]:
        """Remember the state; the function given back returns to it, with nothing delivered and chance wound back."""
        state, earlier, objects, processes = _state(), self._earlier, set(self.objects), Counter(self._processes)
        in_turn = dict(self._in_turn)

        def restore() -> None:
            _set(state)
            self._processes, self._in_turn = Counter(processes), dict(in_turn)
            chance.wind_back()
            self.inbox.clear()
            self._tokens.clear()
            self.files.clear()
            self.objects = set(objects)
            signing._key.cache_clear()
            signing.mac("")
            reset_model_data()  # moto keeps a list of every item and copy that it ever made
            self._earlier = earlier

        return restore

    def stale(self, proceed: Callable[[], Any]) -> Any:
        """Let a query see the state before the last write."""
        present = _state()
        _set(self._earlier)
        try:
            return proceed()
        finally:
            _set(present)

    def serve(self, client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        """Answer one AWS call."""
        if operation == "Publish":
            return self._deliver(arguments["MessageAttributes"]["event_id"]["StringValue"], _channel(arguments), "")
        if operation == "SendEmail":
            tags, (to,) = arguments["EmailTags"], arguments["Destination"]["ToAddresses"]
            return self._deliver({each["Name"]: each["Value"] for each in tags}["event_id"], "email", to)
        if operation == "GetSecretValue":
            return {"SecretString": "a signing key"}
        if operation == "PutObject":
            self.files.setdefault(arguments["Key"], set()).add(arguments["Body"])
            return {}
        if operation == "GetObject":  # the file is there, and a list of codes
            return {"Body": BytesIO(_OTHER_CODES if arguments["Key"] in self.replaced else _CODES)}
        if operation == "Invoke":  # the file is there, and what it should be
            made = json.loads(arguments["Payload"])
            self.objects |= {made[name] for name in ("image", "thumbnail", "attachment") if name in made}
            return {"StatusCode": 200, "Payload": BytesIO(b'{"kind": "png", "size": 5}')}
        if operation == "DeleteObjects":
            self.objects -= {each["Key"] for each in arguments["Delete"]["Objects"]}
            return {}
        if operation in _WRITES and self.remembers:
            self._earlier = _state()
        if operation not in moto_direct.OPERATIONS:
            return _CALL(client, operation, arguments)
        call = self._once if "ClientRequestToken" in arguments else moto_direct.call
        answer = call(operation, arguments)
        for kind, about in Call(operation, arguments).in_turn:
            self._in_turn[about] = (*self._in_turn.get(about, ()), kind)
        return answer

    def _deliver(self, event_id: str, channel: str, to: str) -> dict[str, str]:
        self.inbox.append(Delivery(event_id, channel, to))
        return {"MessageId": event_id}

    def _once(self, operation: str, arguments: dict[str, Any]) -> Any:
        token, request = arguments["ClientRequestToken"], msgspec.json.encode(arguments, order="deterministic")
        if self._tokens.get(token, request) != request:
            raise ClientError({"Error": {"Code": "IdempotentParameterMismatchException", "Message": ""}}, operation)
        answer = {} if token in self._tokens else moto_direct.call(operation, arguments)
        self._tokens[token] = request
        return answer


_CALL = tests.api._call
_WRITES = {"TransactWriteItems", "UpdateItem", "PutItem"}


@contextmanager
def opened() -> Iterator[Laboratory]:
    """Empty AWS, and production code that pays little for slow things."""
    laboratory = Laboratory()
    with ExitStack() as stack:
        for replaced in (
            CLOUD.opened(),
            patch.object(totp, "qr_svg", lambda _: "<svg/>"),
            patch.object(dynamo, "_SHARDS", 2),  # more of them only repeat
            patch.object(moving, "CHUNK", 2),  # few patients make many chunks
            patch.object(moving, "LEASE", timedelta(seconds=-1)),  # whoever comes takes up what may be dead
            patch.object(removing_trials, "CHUNK", 2),
            patch.object(ended_trials, "LEASE", timedelta(seconds=-1)),
            patch.object(copying, "LEASE", timedelta(seconds=-1)),
            patch.object(copying, "ITEMS", 8),  # two entries make a chunk
            *chance.replaced(),
            patch.object(clock, "pause", lambda _: None),
            patch.object(due, "due_shards", part.shards),
            patch.object(due, "rows_due", part.rows),
            patch.object(botocore.auth, "get_current_datetime", _naive_now),  # what is signed is the same each time
            patch.object(botocore.signers, "get_current_datetime", _naive_now),
            patch.object(telemetry, "info", lambda *_, **__: None),
            patch.object(telemetry, "metric", lambda *_, **__: None),
            patch.object(tests.api, "_call", lambda *arguments: laboratory.serve(*arguments)),
        ):
            stack.enter_context(replaced)
        World.made()
        chance.wind_back()
        yield laboratory


@lru_cache(100_000)
def parsed(text: str) -> Any:
    """What a row holds as JSON, to be looked at only: most rows are the same in every case."""
    return json.loads(text)


def entries(call: Call) -> set[tuple[str, str]]:
    """The partitions of indexes, (index, key), in which the rows that a call writes stand now."""
    return {entry for table, pk, sk, _ in call.writes for entry in _entries(table, pk, sk)}


def _entries(table_name: str, pk: str, sk: str) -> list[tuple[str, str]]:
    table = _tables().get(table_name)
    if table is None:  # another engine answers, of which nobody asks this
        return []
    item = table.get_item(DynamoType({"S": pk}), DynamoType({"S": sk}))
    keys = [(index.name, index.schema_key_attrs[0]) for index in table.global_indexes] if item else []
    return [(f"{table_name}.{name}", item.attrs[key].value) for name, key in keys if key in item.attrs]


def _naive_now() -> datetime:
    return clock.now().replace(tzinfo=None)


def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID][moto_direct.REGION].tables
    return tables


def _state() -> _State:
    return {name: cloned(table.items) for name, table in _tables().items()}


def _set(state: _State) -> None:
    for name, items in state.items():
        _tables()[name].items = cloned(items)


def _shown(item: Any) -> Row:
    """A row in Python's values. They are kept with the item, which never changes once it stands in a table."""
    if not hasattr(item, "shown"):
        item.shown = {attribute: _plain(value) for attribute, value in item.attrs.items()}
    row: Row = item.shown
    return row


def _hash(table: str, item: Any) -> int:
    """Kept with the item likewise."""
    if not hasattr(item, "hash"):
        row = _shown(item)
        item.hash = hash((table, *((name, _hashable(row[name])) for name in sorted(row))))
    told: int = item.hash
    return told


def _hashable(value: Any) -> Any:
    return frozenset(value) if isinstance(value, set) else str(value)  # -1 and -2 have one hash


def _plain(value: Any) -> Any:
    if value.type == "N":
        return int(value.value)
    return set(value.value) if value.type == "SS" else value.value


def _channel(arguments: dict[str, Any]) -> str:
    return str(arguments["TopicArn"].rpartition(":")[2])
