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


_TICKET = "/staff/tickets/$our_ticket"
_ODD_TEXTS: tuple[Any, ...] = ("", " \n", "\u200b\n", "x" * 10_001, "a\x00b", "\u202eb", 5, True, None, [], {})
_NO_TICKETS = ("1", "tkt_1", "tkt_$our_order", "prc_1", "..", "%00", "tkt_x_0", "tkt_x_1000000000", "x" * 300)


def tickets() -> Iterator[Bad]:
    """The queue, answers, decisions, redactions."""
    body: dict[str, Any]
    for name, value in {
        "status": "solved",
        "category": "billing'",
        "priority": "urgent",
        "limit": "101",
        "cursor": "$orders_cursor",
        "practice_id": "x" * 65,
        "view": "team",
        "q": "x",
    }.items():
        yield Bad(name, f"GET /staff/tickets?{name}={value}", 422, "invalid_value", name, who="support")
    for text in _ODD_TEXTS:
        answer = f"POST {_TICKET}/comments"
        yield Bad(f"answer {text!r:.20}", answer, 422, "invalid_value", "body", {"body": text}, who="support")
        if text is not None:
            approve = f"POST {_TICKET}/approve"
            yield Bad(f"approve {text!r:.20}", approve, 422, "invalid_value", "body", {"body": text}, who="support")
        decline = f"POST {_TICKET}/decline"
        yield Bad(f"decline {text!r:.20}", decline, 422, "invalid_value", "body", {"body": text}, who="support")
    for status in ("new", "closed", "", None, 5):
        body = {"body": "x", "status": status}
        yield Bad(f"to {status!r}", f"POST {_TICKET}/comments", 422, "invalid_value", "status", body, who="support")
    for what, body in (("approve", {}), ("decline", {"body": "No."})):
        yield Bad("nothing to decide", f"POST {_TICKET}/{what}", 409, "nothing_to_decide", body=body, who="support")
    fields: Any
    for fields in ("subject", [], ["x" * 65], [5], ["cmt_none"], ["body"] * 21, None, {}, ["request"], ["comment#"]):
        body = {"fields": fields, "reason": "a patient was named"}
        name = "fields[0]" if fields in (["x" * 65], [5]) else "fields"
        yield Bad(f"fields {fields!r:.20}", f"POST {_TICKET}/redact", 422, "invalid_value", name, body, who="support")
    reason: Any
    for reason in ("", " x", "x" * 101, "a\nb", "SSN 123-45-6789", 5, None):
        body = {"fields": ["body"], "reason": reason}
        yield Bad(f"as {reason!r:.20}", f"POST {_TICKET}/redact", 422, "invalid_value", "reason", body, who="support")
    for ticket in _NO_TICKETS:
        yield Bad(f"id {ticket[:20]}", f"GET /staff/tickets/{ticket}", 404, "not_found", who="support")
        yield Bad(
            f"id {ticket[:20]}", f"POST /staff/tickets/{ticket}/approve", 404, "not_found", body={}, who="support"
        )


AREAS = (sessions, logins, notes, tickets)
