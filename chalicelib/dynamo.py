"""DynamoDB as this product uses it: one shape of table, one kind of key, strong batched reads, bookkeeping writes.

Every table has `pk` and `sk`; a row's `pk` starts with its tenant. A row that is due at some instant carries
`due_shard` and `due_at`, and so stands in the sparse `due` index; one that ends carries `expires_at` (epoch
seconds, DynamoDB's TTL, which lags for days, so readers check it too). Changes go through `store.Commit`.
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast

import msgspec
from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib import config

_SHARDS = 4
_READ_ROUNDS = 5
_LOST_RACES = ("ConditionalCheckFailedException", "TransactionConflictException")


class Index(NamedTuple):
    """A global secondary index of the whole rows that have its attributes, which are texts."""

    name: str
    hash_key: str
    range_key: str


class Table(NamedTuple):
    """A table as its room declares it. `setting` names the environment variable with its physical name."""

    setting: str
    due: bool = False
    expires: bool = False
    indexes: tuple[Index, ...] = ()

    @property
    def name(self) -> str:
        """The physical name."""
        return config.get(self.setting)


class RowMeta:
    """What every row class's `Meta` inherits: time limits that fit a gateway's 29 s, few retries with jitter."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 3
    retry_configuration: ClassVar[Any] = {"mode": "standard", "total_max_attempts": 3}


class Row(Model):
    """One kind of row. Subclasses add attributes, a `Meta` with `table_name`, and a `key` function."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """The table through the one client. PynamoDB would make another for each class, at its first use, and
        leave the retries of `RowMeta` out of it."""
        table = super()._get_connection()
        table.connection._client = connection().client
        return table

    def as_key(self) -> "Key[Any]":
        """Where it stands."""
        return Key(type(self), self.pk, self.sk)


class ExpiringRow(Row):
    """A row that ends."""

    expires_at = NumberAttribute()


class DueIndex(GlobalSecondaryIndex[Any]):
    """Sparse: holds only the rows that still have something due."""

    class Meta:
        index_name = "due"
        projection = AllProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


R = TypeVar("R", bound=Row)


class Key(msgspec.Struct, Generic[R], frozen=True):
    """Where one row stands."""

    model: type[R]
    pk: str
    sk: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Table, pk and sk: two keys with one place are one item."""
        return self.model.Meta.table_name, self.pk, self.sk

    def row(self, **values: Any) -> R:
        """A row of this key with `values`; without any, a handle for an update."""
        return self.model(self.pk, self.sk, **values)


@cache
def connection() -> Connection:
    """The connection under batched reads and transactions, made when a function starts."""
    return Connection(
        connect_timeout_seconds=RowMeta.connect_timeout_seconds,
        read_timeout_seconds=RowMeta.read_timeout_seconds,
        retry_configuration=RowMeta.retry_configuration,
    )


class Rows(dict[Key[Any], Row | None]):
    """Rows read so far in one request, by key; None where there is none."""

    def load(self, *keys: Key[Any]) -> None:
        """Read the keys not yet here: strongly consistent, any tables, one call per 100 keys."""
        wanted = {key.place: key for key in keys if key not in self}
        self.update(dict.fromkeys(wanted.values()))
        for table, item in _batch_get(list(wanted.values())):
            key = wanted[table, item["pk"]["S"], item["sk"]["S"]]
            self[key] = key.model.from_raw_data(item)

    def find(self, key: Key[R]) -> R | None:
        """The row, read now if it was not yet; None if there is none."""
        self.load(key)
        return cast("R | None", self[key])


