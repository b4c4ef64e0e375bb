"""AWS stubbed below botocore: every request is built, signed and parsed, and gets the answer that was recorded."""

from collections.abc import Iterator
from typing import Any

import botocore.httpsession
from botocore.awsrequest import AWSResponse, HeadersDict

Recording = dict[str, str]
"""Answers' bodies by the API operation, as the header X-Amz-Target names it."""


class Replay:
    """Stands in for the network from its making on. `answers` may be exchanged at any time."""

    def __init__(self) -> None:
        self.answers: Recording = {}
        self.sent: list[str] = []
        session: Any = botocore.httpsession.URLLib3Session
        session.send = lambda _, request: self._answer(request)

    def _answer(self, request: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        self.sent.append(operation)
        headers: Any = HeadersDict({"Content-Type": "application/x-amz-json-1.0"})
        return AWSResponse(request.url, 200, headers, _Raw(self.answers[operation].encode()))


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body
