"""Bad requests about tickets. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad

_GOOD = {
    "subject": "The printer prints nothing",
    "body": "It has paper.",
    "category": "problem",
    "priority": "normal",
    "articles_do_not_help": True,
}
_BAD: dict[str, tuple[Any, ...]] = {
    "subject": ("", " ", "a\r\nBcc: x@y.example", "a\nb", " a", "a ", "a\x00b", "a\u202eb", "x" * 201, 5, None, [], {}),
    "body": ("", " \n\t ", "a\x00b", "a\x1bb", "a\u202eb", "x" * 10_001, 5, None, ["a"]),
    "category": ("", "Problem", "other", 1, None, []),
    "priority": ("", "urgent", "HIGH", 1, None),
    "cc": ("pat", [1], [None], ["pat"] * 11, {}, ["x" * 257]),
    "follow_up_of": (0, -1, "1", 1.5, 10**9),
    "search_id": (5, "x" * 65, []),
    "articles_do_not_help": ("true", 1, None),
    "contains_patient_data": ("yes", 0, []),
    "request": ("role", [], 1),
}
_TYPED: tuple[tuple[str, Any, str], ...] = (
    ("problem", {"username": "pat"}, "request"),
    ("question", {}, "request"),
    ("role_change", None, "request"),
    ("role_change", {}, "request.username request.role request.action"),
    ("role_change", {"username": "pat", "role": "owner", "action": "add"}, "request.role"),
    ("role_change", {"username": "pat", "role": "site_admin", "action": "toggle"}, "request.action"),
    ("role_change", {"username": "eve", "role": "site_admin", "action": "add"}, "request.username"),
    ("role_change", {"username": "nobody", "role": "site_admin", "action": "add"}, "request.username"),
    ("role_change", {"username": "pat", "role": "site_admin", "action": "add", "physician": 1}, "request.physician"),
    ("reactivation", {}, "request.username"),
    ("reactivation", {"username": "eve"}, "request.username"),
    ("reactivation", {"username": "pat", "role": "site_admin"}, "request.role"),
    ("owner_change", None, "request"),
    ("owner_change", {}, "request.owner_email"),
    ("owner_change", {"owner_email": "nobody"}, "request.owner_email"),
    ("owner_change", {"owner_email": "o@x.example", "username": "pat"}, "request.username"),
    (
        "role_change",
        {"username": "pat", "role": "site_admin", "action": "add", "owner_email": "o@x.example"},
        "request.owner_email",
    ),
    ("license_decrease", None, "request"),
    ("license_decrease", {}, "request.physician request.midlevel"),
    ("license_decrease", {"physician": -1}, "request.physician"),
    ("license_decrease", {"physician": 101}, "request.physician"),
    ("license_decrease", {"username": "pat"}, "request.username request.physician request.midlevel"),
)
_NUMBERS = ("99", "0", "-1", "01", "1.0", "one", "%00", "9" * 40, "%EF%BC%91", "tkt_1")
_FOREIGN = ("number", "status", "owner", "practice_id", "unverified", "sla")


def filings() -> Iterator[Bad]:
    """New tickets."""
    for field, values in _BAD.items():
        for value in values:
            named = "cc[0]" if field == "cc" and isinstance(value, list) and len(value) == 1 else field
            yield Bad(f"{field} {value!r:.30}", "POST /tickets", 422, "invalid_value", named, _GOOD | {field: value})
    for field in _FOREIGN:
        yield Bad(f"a {field} of one's own", "POST /tickets", 422, "invalid_value", field, _GOOD | {field: "x"})
    for category, request, fields in _TYPED:
        body = _GOOD | {"category": category, "request": request}
        yield Bad(f"{category} {request!r:.40}", "POST /tickets", 422, "invalid_value", fields, body)
    strangers = _GOOD | {"cc": ["sue", "eve", "nobody", "max"]}
    yield Bad("strangers", "POST /tickets", 422, "invalid_value", "cc[1] cc[2] cc[3]", strangers)
    unsearched = {name: value for name, value in _GOOD.items() if name != "articles_do_not_help"}
    yield Bad("without a search", "POST /tickets", 409, "search_first", body=unsearched)
    yield Bad("somebody's search", "POST /tickets", 409, "search_first", body=unsearched | {"search_id": "sch_x"})
    yield Bad("a patient", "POST /tickets", 409, "patient_data_found", body=_GOOD | {"body": "SSN 123-45-6789"})
    yield Bad("nobody's to follow", "POST /tickets", 422, "invalid_value", "follow_up_of", _GOOD | {"follow_up_of": 7})
    yield Bad("no right", "POST /tickets", 403, "may_not_file", who="plain_user", body=_GOOD)


def others() -> Iterator[Bad]:
    """What is no ticket, lists, and the public form."""
    for number in _NUMBERS:
        for route, body in (
            (f"GET /tickets/{number}", None),
            (f"GET /tickets/{number}/comments", None),
            (f"GET /tickets/{number}/history", None),
            (f"GET /tickets/{number}/attachments", None),
            (f"POST /tickets/{number}/comments", {"body": "Hello"}),
            (f"POST /tickets/{number}/attachments", {"name": "a.pdf"}),
        ):
            yield Bad(f"number {number[:12]}", route, 404, "not_found", body=body)
        yield Bad(
            f"number {number[:12]}", f"PATCH /tickets/{number}", 404, "not_found", body={}, headers={"If-Match": "*"}
        )
    for query, field in {
        "view=all": "view",
        "status=late": "status",
        "category=x": "category",
        "limit=0": "limit",
        "limit=101": "limit",
        "cursor=x": "cursor",
        "owner=sue": "owner",
        f"q={'x' * 201}": "q",
    }.items():
        yield Bad(query[:20], f"GET /tickets?{query}", 422, "invalid_value", field)
    yield Bad("the team's", "GET /tickets?view=team", 403, "role_required")
    call = {"subject": "Help", "body": "Help!", "contact_email": "a@b.example", "username": "ada"}
    for field, values in {
        "subject": ("", "a\r\nb", 5),
        "body": ("", "x" * 10_001, None),
        "contact_email": ("", "a", "a@b.example\r\nBcc: c@d.example", 5),
        "contact_name": ("a\nb", 5),
        "username": (5, "x" * 257),
        "practice_id": (5, "x" * 65),
        "verified": (True,),
    }.items():
        for value in values:
            yield Bad(
                f"{field} {value!r:.30}",
                "POST /emergency-tickets",
                422,
                "invalid_value",
                field,
                call | {field: value},
                who="nobody",
            )


AREAS = (filings, others)
