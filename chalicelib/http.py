"""One declaration per route: method, path, who may, request and answer types; the rest is done here.

The decorator authenticates, authorizes, repeats a stored answer, parses, calls the handler, renders and maps
every error to problem+json, so that nothing but Chalice's own 404s and 405s ever reaches its error handling.
"""

import inspect
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar, get_args
from urllib.parse import quote, unquote

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import Blueprint, Response
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock, errors, telemetry
from chalicelib.answers import Csv, Html, document_response, json_response, problem_response, request_id
from chalicelib.auth import Permit
from chalicelib.dynamo import Key
from chalicelib.identity import reach, sessions
from chalicelib.model import Actor
from chalicelib.receipts import ReceiptRow, expiry, fingerprint
from chalicelib.store import Context
from chalicelib.validation import NoBody, convert, decode_json

BODY_LIMIT = 64 * 1024
# Bytes of a path parameter: more than any id or token has, less than DynamoDB takes in a key.
PARAMETER_LIMIT = 512
Handler = TypeVar("Handler", bound=Callable[..., Any])
Prefetch = Callable[..., Iterable[Key[Any]]]
_ANONYMOUS = Actor("anonymous", "public")
_NONE: Mapping[int, Any] = {}


class Route(NamedTuple):
    """What a route declares. `location` is the path of what a 201 made, with fields of the answer in braces;
    `also` are the successes of another status: each has an answer type of its own;
    `refusals` are the codes of its own problems by status, beside those that its permit, path and body bring."""

    room: str
    method: str
    path: str
    permit: Permit
    handler: Callable[..., Any]
    status: int
    location: str
    keeps_receipt: bool
    versioned: bool
    prefetch: Prefetch | None
    refusals: Mapping[int, str]
    command: type | None
    query: type | None
    answer: Any
    also: Mapping[int, Any]

    def status_of(self, answer: Any) -> int:
        """The status of an answer."""
        return next((status for status, kind in self.also.items() if type(answer) is kind), self.status)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def edits(self) -> bool:
        """Whether it takes `If-Match`. A PATCH must have it: what it leaves out is what its caller has seen."""
        return self.versioned and self.method in ("PATCH", "PUT")


ROUTES: list[Route] = []


def route(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    permit: Permit,
    status: int = 200,
    location: str = "",
    keeps_receipt: bool = True,
    versioned: bool = False,
    prefetch: Prefetch | None = None,
    also: Mapping[int, Any] = _NONE,
    refusals: Mapping[int, str] = _NONE,
) -> Callable[[Handler], Handler]:
    """Declare a route.

    The handler takes the Context, the path's parameters by name, and `command` (the JSON body) or `query` where
    it has them; their annotations are the request types, its return annotation the answer type (None: 204).
    `prefetch(practice_id, **path_parameters)` names rows to read together with the session, in the same call; where a
    grant leads to another practice, they are that practice's and read in a second call.
    `also` {202: Scheduled}: a type which the handler may answer beside the first that it is annotated with.
    `refusals` {409: "some_code other_code"}: for the API's description, which the tests hold the answers to.
    `keeps_receipt` False: the answer carries a secret and is never stored, so `Idempotency-Key` is ignored.
    `versioned`: the answer has a `version`, which is its `ETag`, and editing it takes `If-Match`; the use case asks
    `Context.require_version`.
    """

    def declare(handler: Handler) -> Handler:
        signature = inspect.signature(handler)
        if permit.section and "{provider_id}" not in path:
            raise ValueError(f"{path} names no provider account to have a section of")
        declared = Route(
            room=handler.__module__.split(".")[-2],
            method=method,
            path=path,
            permit=permit,
            handler=handler,
            status=204 if signature.return_annotation is None else status,
            location=location,
            keeps_receipt=keeps_receipt and method == "POST",
            versioned=versioned,
            prefetch=prefetch,
            refusals=refusals,
            command=_annotation(signature, "command"),
            query=_annotation(signature, "query"),
            answer=get_args(signature.return_annotation)[0] if also else signature.return_annotation,
            also=also,
        )
        ROUTES.append(declared)

        def view(**parameters: str) -> Response:
            return _serve(declared, blueprint.current_request, {k: unquote(v) for k, v in parameters.items()})

        name = f"{declared.room}_{handler.__name__}"
        blueprint.route(path, methods=[method], name=name, content_types=["application/json"])(view)
        return handler

    return declare


def _annotation(signature: inspect.Signature, name: str) -> type | None:
    return signature.parameters[name].annotation if name in signature.parameters else None


def _serve(declared: Route, request: Any, parameters: dict[str, str]) -> Response:
    started = time.perf_counter()
    ctx = Context(
        actor=_ANONYMOUS,
        now=clock.now(),
        request_id=request_id(request),
        source_ip=request.context.get("identity", {}).get("sourceIp"),
    )
    try:
        response = _answer(declared, ctx, request, parameters)
    except errors.Problem as problem:
        response = problem_response(problem, ctx.request_id)
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        telemetry.failure("aws failed", error, request_id=ctx.request_id, route=declared.name)
        response = problem_response(errors.Unavailable(retry_after=1), ctx.request_id)
    except Exception as error:  # the last resort: whatever it is, the caller gets a problem document
        telemetry.failure("unexpected error", error, request_id=ctx.request_id, route=declared.name)
        response = problem_response(errors.Problem(), ctx.request_id)
    telemetry.info(
        "request",
        request_id=ctx.request_id,
        route=declared.name,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
        practice=ctx.actor.practice_id,
        actor=ctx.actor.name,
    )
    return response


