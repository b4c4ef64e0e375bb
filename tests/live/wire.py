"""What happens to a transaction between the program and the engine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse, HeadersDict

from chalicelib.dynamo import connection

_ERROR = "com.amazonaws.dynamodb.v20120810#"
_EVENT = "before-send.dynamodb.TransactWriteItems"


class Wire:
    """Strikes the first `times` transactions, and keeps all that are sent."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.sent: list[dict[str, Any]] = []

    def __call__(self, request: Any, **_: Any) -> Any:
        """What botocore asks before it sends: the answer that takes the engine's place, or None."""
        self.sent.append(json.loads(request.body))
        return self.strike(request) if len(self.sent) <= self.times else None

    def strike(self, request: Any) -> AWSResponse:
        raise NotImplementedError


class Lost(Wire):
    """The engine carries it out, but a server error takes the place of its answer."""

    def strike(self, request: Any) -> AWSResponse:
        client: Any = connection().client
        client._endpoint.http_session.send(request)
        return _answer(request, 500, {"__type": f"{_ERROR}InternalServerError"})


class Conflicting(Wire):
    """Another transaction holds a row, in DynamoDB's words; ministack never says so."""

    def strike(self, request: Any) -> AWSResponse:
        fine = [{"Code": "None"}] * (len(self.sent[-1]["TransactItems"]) - 1)
        conflict = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
        reasons = {"CancellationReasons": [*fine, conflict]}
        return _answer(request, 400, {"__type": f"{_ERROR}TransactionCanceledException", **reasons})


def _answer(request: Any, status: int, body: dict[str, Any]) -> AWSResponse:
    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield json.dumps(body).encode()

    headers: Any = HeadersDict()
    return AWSResponse(request.url, status, headers, Raw())


@contextmanager
def on_the_wire(wire: Wire) -> Iterator[Wire]:
    """Inside the block all transactions of the program pass `wire`."""
    events: Any = connection().client.meta.events
    events.register_first(_EVENT, wire)
    try:
        yield wire
    finally:
        events.unregister(_EVENT, wire)
