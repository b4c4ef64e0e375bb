"""A client of the API that runs each request as its own Lambda would: with that function's policy enforced.

Every answer of every test is held to the API's description.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from typing import Any

import botocore.client
from chalice.local import LambdaEventConverter, LocalChalice
from chalice.test import Client, HTTPResponse

import app as application
from chalicelib import http
from deploy.functions import FUNCTIONS
from tests import clouds, described
from tests.calls import resources_of

_function: ContextVar[str | None] = ContextVar("function", default=None)
_recorded: ContextVar[list[str] | None] = ContextVar("recorded", default=None)
_source_ip: ContextVar[str] = ContextVar("source_ip", default="127.0.0.1")
_stage: ContextVar[str] = ContextVar("stage", default="")
USED: set[tuple[str, str, str]] = set()
"""(function, resource, action) of every call that any function made in this run."""

_to_aws = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]


def _call(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
    if operation == "Invoke" and _function.get() is not None:
        return _invoked(arguments)
    return _to_aws(self, operation, arguments)


def _invoked(arguments: dict[str, Any]) -> dict[str, Any]:
    """What Lambda does when one function invokes another: it runs on its own, and what it raises stays with it."""
    function = arguments["FunctionName"]
    try:
        with running_as(function):
            answer = getattr(application, function)(json.loads(arguments["Payload"]), LambdaContext())
    except Exception as error:
        body = json.dumps({"errorType": type(error).__name__}).encode()
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(body)}
    return {"StatusCode": 200, "Payload": BytesIO(json.dumps(answer).encode())}


def _guarded(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
    clouds.note(self.meta.service_model.service_name, operation, arguments)
    function = _function.get()
    if function is not None:
        for resource, action in resources_of(self.meta.service_model.service_name, operation, arguments):
            assert action in FUNCTIONS[function].access.get(resource, ()), f"{function} may not {action} on {resource}"
            USED.add((function, resource, action))
        if (calls := _recorded.get()) is not None:
            calls.append(f"{self.meta.service_model.service_name}:{operation}")
    return _call(self, operation, arguments)


botocore.client.BaseClient._make_api_call = _guarded  # type: ignore[attr-defined]


_event = LambdaEventConverter.create_lambda_event


def _from_source_ip(self: LambdaEventConverter, *arguments: Any, **named: Any) -> Any:
    event = _event(self, *arguments, **named)
    event["requestContext"]["identity"]["sourceIp"] = _source_ip.get()
    event["requestContext"]["path"] = _stage.get() + event["requestContext"]["path"]
    return event


LambdaEventConverter.create_lambda_event = _from_source_ip  # type: ignore[method-assign]


@contextmanager
def calls_recorded() -> Iterator[list[str]]:
    """Every AWS call that a function makes inside the block, as "service:Operation"."""
    calls: list[str] = []
    token = _recorded.set(calls)
    try:
        yield calls
    finally:
        _recorded.reset(token)


@contextmanager
def from_address(source_ip: str) -> Iterator[None]:
    """Inside the block every request comes from that IP address."""
    token = _source_ip.set(source_ip)
    try:
        yield
    finally:
        _source_ip.reset(token)


@contextmanager
def under_stage(path: str) -> Iterator[None]:
    """Inside the block requests come as to the gateway's own address, where the stage stands before every path."""
    token = _stage.set(path)
    try:
        yield
    finally:
        _stage.reset(token)


@contextmanager
def running_as(function: str) -> Iterator[None]:
    """Inside the block every AWS call needs the function's permission."""
    token = _function.set(function)
    try:
        yield
    finally:
        _function.reset(token)


def if_match(version: int | None) -> dict[str, str]:
    """The header of a request that is made for a version; for none, no header."""
    return {} if version is None else {"If-Match": f'"{version}"'}


class LambdaContext:
    """As much of Lambda's context as the handlers use."""

    aws_request_id = "request-of-a-test"

    def __init__(self, milliseconds_left: int = 60_000) -> None:
        self.milliseconds_left = milliseconds_left

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left


class Api:
    """HTTP requests and scheduled events against `app.py`."""

    def __init__(self) -> None:
        # Keeps the current request for each thread of its own, as `chalice local` does.
        application.app.__class__ = LocalChalice
        self._client = Client(application.app)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> HTTPResponse:
        """One request; `raw` instead of a JSON `body` sends bytes as they are."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        with running_as(self._function_of(method, path)):
            answer = self._client.http.request(method, path, headers=sent, body=data)
        described.check(method, path, answer)
        return answer

    def raw(self, method: str, path: str, headers: dict[str, str], body: bytes) -> HTTPResponse:
        """One request as it is, by whichever function runs now."""
        answer: HTTPResponse = self._client.http.request(method, path, headers=headers, body=body)
        return answer

    def get(self, path: str, token: str | None = None) -> HTTPResponse:
        return self.request("GET", path, token=token)

    def post(self, path: str, body: Any = None, token: str | None = None, key: str | None = None) -> HTTPResponse:
        return self.request("POST", path, body, token=token, key=key)

    def put(self, path: str, body: Any, token: str | None = None, version: int | None = None) -> HTTPResponse:
        return self.request("PUT", path, body, token=token, headers=if_match(version))

    def patch(self, path: str, body: Any, token: str | None = None, version: int | None = None) -> HTTPResponse:
        return self.request("PATCH", path, body, token=token, headers=if_match(version))

    def delete(self, path: str, token: str | None = None) -> HTTPResponse:
        return self.request("DELETE", path, token=token)

    def tick(self, handler: str, milliseconds_left: int = 60_000) -> dict[str, Any]:
        """Fire a scheduled handler, as EventBridge would."""
        event = self._client.events.generate_cw_event("aws.events", "Scheduled Event", {}, ["rule"], "us-east-1")
        with running_as(handler):
            result: dict[str, Any] = application.app.handler_map[handler](event, LambdaContext(milliseconds_left))
            return result

    def told(self, message: Any, message_id: str = "message-1", topic: str = "FEEDBACK_TOPIC") -> dict[str, Any]:
        """Invoke `ses_feedback`, as SNS would with what SES tells."""
        sns = {"MessageId": message_id, "TopicArn": os.environ[topic], "Message": json.dumps(message)}
        with running_as("ses_feedback"):
            result: dict[str, Any] = application.ses_feedback({"Records": [{"Sns": sns}]}, LambdaContext())
            return result

    def staff(self, command: str, **facts: Any) -> dict[str, Any]:
        """Invoke the staff command, as somebody of staff would."""
        payload = {"command": command, "staff": "jo", **facts}
        with running_as("staff_command"):
            result: dict[str, Any] = application.staff_command(payload, LambdaContext())
            return result

    @staticmethod
    def _function_of(method: str, path: str) -> str:
        parts = path.partition("?")[0].split("/")
        for route in http.ROUTES:
            pattern = route.path.split("/")
            if len(pattern) == len(parts) and all(
                p in (w, "") or w.startswith("{") for p, w in zip(parts, pattern, strict=True)
            ):
                return f"{route.room}_api" if route.room != "system" else "api_handler"
        return "api_handler"
