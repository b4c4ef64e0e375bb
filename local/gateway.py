"""API Gateway's part: an HTTP request becomes a Lambda event, and Chalice's answer an HTTP answer.

`chalice.local` matches routes and builds the event. What it leaves out, or does unlike the real gateway, is done
around it: request ids, unknown paths, HEAD and OPTIONS, and `;` in a path, which it would cut off.
"""

import base64
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from chalice.app import Chalice
from chalice.local import LambdaContext, LambdaEventConverter, LocalChalice, MatchResult, RouteMatcher

from chalicelib import errors, telemetry
from chalicelib.answers import problem_response

_LAMBDA_MILLISECONDS = 29_000


class Request(NamedTuple):
    """An HTTP request. `target`: path and query as they were sent; `headers`: by lower-case name."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


class Answer(NamedTuple):
    """An HTTP answer. A header that occurs twice stands twice."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Matcher(RouteMatcher):
    """Knows a path that takes the rest, which stands for all that no other one takes."""

    def match_route(self, url: str) -> MatchResult:
        try:
            return super().match_route(url)
        except ValueError:
            begins = [route.partition("{")[0] for route in self.route_urls if route.endswith("+}")]
            for each in filter(url.startswith, begins):
                return super().match_route(f"{each}rest?{url.partition('?')[2]}")
            raise


class Gateway:
    """The API of one Chalice app, as many threads at a time as one likes."""

    def __init__(self, app: Chalice) -> None:
        # Keeps the current request for each thread of its own, as `chalice local` does.
        app.__class__ = LocalChalice
        self._app = app
        self._events = LambdaEventConverter(_Matcher(list(app.routes)), app.api.binary_types)

    def answer(self, request: Request) -> Answer:
        """The answer to a request; whatever goes wrong is a problem document."""
        request_id = str(uuid.uuid4())
        try:
            return self._answer(request, request_id)
        except errors.Problem as problem:
            return problem_answer(problem, request_id)
        except Exception as error:  # the last resort, as in the route decorator
            telemetry.failure("the local gateway failed", error, request_id=request_id)
            return problem_answer(errors.Problem(), request_id)

    def invoke(self, name: str, payload: dict[str, Any]) -> Any:
        """What a function without a route answers. Raises what it raises."""
        return self._app.handler_map[name](payload, LambdaContext(name, 256, _LAMBDA_MILLISECONDS))

    def _answer(self, request: Request, request_id: str) -> Answer:
        try:
            event: dict[str, Any] = self._events.create_lambda_event(
                request.method, request.target.replace(";", "%3B"), dict(request.headers), request.body or None
            )
        except ValueError:
            raise errors.NotFound("There is no such path. GET /openapi.json lists all.") from None
        context = event["requestContext"]
        methods = self._app.routes[context["resourcePath"]]
        if request.method == "OPTIONS" and "OPTIONS" not in methods:
            allowed = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
            return Answer(204, [("Allow", ", ".join(allowed))], b"")
        if request.method == "HEAD" and "HEAD" not in methods:
            context["httpMethod"] = "GET"
        context["requestId"] = request_id
        return _from_lambda(self._app(event, LambdaContext("local", 512, _LAMBDA_MILLISECONDS)), request_id)


def problem_answer(problem: errors.Problem, request_id: str | None = None) -> Answer:
    """The answer that tells of a problem."""
    request_id = request_id or str(uuid.uuid4())
    return _from_lambda(problem_response(problem, request_id).to_dict(), request_id)


def _from_lambda(result: dict[str, Any], request_id: str) -> Answer:
    body = result.get("body") or ""
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = [*result["headers"].items(), ("x-amzn-RequestId", request_id)]
    headers += [(name, value) for name, values in result["multiValueHeaders"].items() for value in values]
    return Answer(result["statusCode"], headers, content)
