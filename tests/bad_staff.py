"""Bad requests at staff's own door and on their routes. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad

_DOOR = "POST /staff/sessions"
_NOTE = "PUT /staff/practices/$our_practice/billing-note"
_LOGIN = {"username": "sam", "password": "correct horse battery staple"}
_BAD_LOGINS: dict[str, tuple[Any, ...]] = {
    "username": (None, 5, [], {}, "x" * 257),
    "password": (None, 5, [], "x" * 1025),
    "totp": (123456, [], "1" * 41),
    "recovery_code": (5, {}, "a" * 41),
}


def sessions() -> Iterator[Bad]:
    """Sign-ins that can't be read. (Those that are wrong are counted, and so change something.)"""
    for field, values in _BAD_LOGINS.items():
        for value in values:
            body = _LOGIN | {field: value}
            yield Bad(f"{field} {value!r:.20}", _DOOR, 422, "invalid_value", field, body, who="nobody")
    both = _LOGIN | {"totp": "123456", "recovery_code": "abcd"}
    yield Bad("two second factors", _DOOR, 422, "invalid_value", "recovery_code", both, who="nobody")
    yield Bad("nothing", _DOOR, 422, "invalid_value", "username password", {}, who="nobody")


def logins() -> Iterator[Bad]:
    """Passwords, two-factor and links."""
    for token in ("x", "%00", "cHJj", "$token", "c3RhZmY6c2FtfHg", "x" * 400):
        body = {"password": "seven purple lanterns drift"}
        yield Bad(f"link {token[:20]}", f"POST /staff/password-resets/{token}", 404, "not_found", body=body)
    password: Any
    for password in ("", "short", "password1234", "x" * 129, 5, None):
        change = {"current_password": "x", "password": password}
        yield Bad(
            f"to {password!r:.20}", "PUT /staff/password", 422, "invalid_value", "password", change, who="support"
        )
    code: Any
    for code in (None, 5, [], "1" * 41):
        body = {"code": code}
        yield Bad(f"code {code!r:.20}", "POST /staff/totp/confirm", 422, "invalid_value", "code", body, who="support")
    yield Bad("unbegun", "POST /staff/totp/confirm", 409, "totp_not_started", body={"code": "123456"}, who="support")
    yield Bad("unproved", "POST /staff/totp", 403, "totp_required", body={}, who="support")


def notes() -> Iterator[Bad]:
    """Billing notes."""
    values: tuple[Any, ...] = ("", " ", " x", "x" * 101, "a\nb", "a\x00b", "a\u2028b", "\u202eb", 5, True, [], {})
    for value in values:
        body = {"billing_note": value}
        yield Bad(f"note {value!r:.20}", _NOTE, 422, "invalid_value", "billing_note", body, who="support")
    yield Bad("no note", _NOTE, 422, "invalid_value", "billing_note", {}, who="support")
    for practice in ("prc_none", "vendor", "report%232026-07-31", "staff%23support", "username%23ada", "%00", "."):
        place = f"PUT /staff/practices/{practice}/billing-note"
        yield Bad(f"of {practice}", place, 404, "not_found", body={"billing_note": "x"}, who="support")


AREAS = (sessions, logins, notes)
