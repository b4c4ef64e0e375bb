"""Holds answers to the API's description: status, problem code, headers, and every field of a body."""

import copy
from functools import cache
from typing import Any

from chalice.test import HTTPResponse
from jsonschema import Draft202012Validator

from deploy import openapi

# What any request may meet whatever its route: a body where none is taken, and trouble on our side.
_ANYWHERE = {400, 413, 415, 422, 500, 503}


@cache
def document() -> dict[str, Any]:
    """The description, with answers closed to fields that it does not name (customers' copies leave them open)."""
    closed = copy.deepcopy(openapi.document())
    for name, schema in closed["components"]["schemas"].items():
        if "properties" in schema and name != "Problem":
            schema["additionalProperties"] = False
    return closed


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation that serves a request, or None."""
    parts = path.partition("?")[0].split("/")
    for template, methods in sorted(document()["paths"].items()):
        pattern = template.split("/")
        if len(pattern) == len(parts) and all(w[:1] == "{" or w == p for w, p in zip(pattern, parts, strict=True)):
            found: dict[str, Any] | None = methods.get(method.lower())
            return found
    return None


def check(method: str, path: str, answer: HTTPResponse) -> None:
    """Assert that the answer is one that the description allows."""
    described = operation(method, path)
    if described is None:
        return
    status = str(answer.status_code)
    assert status in described["responses"] or answer.status_code in _ANYWHERE, f"{method} {path}: {status} undeclared"
    response = _followed(described["responses"].get(status) or described["responses"]["default"])
    for header in response.get("headers", {}):
        assert header in answer.headers or header == "Retry-After", f"{method} {path}: no {header}"
    assert str(answer.headers.get("Location", "")).isascii()
    if "content" not in response:
        assert answer.body == b"", f"{method} {path}: {status} with a body"
        return
    ((media_type, content),) = response["content"].items()
    assert str(answer.headers["Content-Type"]).partition(";")[0] == media_type
    if media_type == "application/json" or media_type.endswith("+json"):
        _validator(f"{described['operationId']} {status}", content["schema"]).validate(answer.json_body)


def _followed(response: dict[str, Any]) -> dict[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["responses"][name] if name else response
    return found


_validators: dict[str, Draft202012Validator] = {}


def _validator(name: str, schema: dict[str, Any]) -> Draft202012Validator:
    if name not in _validators:
        _validators[name] = Draft202012Validator({**schema, "components": document()["components"]})
    return _validators[name]
