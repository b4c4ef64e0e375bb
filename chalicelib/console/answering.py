"""What a browser gets: a page, with the headers that guard it, or the way to another one."""

import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalice.app import Response

from chalicelib.console.declared import Done
from chalicelib.console.forms import Refused
from chalicelib.console.rendering import Screen, render
from chalicelib.console.visits import Visit
from chalicelib.serving import Endpoint
from chalicelib.store import Context

_HEADERS: dict[str, str | list[str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000",
    # Not no-referrer: a browser would then send no Origin with a form, either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def html_response(
    status: int,
    template: str,
    ctx: Context,
    visit: Visit,
    shown: Mapping[str, Any],
    endpoint: Endpoint,
    refused: Refused | None = None,
) -> Response:
    """The template as a page, as which the endpoint answers."""
    screen = Screen(ctx, visit, endpoint, refused)
    text = render(template, screen, shown)
    headers = _HEADERS | {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _policy(screen),
    }
    return _with_cookies(Response(text, headers, status), visit)


def _policy(screen: Screen) -> str:
    """Scripts and styles of our own files only; pictures and forms also to where this page says."""
    images, posts = " ".join(sorted(screen.images)), " ".join(sorted(screen.posts))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: {images}; "
        f"connect-src 'self' {posts}; form-action 'self' {posts}; base-uri 'none'; frame-ancestors 'none'"
    )


def _with_cookies(response: Response, visit: Visit) -> Response:
    if visit.set_cookies:
        response.headers["Set-Cookie"] = visit.set_cookies
    return response


def redirect(visit: Visit, to: str, done: Done) -> Response:
    """The way to `to`, which need not be where `done` leads."""
    visit.say(done.said)
    if done.session is not None:
        visit.begin_session(done.session)
    # A script that fetches a part of a page must not put another page there.
    status, header = (200, "HX-Redirect") if visit.by_script else (303, "Location")
    # A username may have letters that no header takes.
    place = quote(visit.base + to, safe=string.punctuation)
    return _with_cookies(Response("", {**_HEADERS, header: place}, status), visit)
