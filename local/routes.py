"""The routes that only the local system has: the mailbox, the ticks, staff's commands, the function that checks images.
Every other path goes on to the gateway."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib import clock, errors, telemetry
from chalicelib.validation import convert, decode_json
from local import mailbox
from local.gateway import Answer, Gateway, Request
from local.schedules import Schedules

_OURS = re.compile(r"(127\.0\.0\.1|localhost)(:\d+)?")
_YEARS = range(2000, 9000)


class Tick(msgspec.Struct, frozen=True):
    """A scheduled handler to run, with its clock at `at`."""

    name: str
    at: str | None = None


class LocalRoutes:
    """Answers `/_local/…` itself."""

    def __init__(self, gateway: Gateway, schedules: Schedules, engine_url: str) -> None:
        self._gateway = gateway
        self._schedules = schedules
        self._engine_url = engine_url
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/_local/mailbox"): self._mailbox,
            ("HEAD", "/_local/mailbox"): self._mailbox,
            ("POST", "/_local/tick"): self._tick,
            ("POST", "/_local/staff"): self._staff,
            ("POST", "/_local/lambda/2015-03-31/functions/check_image/invocations"): self._check_image,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to any request. Raises Problem for one under `/_local` that is refused."""
        if not request.path.startswith("/_local/"):
            return self._gateway.answer(request)
        # Mail holds secrets: a web page whose name was pointed at this machine must not read it, nor tick.
        if not _OURS.fullmatch(request.headers.get("host", "")):
            raise errors.Forbidden("Open this as 127.0.0.1 or localhost.", code="wrong_host")
        try:
            return self._route(request)
        except errors.Problem:
            raise
        except Exception as error:  # the last resort, as in the gateway
            telemetry.failure("a local route failed", error, path=request.path)
            raise errors.Problem("It failed unexpectedly. The end of app.log, beside the data, tells where.") from None

    def _route(self, request: Request) -> Answer:
        for (method, path), route in self._routes.items():
            if (method, path) == (request.method, request.path):
                return route(request)
        if any(path == request.path for _, path in self._routes):
            raise errors.MethodNotAllowed()
        raise errors.NotFound()

    def _mailbox(self, request: Request) -> Answer:
        items = mailbox.letters(self._engine_url)
        if "text/html" in request.headers.get("accept", ""):
            policy = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            return _ok("text/html; charset=utf-8", mailbox.page(items).encode(), policy)
        return _json({"items": items})

    def _tick(self, request: Request) -> Answer:
        tick = convert(Tick, _command(request))
        if tick.name not in self._schedules.names:
            raise errors.NotFound(f"There is no handler {tick.name}. There are: {', '.join(self._schedules.names)}.")
        try:
            at = clock.from_text(tick.at) if tick.at else None
            if at and at.year not in _YEARS:
                raise ValueError(at)
        except (ValueError, OverflowError):
            example = "2026-07-08T17:00:00Z"
            raise errors.Invalid(f"{tick.at} is not an instant with its offset from UTC, such as {example}.") from None
        return _json(self._schedules.run(tick.name, at))

    def _staff(self, request: Request) -> Answer:
        return _json(self._gateway.invoke("staff_command", _command(request)))

    def _check_image(self, request: Request) -> Answer:
        # What Lambda is to the program. A page could not send this header without being asked.
        if not request.headers.get("authorization", "").startswith("AWS4-"):
            raise errors.Forbidden("This takes what AWS's own clients send.")
        return _json(self._gateway.invoke("check_image", decode_json(request.body)))


def _command(request: Request) -> dict[str, Any]:
    # Only a page of this origin can send JSON without being asked first, and no page is.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise errors.UnsupportedMediaType()
    return decode_json(request.body)


def _json(data: Any) -> Answer:
    return _ok("application/json", msgspec.json.encode(data))


def _ok(content_type: str, body: bytes, *more: tuple[str, str]) -> Answer:
    headers = [("Content-Type", content_type), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    return Answer(200, [*headers, *more], body)
