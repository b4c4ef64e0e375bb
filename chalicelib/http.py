"""One declaration per route: method, path, who may, request and answer types; the rest is done here.

The decorator parses, authenticates, authorizes, repeats a stored answer, calls the handler, renders and maps
every error to problem+json, so that nothing but Chalice's own 404s and 405s ever reaches its error handling.
What it shares with the console's pages stands in `serving` and `repeats`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args
from urllib.parse import quote

import msgspec
from chalice.app import Blueprint, Response

from chalicelib import errors
from chalicelib.answers import Csv, Html, document_response, json_response, problem_response
from chalicelib.auth import Permit
from chalicelib.repeats import Kept, check_key, once
from chalicelib.serving import (
    NOTHING,
    ONE_KIND,
    Asked,
    Commanded,
    Prefetch,
    Variants,
    annotation,
    as_asked,
    attempted,
    authenticate,
    check_size,
    declare,
    serve,
)
from chalicelib.store import Context
from chalicelib.validation import convert, decode_json

Handler = TypeVar("Handler", bound=Callable[..., Any])
_NONE: Mapping[int, Any] = {}


class Route(Commanded, frozen=True, kw_only=True):
    """What a route declares. `location` is the path of what a 201 made, with parameters of its own path or fields
    of the answer in braces;
    `also` are the successes of another status: each has an answer type of its own;
    `refusals` are the codes of its own problems by status, beside those that its permit, path and body bring."""

    status: int
    location: str
    versioned: bool
    refusals: Mapping[int, str]
    query: type | None
    answer: Any
    also: Mapping[int, Any]

    def status_of(self, answer: Any) -> int:
        """The status of an answer."""
        return next((status for status, kind in self.also.items() if type(answer) is kind), self.status)

    @property
    def edits(self) -> bool:
        """Whether it takes `If-Match`: it changes what there is. A PATCH must have it: what it leaves out is what its
        caller has seen."""
        return self.versioned and self.method != "GET" and self.status != 201


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
    names: Prefetch | None = None,
    also: Mapping[int, Any] = _NONE,
    refusals: Mapping[int, str] = _NONE,
    variants: Variants = ONE_KIND,
) -> Callable[[Handler], Handler]:
    """Declare a route.

    The handler takes the Context, the path's parameters by name, and `command` (the JSON body) or `query` where
    it has them; their annotations are the request types, its return annotation the answer type (None: 204).
    `prefetch(practice_id, **path_parameters)` names rows to read together with the session, in the same call; where a
    grant leads to another practice, they are that practice's and read in a second call. Staff's practice is `vendor`.
    `names(practice_id, command, **path_parameters)` names more of them, 45 at most, as nobody knows yet who asks.
    `also` {202: Scheduled}: a type which the handler may answer beside the first that it is annotated with.
    `refusals` {409: "some_code other_code"}: for the API's description, which the tests hold the answers to.
    `variants` ("file", {"billing": NewBillingCode}): what a parameter of the path makes of the body's type, where the
    annotation of `command` is a union.
    `keeps_receipt` False: the answer carries a secret and is never stored, or nothing changes but what its mailed link
    or its throttle lets happen once; so `Idempotency-Key` is ignored.
    `versioned`: the answer has a `version`, which is its `ETag`, and editing it takes `If-Match`; the use case asks
    `Context.require_version`.
    """

    def declaring(handler: Handler) -> Handler:
        answer = annotation(handler, "return")
        declared = Route(
            room=handler.__module__.split(".")[-2],
            method=method,
            path=path,
            permit=permit,
            handler=handler,
            status=204 if answer is None else status,
            location=location,
            keeps_receipt=keeps_receipt and method == "POST",
            versioned=versioned,
            prefetch=prefetch,
            refusals=refusals,
            command=annotation(handler, "command"),
            names=names,
            variants=variants,
            query=annotation(handler, "query"),
            answer=get_args(answer)[0] if also else answer,
            also=also,
        )
        ROUTES.append(declared)

        def view(parameters: dict[str, str]) -> Response:
            return _serve(declared, blueprint.current_request, parameters)

        declare(blueprint, declared, view, ["application/json"])
        return handler

    return declaring


def _serve(declared: Route, request: Any, parameters: dict[str, str]) -> Response:
    return serve(
        declared,
        request,
        lambda ctx: _answer(declared, ctx, request, parameters),
        lambda ctx, problem: problem_response(as_asked(ctx, problem), ctx.request_id),
    )


def _answer(declared: Route, ctx: Context, request: Any, parameters: dict[str, str]) -> Response:
    body = request.raw_body
    check_size(body, parameters)
    receipt_key = _receipt_key(declared, request.headers)
    ctx.if_match = _if_match(declared, request.headers)
    data = attempted(lambda: decode_json(body) if body else {})
    readable = isinstance(data, dict)
    command = attempted(lambda: convert(declared.command_at(parameters), data)) if readable else data
    if declared.permit.signed_in:
        asked = Asked(parameters, receipt_key, data if readable else NOTHING, command)
        authenticate(declared, ctx, _bearer(declared, request.headers), asked)
    if isinstance(command, errors.Problem):
        raise command
    arguments: dict[str, Any] = dict(parameters)
    if declared.command:
        arguments["command"] = command
    if declared.query:
        arguments["query"] = convert(declared.query, dict(request.query_params or {}), strict=False)
    if declared.edits and declared.method == "PATCH" and ctx.if_match is None:
        raise errors.VersionRequired("Send If-Match with the ETag of what you read.")
    if declared.answer in (Html, Csv):
        document = declared.handler(ctx, **arguments)
        return document_response(declared.status_of(document), document)

    def keep(answer: Any) -> Kept:
        return Kept(declared.status_of(answer), _render(declared, answer), _location(declared, answer, parameters))

    def work() -> Any:
        return declared.handler(ctx, **arguments)

    kept = once(ctx, declared.name, receipt_key, parameters, command, keep, work) if receipt_key else keep(work())
    return json_response(kept.status, kept.body, kept.location, _etag(declared, kept.body))


def _bearer(declared: Route, headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        where = "/staff/sessions" if declared.permit.staff else "/sessions"
        raise errors.NotSignedIn(f"Send Authorization: Bearer and the token of POST {where}.")
    return token.strip()


def _receipt_key(declared: Route, headers: Mapping[str, str]) -> str | None:
    key = headers.get("idempotency-key")
    return check_key(key) if key is not None and declared.keeps_receipt else None


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


def _render(declared: Route, answer: Any) -> str:
    return "" if declared.status == 204 else msgspec.json.encode(answer).decode()


def _etag(declared: Route, body: str) -> str:
    return f'"{msgspec.json.decode(body)["version"]}"' if declared.versioned and body else ""


def _location(declared: Route, answer: Any, parameters: Mapping[str, str]) -> str:
    if not declared.location:
        return ""
    fields: dict[str, Any] = {**parameters, **msgspec.to_builtins(answer)}
    return declared.location.format_map({name: quote(str(value), safe="@") for name, value in fields.items()})
