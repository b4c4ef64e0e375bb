"""What every endpoint has in common, the API's routes and the console's pages alike: it is declared once, its caller is
authenticated, a repeated request is answered once, and whatever goes wrong becomes a Problem.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import msgspec
from chalice.app import Blueprint, Response

from chalicelib import aws, clock, errors, ids, telemetry
from chalicelib.answers import request_id
from chalicelib.auth import Permit
from chalicelib.dynamo import Key
from chalicelib.identity import reach, sessions
from chalicelib.model import Actor
from chalicelib.receipts import ReceiptRow
from chalicelib.store import Context
from chalicelib.validation import NoBody

BODY_LIMIT = 64 * 1024
# Bytes of a path parameter: more than any id or token has, less than DynamoDB takes in a key.
PARAMETER_LIMIT = 512
# Nothing is named so, and in an address that is made of it a browser would go elsewhere.
_LEADS_ELSEWHERE = re.compile(r"[/\\\x00-\x1f\x7f]|^(\.|%2e){1,2}$", re.IGNORECASE)
Prefetch = Callable[..., Iterable[Key[Any]]]
Variants = tuple[str, Mapping[Any, type]]
ONE_KIND: Variants = ("", {})
NOTHING: Mapping[str, Any] = {}
_ANONYMOUS = Actor("anonymous", "public")


class Asked(NamedTuple):
    """What a request brings, as far as it is read before it is known who asks. `fields`: what it says beside its path;
    `command`: what that becomes, or the problem as which it will be refused."""

    parameters: Mapping[str, str]
    receipt_key: str | None = None
    fields: Mapping[str, Any] = NOTHING
    command: Any = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a room answers, and whom. `prefetch(practice_id, **path_parameters)` names the rows to read together with
    the session; staff's practice is `vendor`."""

    room: str
    method: str
    path: str
    permit: Permit
    handler: Callable[..., Any]
    prefetch: Prefetch | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def holes(self) -> list[str]:
        """The parameters of its path."""
        return re.findall(r"{(\w+)}", self.path)

    def address(self, parameters: Mapping[str, Any]) -> str:
        """Where it is found with these in its path. Raises KeyError where one is missing."""
        return self.path.format_map({name: quote(str(parameters[name]), safe="") for name in self.holes})

    def rows(self, practice_id: str, asked: Asked) -> Iterable[Key[Any]]:
        """The rows to read together with the session."""
        return self.prefetch(practice_id, **asked.parameters) if self.prefetch else ()


class Commanded(Endpoint, frozen=True, kw_only=True):
    """An endpoint that takes a command, in JSON or as a form. `names(practice_id, command, **path_parameters)` names
    more rows to read together with the session, of a command that is not refused. `keeps_receipt`: its answer is kept,
    and given again to the same request under the same key."""

    command: Any
    names: Prefetch | None
    variants: Variants
    keeps_receipt: bool

    @property
    def commands(self) -> tuple[type, ...]:
        """The types that what it brings may become."""
        return tuple(self.variants[1].values()) or ((self.command,) if self.command else ())

    def command_at(self, parameters: Mapping[str, str]) -> Any:
        """The type of what one request brings: the one that a parameter of its path says, where there are several.
        Raises NotFound for a path of no variant."""
        name, kinds = self.variants
        if kinds and parameters[name] not in kinds:
            raise errors.NotFound()
        return kinds[parameters[name]] if kinds else self.command or NoBody

    def rows(self, practice_id: str, asked: Asked) -> Iterable[Key[Any]]:
        """Those of its path, and those that the command names."""
        yield from super().rows(practice_id, asked)
        if self.names and not isinstance(asked.command, errors.Problem):
            yield from self.names(practice_id, asked.command, **asked.parameters)


def annotation(handler: Callable[..., Any], name: str) -> Any:
    """The type of what a handler takes by this name, or gives, as `return`; None where there is no such thing."""
    return handler.__annotations__.get(name)


ENDPOINTS: list[Endpoint] = []
"""All that the gateway leads to."""


def declare(
    blueprint: Blueprint,
    endpoint: Endpoint,
    view: Callable[[dict[str, str]], Response],
    content_types: Iterable[str],
) -> None:
    """Let `view` answer at the endpoint; it takes the path's parameters. Raises ValueError for a permit that asks for a
    privilege on an account which the path does not name."""
    permit = endpoint.permit
    if permit.section and not permit.source and f"{{{permit.account}}}" not in endpoint.path:
        raise ValueError(f"{endpoint.path} names no provider account to have a section of")
    ENDPOINTS.append(endpoint)
    name = f"{endpoint.room}_{endpoint.handler.__name__}"

    def answer(**sent: str) -> Response:
        return view({name: unquote(value) for name, value in sent.items()})

    blueprint.route(endpoint.path, methods=[endpoint.method], name=name, content_types=list(content_types))(answer)


