"""Answers over HTTP: JSON, a page, a problem; each with the headers that all of them carry."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from chalice.app import Chalice, Response

from chalicelib import clock, errors, ids

_HEADERS: dict[str, str | list[str]] = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000",
    "Referrer-Policy": "no-referrer",
    # Nothing of an answer that is data is ever drawn; a page has a policy of its own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Html(NamedTuple):
    """An answer that is not JSON: a document for people."""

    text: str


class Csv(NamedTuple):
    """An answer that is a file to save: comma-separated values, under a file name of ours."""

    text: str
    name: str

    @property
    def fits(self) -> bool:
        """Whether one answer takes it; otherwise it is given out by S3."""
        return len(json.dumps(self.text)) <= MOST_ANSWERED


class Elsewhere(NamedTuple):
    """A file that is too large to be answered: a link to it, which works for a short time."""

    link: str


MOST_ANSWERED = 5_000_000
"""Bytes of a text in an answer. Lambda takes 6 MiB of JSON, in which some letters are six bytes."""
MEDIA_TYPES: dict[Any, str] = {Html: "text/html", Csv: "text/csv"}


def document_response(status: int, document: Html | Csv | Elsewhere) -> Response:
    """A page or a file, or where that is."""
    if isinstance(document, Elsewhere):
        return Response("", _HEADERS | {"Location": document.link}, 303)
    headers = _HEADERS | {"Content-Type": f"{MEDIA_TYPES[type(document)]}; charset=utf-8"}
    if isinstance(document, Html):
        headers["Content-Security-Policy"] = _policy(document.text)
    if isinstance(document, Csv):
        headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    return Response(document.text, headers, status)


def _policy(page: str) -> str:
    """The page's own inline scripts and styles and no others; requests to where it came from; no frame around it."""
    allowed = {tag: " ".join(_hashes(tag, page)) or "'none'" for tag in ("script", "style")}
    return (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hashes(tag: str, page: str) -> list[str]:
    blocks = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return [f"'sha256-{b64encode(hashlib.sha256(block.encode()).digest()).decode()}'" for block in blocks]


def json_response(status: int, body: str, location: str, etag: str) -> Response:
    """JSON that is text already; `location` and `etag` may be empty."""
    headers = _HEADERS | {"Content-Type": "application/json"}
    headers |= {name: value for name, value in (("Location", location), ("ETag", etag)) if value}
    return Response(body, headers, status)


def problem_response(problem: errors.Problem, request_id: str) -> Response:
    """The problem+json answer."""
    headers = _HEADERS | {"Content-Type": "application/problem+json"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(problem.document(request_id)).decode(), headers, problem.status)


def request_id(request: Any) -> str:
    """The gateway's id of the request; without a gateway a new one."""
    return request.context.get("requestId") or ids.new("req", clock.now())


_CHALICE_ERRORS: dict[int, type[errors.Problem]] = {
    problem.status: problem for problem in (errors.MethodNotAllowed, errors.UnsupportedMediaType, errors.Malformed)
}


def install(app: Chalice) -> None:
    """Rewrite the errors that Chalice itself answers (wrong method, wrong content type) to problem+json."""

    @app.middleware("http")
    def problems(event: Any, get_response: Callable[[Any], Response]) -> Response:
        response = get_response(event)
        if isinstance(response.body, dict) and "Code" in response.body:
            problem = _CHALICE_ERRORS.get(response.status_code, errors.Problem)()
            rewritten = problem_response(problem, request_id(event))
            if "Allow" in response.headers:
                rewritten.headers["Allow"] = response.headers["Allow"]
            return rewritten
        return response
