"""The faults that can strike an AWS call, and the call as the scheduler sees it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, get_args

from botocore.exceptions import ClientError

Fault = Literal[
    "crash before",  # the process dies, and the request with it
    "crash after",  # the process dies once the call has taken effect
    "request lost",
    "answer lost",
    "sent twice",  # a retry on an engine that forgets tokens: the second answer counts
    "token replayed",  # the same with ClientRequestToken: the second answer is success, and nothing happens
    "throttled",
    "conflict",  # another transaction holds one of the items that it writes
    "delivered twice",  # the whole request or event arrives once more, and its copy runs to its end first
    "clock step",
    "stale index",  # the query sees the index as it was before the last write
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
IN_TURN = {
    "license_order.placed": "practice",
    "trial.data_removed": "practice",
    "reassignment.called_off": "subject",
    "reassignment.moved": "subject",
}
"""The events of which an invariant asks which came first, of those about the same practice or subject."""
AT_WRITES: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
"""Those of a write that leave something behind, or make a worker try again."""
_SINGLE = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
_READS = {"BatchGetItem", "Decrypt", "Encrypt", "GetItem", "GetObject", "GetSecretValue", "Query", "Scan"}
STEP = timedelta(minutes=2)
"""How far the clock jumps."""


class Crash(BaseException):
    """The function's process died. Not an Exception, so that no handler of ours outlives it."""


@dataclass(frozen=True)
class Strike:
    """`fault` strikes the `call`-th AWS call (from 1) of worker number `worker`."""

    fault: Fault
    call: int
    worker: int = 0


@dataclass
class Call:
    """One AWS call; `effects` says how often it took effect, `turn` when it did last: it rises from call to call.
    `entries`: the partitions of indexes in which the rows that it writes stood before or after it."""

    operation: str
    arguments: dict[str, Any]
    effects: int = 0
    turn: int = 0
    entries: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_transaction(self) -> bool:
        return self.operation == "TransactWriteItems"

    @property
    def puts(self) -> list[dict[str, Any]]:
        """The rows that a transaction creates, as DynamoDB takes them."""
        return [item["Put"]["Item"] for item in self.arguments.get("TransactItems", ()) if "Put" in item]

    @property
    def events(self) -> list[tuple[str, str, str]]:
        """(type, practice, subject) of every event that a transaction commits."""
        rows = [row for row in self.puts if row["sk"]["S"].startswith("evt_")]
        return [(row["type"]["S"], row["pk"]["S"], row["subject"]["S"]) for row in rows]

    @property
    def in_turn(self) -> list[tuple[str, str]]:
        """(type, practice or subject) of the events that have to come in turn."""
        abouts = ((kind, {"practice": pk, "subject": subject}) for kind, pk, subject in self.events)
        return [(kind, about[IN_TURN[kind]]) for kind, about in abouts if kind in IN_TURN]

    @property
    def writes(self) -> list[tuple[str, str, str, str]]:
        """(table, pk, sk, kind) of every row that it writes."""
        parts = [pair for item in self.arguments.get("TransactItems", ()) for pair in item.items()]
        if self.operation in _SINGLE:
            parts = [(_SINGLE[self.operation], self.arguments)]
        keyed = [(kind, part["TableName"], part.get("Key") or part["Item"]) for kind, part in parts]
        return [(table, key["pk"]["S"], key["sk"]["S"], kind) for kind, table, key in keyed if kind != "ConditionCheck"]

    @property
    def sets(self) -> set[str]:
        """The attributes that a transaction's updates name."""
        updates = (item["Update"] for item in self.arguments.get("TransactItems", ()) if "Update" in item)
        return {name for update in updates for name in update["ExpressionAttributeNames"].values()}

    def admits(self, fault: Fault) -> bool:
        """Whether the fault can happen to a call of this kind, and is another one there than those beside it: after a
        read nothing is left that a crash before it would not leave, a lost answer is a lost request, and twice is once.
        """
        if self.operation in _READS and fault in ("crash after", "answer lost", "sent twice"):
            return False
        if fault == "conflict":
            return self.is_transaction or self.operation in _SINGLE
        if fault == "token replayed":
            return self.is_transaction
        return fault != "stale index" or self.arguments.get("IndexName") == "due"


def refusal(fault: Fault, call: Call) -> ClientError:
    if not call.is_transaction:
        code = "TransactionConflictException" if fault == "conflict" else "ThrottlingException"
        return ClientError({"Error": {"Code": code, "Message": "simulated"}}, call.operation)
    code = "TransactionConflict" if fault == "conflict" else "ThrottlingError"
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "simulated"},
        "CancellationReasons": [{"Code": code}, *[{"Code": "None"}] * (len(call.arguments["TransactItems"]) - 1)],
    }
    return ClientError(response, call.operation)
