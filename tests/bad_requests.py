"""Requests that are bad on any route: bodies, headers and tokens. `test_bad_input.py` sends them.

`$name` in a request, a header or a field stands for a fact of the world, such as `$their_order`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.answers import Html
from chalicelib.http import ROUTES


class Bad(NamedTuple):
    """One bad request: as the site admin unless `who` says otherwise; `raw` is a body sent as it stands."""

    name: str
    request: str
    status: int
    code: str
    fields: str = ""
    body: Any = None
    raw: bytes | None = None
    who: str = "site_admin"
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def id(self) -> str:
        """The name of the case."""
        return f"{self.request.partition('?')[0][:60]}: {self.name}".encode("ascii", "replace").decode()


MALFORMED = {
    "broken JSON": b'{"a": ',
    "no object": b'[{"a": 1}]',
    "a bare text": b'"ada"',
    "null": b"null",
    "blanks": b"  ",
    "two documents": b"{} {}",
    "nested 10,000 deep": b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "nested 990 deep": b'{"a":' * 990 + b"1e999" + b"}" * 990,
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "raw NUL": b'{"a": "\x00"}',
    "NaN": b'{"physician": NaN}',
    "Infinity": b'{"physician": -Infinity}',
    "too large a float": b'{"physician": 1e999}',
    "an int of 5,000 digits": b'{"physician": ' + b"9" * 5_000 + b"}",
    "lone surrogate": b'{"username": "\\ud83d"}',
    "lone surrogate as a name": b'{"\\udc00": 1}',
    "the same field twice": b'{"physician": 1, "physician": 2}',
    "the same field twice, deep": b'{"provider": {"email": "a@b.example", "email": "c@d.example"}}',
}


def everywhere() -> Iterator[Bad]:
    """What every route refuses, those of later rooms too."""
    for route in ROUTES:
        # Behind the door of a section a body is read only on an account that one reaches.
        path = route.path
        if route.permit.section:
            path = path.replace("{provider_id}", "$our_provider").replace("{copy_id}", "cpy_1_$our_provider")
        parameter, kinds = route.variants
        path = path.replace(f"{{{parameter}}}", next(iter(kinds), ""))
        name = f"{route.method} {path.replace('{', '').replace('}', '')}"
        who = route.permit.staff[0] if route.permit.staff else "site_admin"
        if route.method != "GET":
            yield Bad("broken JSON", name, 400, "malformed_request", raw=MALFORMED["broken JSON"], who=who)
            yield Bad("1 MB", name, 413, "body_too_large", raw=b'{"a": "' + b"x" * 1_000_000 + b'"}')
            yield Bad("a form", name, 415, "unsupported_media_type", raw=b"a=1", headers={"Content-Type": "text/plain"})
            yield Bad("a stranger field", name, 422, "invalid_value", "surprise", {"surprise": 1}, who=who)
        if route.permit.signed_in:
            yield Bad("no token", name, 401, "not_signed_in", who="nobody", body={})
            yield Bad("an ended session", name, 401, "not_signed_in", who="ended", body={})
            other = "site_admin" if route.permit.staff else "support"
            yield Bad("a session of the other door", name, 401, "not_signed_in", who=other, body={})
        if len(route.permit.staff) == 1:
            other = "accounting" if who == "support" else "support"
            yield Bad("without staff's role", name, 403, "role_required", who=other, body={})
        if route.permit.role:
            yield Bad("without the role", name, 403, "role_required", who="plain_user", body={})
        if route.permit.section:
            accounts = (route.permit.account, route.permit.source) if route.permit.source else ()
            body = dict.fromkeys(accounts, "$our_provider")
            yield Bad("without a grant", name, 404, "not_found", who="plain_user", body=body)
        if "{" in route.path and route.answer is not Html:
            long = f"{name.split()[0]} {route.path.partition('{')[0]}{'x' * 2_000}{route.path.partition('}')[2]}"
            yield Bad("a giant parameter", long, 404, "not_found", body={}, who=who)


def malformed() -> Iterator[Bad]:
    """Bodies that can't be read."""
    for name, raw in MALFORMED.items():
        yield Bad(name, "POST /license-orders", 400, "malformed_request", raw=raw)
        yield Bad(name, "POST /sign-up", 400, "malformed_request", raw=raw, who="nobody")


def tokens() -> Iterator[Bad]:
    """Who is not signed in, on a route that would change something."""
    for name, value in {
        "empty": "",
        "no scheme": "$token",
        "another scheme": "Basic $token",
        "no token": "Bearer ",
        "garbled": "Bearer $token.$token",
        "cut off": "Bearer cHJj",
        "a token of letters": "Bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "not ASCII": "Bearer é😀",
        "not base64": "Bearer %%%%",
        "a NUL": "Bearer \x00",
        "a line break": "Bearer $token\r\nX-Role: site_admin",
        "100 KB": "Bearer " + "A" * 100_000,
        "idle for too long": "Bearer $idle",
        "for 12 hours": "Bearer $old",
        "another practice in it": "Bearer $moved",
        "another username in it": "Bearer $renamed",
        "an unknown secret": "Bearer $unknown",
    }.items():
        yield Bad(name, "POST /license-orders", 401, "not_signed_in", who="", headers={"Authorization": value})


def order(**changed: Any) -> dict[str, Any]:
    """A good order but for what is changed."""
    good = {"physician": 1, "midlevel": 0, "agreement_version": "2026-11", "agreement_accepted": True}
    return {name: value for name, value in (good | changed).items() if value is not ...}


def headers() -> Iterator[Bad]:
    """Headers that no client of ours sends."""
    for name, value in {
        "empty": "",
        "201 characters": "k" * 201,
        "100 KB": "k" * 100_000,
        "CR LF": "key\r\nSet-Cookie: a=b",
        "LF": "key\nkey",
        "NUL": "\x00",
        "not ASCII": "clé",
        "emoji": "🔑",
    }.items():
        sent = {"Idempotency-Key": value}
        yield Bad(f"key: {name}", "POST /license-orders", 400, "bad_idempotency_key", body=order(), headers=sent)
    for value in (
        "text/html",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "application/json\r\nX-A: b",
        "x",
    ):
        sent = {"Content-Type": value}
        yield Bad(f"type {value}", "POST /license-orders", 415, "unsupported_media_type", body=order(), headers=sent)
    for method, path in (("PUT", "/licenses"), ("DELETE", "/license-orders"), ("PATCH", "/me"), ("POST", "/health")):
        yield Bad("method", f"{method} {path}", 405, "method_not_allowed", body={})


AREAS = (everywhere, malformed, tokens, headers)
