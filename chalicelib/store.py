"""The one way to change anything: a conditional transaction of state, event and receipt."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
from pynamodb.constants import ALL_OLD
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import clock, ids, telemetry
from chalicelib.dynamo import Key, R, Row, Rows, connection
from chalicelib.errors import Conflict, Problem, Stale, stale
from chalicelib.events import EventRow, row_of
from chalicelib.model import SYSTEM, Actor, Announcement, Event, Practice
from chalicelib.receipts import Receipt, ReceiptRow

A = TypeVar("A")
Otherwise = Problem | Callable[[Any], Problem]
"""The refusal when a condition does not hold, or a function that makes it of the row that was found (or None)."""

ATTEMPTS: Final = 4
_OTHERS_OUTLASTED: Final = 5
_TRY_AGAIN: Final = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
pause = time.sleep


class Context(msgspec.Struct):
    """One request or one scheduled run: who, when, from where, and the rows read so far.

    `login` and `home`: who has signed in, with its roles, and its own practice; `actor` and `practice` differ from them
    where the request acts on `account`, a provider account of another practice.
    """

    actor: Actor
    now: datetime
    request_id: str
    source_ip: str | None = None
    practice: Practice | None = None
    source: Practice | None = None
    login: Actor | None = None
    home: Practice | None = None
    account: str = ""
    rows: Rows = msgspec.field(default_factory=Rows)
    receipt: Receipt | None = None
    if_match: frozenset[str] | None = None

    def find(self, key: Key[R]) -> R | None:
        """The row, or None; read at most once in a request."""
        return self.rows.find(key)

    def require_version(self, version: int) -> None:
        """Raises Stale when the request was made for other versions (`If-Match`) than this present one."""
        if self.if_match is not None and not self.if_match & {str(version), "*"}:
            raise stale(version)

    @property
    def own_practice(self) -> Practice:
        """The practice that the request acts for; routes that are not public always have one. It is the session's own,
        or the one whose provider account the path names and a grant reaches."""
        if self.practice is None:
            raise RuntimeError("this context acts for no practice")
        return self.practice

    @property
    def source_practice(self) -> Practice:
        """The practice of the account that the request takes from, where its permit names two."""
        if self.source is None:
            raise RuntimeError("this context takes from no practice")
        return self.source


def system_context(handler: str, practice_id: str, now: datetime, request_id: str) -> Context:
    """The context in which a scheduled handler changes something of a practice."""
    return Context(Actor(SYSTEM + handler, practice_id), now, request_id)


def staff_context(ctx: Context, practice_id: str, practice: Practice | None = None) -> Context:
    """The context in which one of the vendor's people changes something of a practice, whose audit trail says so."""
    actor = msgspec.structs.replace(ctx.actor, practice_id=practice_id)
    return msgspec.structs.replace(ctx, actor=actor, practice=practice)


class _Write(msgspec.Struct, eq=False):
    kind: str
    row: Row
    condition: Condition | None
    otherwise: Otherwise
    actions: list[Action] = msgspec.field(default_factory=list)


class Commit:
    """One change in the making. Collect its writes and its event, then `write` it: all happens or nothing does.

    >>> commit = Commit(ctx)
    >>> commit.update(OrderRow.key(practice, order), [OrderRow.status.set("cancelled")],
    ...               OrderRow.status == "pending", otherwise=OrderNotPending())
    >>> commit.record(event)
    >>> return commit.write(answer)
    """

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.event_id = ids.new("evt", ctx.now)
        self._writes: dict[tuple[str, str, str], _Write] = {}
        self._events: list[EventRow] = []
        self._counts: list[tuple[str, int, dict[str, str]]] = []

    def put(self, row: Row, *, otherwise: Otherwise, condition: Condition | None = None) -> None:
        """Create the row; by default it must not exist yet."""
        self._add(_Write("put", row, type(row).pk.does_not_exist() if condition is None else condition, otherwise))

    def update(self, key: Key[Any], actions: list[Action], condition: Condition, *, otherwise: Otherwise) -> None:
        """Change attributes of a row. `condition` must need the row to exist, or the update would make one."""
        self._add(_Write("update", key.row(), condition, otherwise, actions))

    def delete(self, key: Key[Any], condition: Condition | None, *, otherwise: Otherwise) -> None:
        """Remove a row that must satisfy `condition`; None: whether it is there or not."""
        self._add(_Write("delete", key.row(), condition, otherwise))

    def check(self, key: Key[Any], condition: Condition, *, otherwise: Otherwise) -> None:
        """Require something of a row that this change leaves alone."""
        self._add(_Write("check", key.row(), condition, otherwise))

    def record(self, event: Event, practice_id: str = "") -> str:
        """Say what happened: one event for each change that the commit makes; gives its id. The first has `event_id`.

        `practice_id`: whose audit trail it stands in, where that is not the one that the actor acts for.
        """
        ctx = self.ctx
        event_id = ids.new("evt", ctx.now) if self._events else self.event_id
        actor = msgspec.structs.replace(ctx.actor, practice_id=practice_id) if practice_id else ctx.actor
        event = msgspec.structs.replace(event, announce=tuple(self._local(each, actor) for each in event.announce))
        row = row_of(event, event_id, actor, ctx.request_id, ctx.source_ip, clock.to_text(ctx.now))
        self._events.append(row)
        return event_id

    def _local(self, announcement: Announcement, actor: Actor) -> Announcement:
        practice = self.ctx.practice
        if announcement.channel != "email" or practice is None or practice.id != actor.practice_id:
            return announcement
        return msgspec.structs.replace(announcement, practice=practice.name, zone=practice.time_zone)

    def count(self, name: str, number: int, **dimensions: str) -> None:
        """Add to a metric, if the commit is made."""
        self._counts.append((name, number, dimensions))

    def write(self, answer: A) -> A:
        """Carry it out and give back `answer`, which the receipt keeps for repeats of the request.

        Raises the `otherwise` of the first condition that does not hold; TransactWriteError after losing `ATTEMPTS`
        races, or when DynamoDB's answer stayed out (the change may then have happened).
        """
        if not self._events:
            raise ValueError("a commit needs an event: every change has its audit record")
        events = [_Write("put", row, EventRow.pk.does_not_exist(), _Committed()) for row in self._events]
        writes = [*self._writes.values(), *events]
        receipt = self.ctx.receipt
        if receipt is not None:
            writes.append(_receipt_write(receipt.row(answer), self.ctx.now))
        with suppress(_Committed):  # an earlier attempt got through and only its answer was lost
            _transact(writes)
        if receipt is not None:
            receipt.left = True
        for name, number, dimensions in self._counts:
            telemetry.metric(name, number, **dimensions)
        return answer

    def _add(self, write: _Write) -> None:
        place = write.row.as_key().place
        if place in self._writes:
            raise ValueError(f"two writes on one item: {write.row.sk}")
        self._writes[place] = write


