"""Requests with what AWS answered to them on moto, to be played again without moto."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.recorder import recorded
from chalicelib import aws, clock
from chalicelib.dynamo import connection
from tests import moto_direct
from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.licensing.orders import order_body, placed


def scenes(api: Api, cast: Cast) -> dict[str, Any]:
    """By name: the event of API Gateway, the AWS calls and their answers' bodies, the status."""
    admin = cast.site_admin
    placed(api, cast, 1, 0)  # so that the dashboard has something to show
    sign_in = {"username": admin.username, "password": PASSWORD, "totp": admin.code()}
    made = {
        "GET /licenses": _scene(api, "GET", "/licenses", None, admin.token),
        "POST /license-orders": _scene(api, "POST", "/license-orders", order_body(), admin.token),
        "POST /sessions": _scene(api, "POST", "/sessions", sign_in, None),
    }
    return {"now": clock.now().isoformat(), "scenes": made}


def _scene(api: Api, method: str, path: str, body: Any, token: str | None) -> dict[str, Any]:
    with moto_direct.as_it_is(), _answers() as answers, recorded() as calls:
        answer = api.request(method, path, body, token=token)
    return {
        "event": _event(method, path, body, token),
        "status": answer.status_code,
        "calls": [call.name.partition(":")[2] for call in calls],
        "answers": answers,
    }


@contextmanager
def _answers() -> Iterator[dict[str, str]]:
    kept: dict[str, str] = {}

    def keep(response_dict: dict[str, Any], context: Any, **named: Any) -> None:
        operation = named["event_name"].rpartition(".")[2]
        kept[operation] = response_dict["body"].decode()

    watched: list[Any] = [connection().client.meta.events, aws.client("kms").meta.events]
    for events in watched:
        events.register("response-received", keep)
    try:
        yield kept
    finally:
        for events in watched:
            events.unregister("response-received", keep)


def _event(method: str, path: str, body: Any, token: str | None) -> dict[str, Any]:
    """The event of a REST API, with all that the ways of handling it look into."""
    headers = {"Content-Type": "application/json", "Host": "api.example"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": json.dumps(body) if body is not None else None,
        "isBase64Encoded": False,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "benchmark",
            "domainName": "api.example",
            "httpMethod": method,
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "benchmark"},
            "path": f"/api{path}",
            "protocol": "HTTP/1.1",
            "requestId": "1f0c2a4e-7c55-4d2c-9a59-0c1d2e3f4a5b",
            "requestTimeEpoch": 1_783_008_000_000,
            "resourcePath": path,
            "stage": "api",
        },
    }