def _batch_get(keys: list[Key[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The items that exist, with their table's name. PynamoDB's own batch reads one table at a time."""
    for start in range(0, len(keys), 100):
        request: dict[str, Any] = {}
        for key in keys[start : start + 100]:
            table = request.setdefault(key.model.Meta.table_name, {"Keys": [], "ConsistentRead": True})
            table["Keys"].append({"pk": {"S": key.pk}, "sk": {"S": key.sk}})
        for _ in range(_READ_ROUNDS):
            answer = connection().dispatch("BatchGetItem", {"RequestItems": request})
            for table_name, items in answer["Responses"].items():
                yield from ((table_name, item) for item in items)
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                break
        else:
            raise PynamoDBException("DynamoDB left keys unread")


def query(
    model: type[R],
    pk: str,
    prefix: str = "",
    *,
    between: tuple[str, str] | None = None,
    limit: int | None = None,
    after: str | None = None,
    newest_first: bool = False,
) -> list[R]:
    """The rows of `pk` whose `sk` starts with `prefix`, or lies between two, in order of `sk`, strongly consistent.

    `after`: the `sk` to go on behind. `limit` None reads all, one call per MB.
    """
    condition = model.sk.between(*between) if between else _begins(model, prefix)
    return list(_query(model, pk, condition, after, limit=limit, page_size=limit, scan_index_forward=not newest_first))


def query_kinds(pk: str, *kinds: Key[Any]) -> tuple[list[Any], ...]:
    """The rows of `pk` of several kinds of one table, by kind, strongly consistent: those whose `sk` begins with
    that of the kind's key. One call per MB of all that stands from the first of them to the last."""
    found: tuple[list[Any], ...] = tuple([] for _ in kinds)
    request = {
        "TableName": kinds[0].model.Meta.table_name,
        "ConsistentRead": True,
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": {"S": pk},
            ":first": {"S": min(kind.sk for kind in kinds)},
            ":last": {"S": max(kind.sk for kind in kinds) + "~"},
        },
    }
    while True:
        answer = connection().dispatch("Query", request)
        for item in answer["Items"]:
            for kind, rows in zip(kinds, found, strict=True):
                if item["sk"]["S"].startswith(kind.sk):
                    rows.append(kind.model.from_raw_data(item))
        if "LastEvaluatedKey" not in answer:
            return found
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def query_index(index: GlobalSecondaryIndex[R], place: str, *, limit: int, after: str | None = None) -> list[R]:
    """The rows that stand under `place` in an index over `sk`, the last first; eventually consistent. `after`: the `sk`
    to go on behind."""
    behind = Row.sk < after if after else None
    return list(index.query(place, behind, limit=limit, page_size=limit, scan_index_forward=False))


def walk(model: type[R], pk: str, prefix: str, *, page_size: int, after: str | None = None) -> Iterator[R]:
    """The same rows, read as they are taken: for who leaves some out, and wants so many. One call per page."""
    return _query(model, pk, _begins(model, prefix), after, page_size=page_size)


def _begins(model: type[R], prefix: str) -> Condition | None:
    return model.sk.startswith(prefix) if prefix else None


def _query(model: type[R], pk: str, condition: Condition | None, after: str | None, **options: Any) -> Iterator[R]:
    begun = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
    return iter(model.query(pk, condition, consistent_read=True, last_evaluated_key=begun, **options))


def due_shards(work: str) -> list[str]:
    """The shards of one kind of due work ("charge", "relay", …); each kind has its own."""
    return [f"{work}-{number}" for number in range(_SHARDS)]


def shard_of(work: str, text: str) -> str:
    """The shard in which whatever `text` names waits for `work`: the same each time, spread evenly."""
    return due_shards(work)[zlib.crc32(text.encode()) % _SHARDS]


def note(row: Row, actions: Sequence[Action], condition: Condition) -> bool:
    """Bookkeeping on one row, under a condition; False when it does not hold, or a transaction holds the row.

    The only write beside `store`'s, for what is no change that a practice would ask after: a session's last use, a
    counter of failures, an outbox entry that was sent, how far a sweep or a report is.
    """
    try:
        row.update(actions=list(actions), condition=condition)
    except UpdateError as error:
        # A lost connection has no code. In conflict with a transaction, what we saw of the row is old.
        if isinstance(error.cause, ClientError) and error.cause_response_code in _LOST_RACES:
            return False
        raise
    return True


def rows_due(index: DueIndex, shard: str, until: str) -> Iterator[Any]:
    """The rows of one shard due at or before `until` (sortable text), earliest first; eventually consistent.

    `index` is that of the row class which the rows have.
    """
    return iter(index.query(shard, DueIndex.due_at <= until))