def _answer(declared: Route, ctx: Context, request: Any, parameters: dict[str, str]) -> Response:
    body = request.raw_body
    if len(body) > BODY_LIMIT:
        raise errors.TooLarge(f"At most {BODY_LIMIT} bytes.")
    if any(len(text.encode()) > PARAMETER_LIMIT for text in parameters.values()):
        raise errors.NotFound()
    receipt_key = _receipt_key(declared, request.headers)
    ctx.if_match = _if_match(declared, request.headers)
    if declared.permit.signed_in:
        _authenticate(declared, ctx, request.headers, receipt_key, parameters)
    command: Any = convert(declared.command or NoBody, decode_json(body) if body else {})
    arguments: dict[str, Any] = dict(parameters)
    if declared.command:
        arguments["command"] = command
    if declared.query:
        arguments["query"] = convert(declared.query, dict(request.query_params or {}), strict=False)
    if declared.edits and declared.method == "PATCH" and ctx.if_match is None:
        raise errors.VersionRequired("Send If-Match with the ETag of what you read.")
    if receipt_key:
        row_key = ReceiptRow.key(ctx.actor.practice_id, ctx.actor.name, declared.name, receipt_key)
        mark = fingerprint(msgspec.json.encode([declared.name, parameters, command], order="sorted"))
        if stored := _stored_answer(declared, ctx, row_key, mark):
            return stored
        ctx.receipt = lambda answer: _receipt(declared, row_key, mark, ctx, answer)
    try:
        answer = declared.handler(ctx, **arguments)
    except errors.Problem:
        # A twin with the same key may have won meanwhile: then its answer is ours too.
        late = Context(ctx.actor, ctx.now, ctx.request_id)
        if receipt_key and (stored := _stored_answer(declared, late, row_key, mark)):
            return stored
        raise
    if isinstance(answer, Html | Csv):
        return document_response(declared.status, answer)
    body = _render(declared, answer)
    return json_response(declared.status_of(answer), body, _location(declared, answer), _etag(declared, body))


def _authenticate(
    declared: Route, ctx: Context, headers: Mapping[str, str], receipt_key: str | None, parameters: dict[str, str]
) -> None:
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise errors.NotSignedIn("Send Authorization: Bearer and the token of POST /sessions.")
    token = sessions.Token.parse(text.strip())

    def rows_of(practice_id: str) -> Iterable[Key[Any]]:
        if receipt_key:
            yield ReceiptRow.key(practice_id, token.username, declared.name, receipt_key)
        if declared.prefetch:
            yield from declared.prefetch(practice_id, **parameters)

    permit, provider_id = declared.permit, parameters.get("provider_id", "")
    asked = reach.keys(token, provider_id) if permit.section else []
    ctx.actor, ctx.practice = sessions.authenticate(ctx, token, [*rows_of(token.practice_id), *asked])
    permit.check(ctx.actor)
    if permit.section:
        ctx.actor, ctx.practice = reach.enter(ctx, provider_id, permit, rows_of)


def _receipt_key(declared: Route, headers: Mapping[str, str]) -> str | None:
    key = headers.get("idempotency-key")
    if key is None or not declared.keeps_receipt:
        return None
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise errors.Malformed("Idempotency-Key takes 1 to 200 printable ASCII characters.", code="bad_idempotency_key")
    return key


def _if_match(declared: Route, headers: Mapping[str, str]) -> frozenset[str] | None:
    """The versions that the request is made for, `*` for any (RFC 9110, 13.1.1); None where it names none."""
    text = headers.get("if-match")
    if text is None or not declared.edits:
        return None
    tags = [tag.strip() for tag in text.split(",")]
    if not all(re.fullmatch(r'\*|(W/)?"[\x21\x23-\x7e]{1,100}"', tag) for tag in tags):
        raise errors.Malformed(
            'If-Match takes the ETag as it was answered, such as "3", quotes included.', code="bad_if_match"
        )
    return frozenset(tag.strip('"') for tag in tags)


def _stored_answer(declared: Route, ctx: Context, key: Key[ReceiptRow], mark: str) -> Response | None:
    stored = ctx.find(key)
    if stored is None or stored.expires_at < ctx.now.timestamp():
        return None
    if stored.fingerprint != mark:
        raise errors.Invalid("This Idempotency-Key was used with another request.", code="idempotency_key_reused")
    return json_response(int(stored.status), stored.body, stored.location or "", _etag(declared, stored.body))


def _receipt(declared: Route, key: Key[ReceiptRow], mark: str, ctx: Context, answer: Any) -> ReceiptRow:
    return key.row(
        fingerprint=mark,
        status=declared.status_of(answer),
        body=_render(declared, answer),
        location=_location(declared, answer) or None,
        expires_at=expiry(ctx.now),
    )


def _render(declared: Route, answer: Any) -> str:
    return "" if declared.status == 204 else msgspec.json.encode(answer).decode()


def _etag(declared: Route, body: str) -> str:
    return f'"{msgspec.json.decode(body)["version"]}"' if declared.versioned else ""


def _location(declared: Route, answer: Any) -> str:
    if not declared.location:
        return ""
    fields: dict[str, Any] = msgspec.to_builtins(answer)
    return declared.location.format_map({name: quote(str(value), safe="@") for name, value in fields.items()})