class _Committed(Problem):
    """Our own event is there already: this very commit has happened."""


def leave(receipt: Receipt, answer: object, now: datetime) -> None:
    """Keep the answer of a request that had nothing to change. Raises Conflict where a twin's is kept;
    TransactWriteError as `Commit.write` does."""
    _transact([_receipt_write(receipt.row(answer), now)])


def _receipt_write(receipt: ReceiptRow, now: datetime) -> _Write:
    # `repeats.once` looks for the twin's receipt before it reports any conflict.
    return _Write(
        "put", receipt, ReceiptRow.free(now), Conflict("A request with this Idempotency-Key was just answered.")
    )


def _transact(writes: list[_Write]) -> None:
    # PynamoDB sends checks, deletes, puts, updates; reasons come back in that order.
    ordered = [write for kind in ("check", "delete", "put", "update") for write in writes if write.kind == kind]
    for attempt in range(ATTEMPTS):
        try:
            with TransactWrite(connection=connection()) as transaction:
                for write in ordered:
                    _put_into(transaction, write)
            return
        except TransactWriteError as error:
            reasons = list(error.cancellation_reasons)
            if not reasons:
                raise  # no answer: it may have happened
            _raise_refusal(writes, [reasons[ordered.index(write)] for write in writes])
            if not any(reason and reason.code in _TRY_AGAIN for reason in reasons) or attempt == ATTEMPTS - 1:
                raise
            pause(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 (spreads retries, no secret)


def _put_into(transaction: TransactWrite, write: _Write) -> None:
    model = type(write.row)
    if write.kind == "put":
        transaction.save(write.row, write.condition, return_values=ALL_OLD)
    elif write.kind == "update":
        transaction.update(write.row, write.actions, write.condition, return_values=ALL_OLD)
    elif write.kind == "delete":
        transaction.delete(write.row, write.condition)
    else:
        transaction.condition_check(model, write.row.pk, write.row.sk, write.condition)


def _raise_refusal(writes: list[_Write], reasons: list[Any]) -> None:
    """Raise the refusal of the first failed condition, as the use case put them; our own event's before all others."""
    refusals: list[Problem] = []
    for write, reason in zip(writes, reasons, strict=True):
        if reason and reason.code == "ConditionalCheckFailed":
            found = type(write.row).from_raw_data(reason.raw_item) if reason.raw_item else None
            refusals.append(write.otherwise if isinstance(write.otherwise, Problem) else write.otherwise(found))
    for refusal in sorted(refusals, key=lambda refusal: not isinstance(refusal, _Committed)):
        raise refusal


def changed_meanwhile(row: Any = None) -> Stale:
    """The refusal where somebody else changed the row since it was read; `row` is what was found of it."""
    return stale(int(row.version) if row else None)


def outlasting(ctx: Context, change: Callable[[], A]) -> A:
    """What `change` gives, made anew on the rows as they are by then whenever somebody else was faster: for changes
    that stand beside theirs. Raises Conflict after too many."""
    for _ in range(_OTHERS_OUTLASTED):
        try:
            return change()
        except Stale:
            ctx.rows.clear()
    raise Conflict("It is being changed again and again. Try once more.")
