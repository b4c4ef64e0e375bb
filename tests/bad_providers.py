"""Bad requests of the providers room. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad
from tests.bad_values import IDS
from tests.cast import provider_body

LINES: tuple[Any, ...] = (
    "",
    " ",
    " x",
    "x ",
    "x" * 101,
    "x" * 60_000,
    "a\nb",
    "a\x00b",
    "\u202ecinilC",
    "\u200b\u3164",
    1,
    True,
    None,
    [],
    {},
)
_BAD: dict[str, tuple[Any, ...]] = {
    "first_name": LINES,
    "last_name": LINES,
    "credential": ("RN", "md", "MD ", "", "physician", 5, None, ["MD"]),
    "email": ("", "x", "a@b", "a@b.c\n", "a@b.c\r\nBcc: x@y.z", "ä@b.example", "a" * 255, 5, None),
    "npi": ("", "123456789", "1234567890", "12345678930", "3234567891", "123456789x", "1" * 60_000, 1234567893, [],
            "١٢٣٤٥٦٧٨٩٣"),
    "billing_role": ("owner", "Provider", "", 1, None, []),
    "access_type": ("none", "part-time", "", 1, None),
}  # fmt: skip
_FOREIGN = ("id", "status", "license_type", "version", "practice_id", "scheduled_deactivation", "image_id", "FirstName")
_THIS = {"If-Match": '"1"'}


def creations() -> Iterator[Bad]:
    """New accounts."""
    route = "POST /providers"
    for field, values in _BAD.items():
        for value in values:
            yield Bad(f"{field} {value!r:.30}", route, 422, "invalid_value", field, provider_body(**{field: value}))
    for field in _FOREIGN:
        yield Bad(f"a {field} of one's own", route, 422, "invalid_value", field, provider_body(**{field: "x"}))
    for value in ("true", 1, None):
        body = provider_body(add_license=value)
        yield Bad(f"add_license {value!r}", route, 422, "invalid_value", "add_license", body)
    terms = "agreement_version agreement_accepted"
    yield Bad("no agreement", route, 422, "invalid_value", terms, provider_body(add_license=True))
    old = provider_body(add_license=True, agreement_version="2019-01", agreement_accepted=True)
    yield Bad("an old agreement", route, 422, "invalid_value", "agreement_version", old)
    yield Bad("nothing", route, 422, "invalid_value", "first_name last_name credential email", {})
    worst = {"first_name": 1, "credential": "RN", "email": "x", "npi": "1", "billing_role": "x", "status": "active"}
    fields = "first_name last_name credential email npi billing_role status"
    yield Bad("all at once", route, 422, "invalid_value", fields, worst)
    yield Bad("no license free", route, 409, "no_license_available", body=provider_body(credential="NP"))


def edits() -> Iterator[Bad]:
    """Changes of an account."""
    route = "PATCH /providers/$our_provider"
    for field, values in _BAD.items():
        for value in values:
            body = {field: value}
            yield Bad(f"{field} {value!r:.30}", route, 422, "invalid_value", field, body, headers=_THIS)
    for field in (*_FOREIGN, "add_license"):
        yield Bad(f"another {field}", route, 422, "invalid_value", field, {field: "x"}, headers=_THIS)
    good = {"first_name": "Zoë"}
    yield Bad("no version", route, 428, "if_match_required", body=good)
    for tag in ('"2"', '"0"', 'W/"1"', '"prv"', '"11"'):
        yield Bad(f"version {tag}", route, 412, "stale_version", body=good, headers={"If-Match": tag})
    for tag in ("", "1", '"1', "'1'", '"1";', '"\r\nX-A: b"', "é", '"' + "1" * 100_000 + '"'):
        yield Bad(f"version {tag[:9]!r}", route, 400, "bad_if_match", body=good, headers={"If-Match": tag})
    for id_ in ("$their_provider", *IDS):
        yield Bad(f"id {id_[:30]}", f"GET /providers/{id_}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"PATCH /providers/{id_}", 404, "not_found", body=good, headers=_THIS)


def configurations() -> Iterator[Bad]:
    """Personal configurations."""
    route = "PUT /providers/$our_provider/configuration"
    bad: dict[str, tuple[Any, ...]] = {
        "messaging_enabled": ("yes", 1, None, []),
        "default_rtm_status": ("on", "", 1, None, ["enrolled"]),
        "billable_code_emails": ("true", 0, None, {}),
        "default_location": ("", " ", "x" * 101, "a\nb", 5, []),
        "outcome_threshold": (0, 6, -1, 10**30, 1.5, "3", True, None, []),
        "version": (0, 1),
        "provider_id": ("$their_provider",),
    }
    for field, values in bad.items():
        for value in values:
            yield Bad(f"{field} {value!r:.20}", route, 422, "invalid_value", field, {field: value})
    yield Bad("another version", route, 412, "stale_version", body={}, headers={"If-Match": '"1"'})
    yield Bad("no version", route, 400, "bad_if_match", body={}, headers={"If-Match": "0"})
    for id_ in ("$their_provider", *IDS):
        path = f"/providers/{id_}/configuration"
        yield Bad(f"id {id_[:30]}", f"GET {path}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"PUT {path}", 404, "not_found", body={"outcome_threshold": 5})


def searches() -> Iterator[Bad]:
    """Queries of the directory."""
    for query, fields in {
        "status=deleted": "status",
        "status=ACTIVE": "status",
        "status=": "status",
        "assignable=maybe": "assignable",
        "assignable=": "assignable",
        f"q={'x' * 201}": "q",
        "Q=ada": "Q",
        "order=name": "order",
        "q=ada&status=x&assignable=x&limit=x&a=b": "status assignable limit a",
    }.items():
        yield Bad(query[:40], f"GET /providers?{query}", 422, "invalid_value", fields)


_ENDINGS: dict[str, tuple[Any, ...]] = {
    "date": ("2026-02-30", "2026-13-01", "06.07.2026", "07/06/2026", "2026-7-6", "2026-07-06T00:00:00Z", "tomorrow", "",
             20260706, True, [], {}, "2026-07-02", "2026-07-01", "1970-01-01", "0000-00-00", "2031-07-07", "9999-12-31",
             "10000-01-01"),
    "confirm": ("true", 1, None, []),
    "reassign_to": (5, True, [], {}, "x" * 101, "x" * 60_000, "$our_provider"),
}  # fmt: skip


def endings() -> Iterator[Bad]:
    """Deactivations, and what takes them back. An unconfirmed good one is refused too."""
    path = "/providers/$our_provider/deactivation"
    route = f"POST {path}"
    yield Bad("unconfirmed", route, 409, "confirmation_required", body={})
    yield Bad("unconfirmed day", route, 409, "confirmation_required", body={"date": "2026-07-06", "confirm": False})
    for field, values in _ENDINGS.items():
        for value in values:
            body = {"confirm": True, field: value}
            yield Bad(f"{field} {value!r:.30}", route, 422, "invalid_value", field, body)
    for confirm in (True, False):
        for target in ("$their_provider", "prv_nobody", "", "#", "😀", "\u202e", "../x"):
            move = {"reassign_to": target, "confirm": confirm}
            yield Bad(f"to {target!r}, {confirm}", route, 404, "not_found", body=move)
    for field in ("status", "provider_id", "undo_until", "Date", "version"):
        yield Bad(f"a {field} of one's own", route, 422, "invalid_value", field, {field: "x", "confirm": True})
    worst = {"date": "x", "reassign_to": 1, "confirm": "yes", "at": 1}
    yield Bad("all at once", route, 422, "invalid_value", "date reassign_to confirm at", worst)
    yield Bad("nothing scheduled", f"DELETE {path}", 409, "nothing_scheduled", body={})
    yield Bad("not inactive", f"POST {path}/undo", 409, "provider_active", body={})
    yield Bad("not inactive", "POST /providers/$our_provider/reactivation", 409, "provider_active", body={})
    for id_ in ("$their_provider", *IDS):
        for method, end in (("GET", "deactivation-preview"), ("DELETE", "deactivation")):
            yield Bad(f"id {id_[:30]}", f"{method} /providers/{id_}/{end}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"POST /providers/{id_}/deactivation", 404, "not_found", body={"confirm": True})
        for end in ("deactivation/undo", "reactivation"):
            yield Bad(f"id {id_[:30]}", f"POST /providers/{id_}/{end}", 404, "not_found", body={})


AREAS = (creations, edits, configurations, searches, endings)