def serve(
    endpoint: Endpoint,
    request: Any,
    answer: Callable[[Context], Response],
    refuse: Callable[[Context, errors.Problem], Response],
) -> Response:
    """What `answer` gives, or `refuse` makes of the problem that it raises; one line in the log."""
    started = time.perf_counter()
    ctx = Context(
        actor=_ANONYMOUS,
        now=clock.now(),
        request_id=request_id(request),
        source_ip=request.context.get("identity", {}).get("sourceIp"),
    )
    try:
        response = answer(ctx)
    except errors.Problem as problem:
        response = refuse(ctx, problem)
    except Exception as error:  # the last resort: whatever it is, the caller is told of a problem
        aws_failed = aws.failed(error)
        what = "aws failed" if aws_failed else "unexpected error"
        telemetry.failure(what, error, request_id=ctx.request_id, route=endpoint.name)
        response = refuse(ctx, errors.Unavailable(retry_after=1) if aws_failed else errors.Problem())
    telemetry.info(
        "request",
        request_id=ctx.request_id,
        route=endpoint.name,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
        practice=ctx.actor.practice_id,
        actor=ctx.actor.name,
    )
    return response


def attempted(make: Callable[[], Any]) -> Any:
    """What `make` gives, or the problem that it raises: to be raised when it is known who asks."""
    try:
        return make()
    except errors.Problem as problem:
        return problem


def as_asked(ctx: Context, problem: errors.Problem) -> errors.Problem:
    """The problem; but who named no version had no condition that failed (RFC 9110, 15.5.13): somebody was faster."""
    if isinstance(problem, errors.Stale) and ctx.if_match is None:
        return errors.Conflict("Somebody else changed this at the same time, and nothing of yours is done. Try again.")
    return problem


def check_size(body: bytes, parameters: Mapping[str, str]) -> None:
    """Raises TooLarge for a body over the limit, NotFound for a parameter that nothing can be named by."""
    if len(body) > BODY_LIMIT:
        raise errors.TooLarge(f"At most {BODY_LIMIT} bytes.")
    if any(len(text.encode()) > PARAMETER_LIMIT or _LEADS_ELSEWHERE.search(text) for text in parameters.values()):
        raise errors.NotFound()


def authenticate(endpoint: Endpoint, ctx: Context, token_text: str, asked: Asked) -> None:
    """Say in `ctx` who acts for which practice, by a session's token. One read of session, username, practice, receipt
    and the endpoint's rows; where a grant leads to another practice, one more. Raises NotSignedIn, Forbidden, NotFound.

    A permit of two accounts takes their ids from the fields. A request that does not name both is left to be refused
    for that: it acts for nobody."""
    permit = endpoint.permit
    token = sessions.Token.parse(token_text, staff=bool(permit.staff))

    def rows_of(practice_id: str) -> Iterable[Key[Any]]:
        if asked.receipt_key:
            yield ReceiptRow.key(practice_id, token.username, endpoint.name, asked.receipt_key)
        yield from endpoint.rows(practice_id, asked)

    accounts = _accounts(permit, asked) if permit.section else []
    reached = [key for provider_id in accounts for key in reach.keys(token, provider_id)]
    wanted = [*rows_of(token.practice_id), *reached]
    if permit.staff:
        ctx.actor = sessions.authenticate_staff(ctx, token, wanted)
    else:
        ctx.actor, ctx.practice = sessions.authenticate(ctx, token, wanted)
    ctx.login, ctx.home = ctx.actor, ctx.practice
    permit.check(ctx.actor)
    if permit.section:
        if len(accounts) == 2:
            _, source = reach.enter(ctx, accounts[1], permit._replace(privilege="view"), lambda _: [])
            ctx.source = source
        ctx.actor, ctx.practice = reach.enter(ctx, accounts[0], permit, rows_of) if accounts else (ctx.actor, None)
    ctx.account = accounts[0] if accounts else asked.parameters.get("provider_id", "")


def _accounts(permit: Permit, asked: Asked) -> list[str]:
    """The accounts on which a permit asks for a privilege: the one that the request acts for, and the one that it takes
    from; none where the fields do not name both."""
    if permit.source:
        named = [asked.fields.get(name) for name in (permit.account, permit.source)]
        texts = [text for text in named if isinstance(text, str) and len(text.encode()) <= PARAMETER_LIMIT]
        return texts if len(texts) == len(named) else []
    named_by = asked.parameters[permit.account]
    return [named_by if permit.account == "provider_id" else ids.account_in(named_by)]
