"""Bad requests about patients and their moves. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_providers import LINES
from tests.bad_requests import Bad
from tests.bad_values import IDS
from tests.cast import patient_body

_BAD: dict[str, tuple[Any, ...]] = {
    "first_name": LINES,
    "last_name": LINES,
    "mrn": tuple(value for value in LINES if value is not None),
    "date_of_birth": ("2026-02-30", "1984-13-01", "17.05.1984", "05/17/1984", "1984-5-17", "1984-05-17T00:00:00Z",
                      "1899-12-31", "2026-07-03", "9999-12-31", "0000-00-00", "", 19840517, True, [], {}),
    "rtm_status": ("on", "Enrolled", "", 1, True, ["enrolled"], {}),
}  # fmt: skip
_FOREIGN = ("id", "provider_id", "moved_by", "moved_earlier_by", "practice_id", "status", "ssn")


def registrations() -> Iterator[Bad]:
    """New patients."""
    route = "POST /providers/$our_provider/patients"
    for field, values in _BAD.items():
        for value in values:
            yield Bad(f"{field} {value!r:.30}", route, 422, "invalid_value", field, patient_body(**{field: value}))
    for field in _FOREIGN:
        yield Bad(f"a {field} of one's own", route, 422, "invalid_value", field, patient_body(**{field: "x"}))
    yield Bad("nothing", route, 422, "invalid_value", "first_name last_name", {})
    worst = {"first_name": 1, "date_of_birth": "x", "mrn": "", "rtm_status": "x", "id": "x"}
    yield Bad("all at once", route, 422, "invalid_value", "first_name last_name date_of_birth mrn rtm_status id", worst)


def ids() -> Iterator[Bad]:
    """Accounts and patients of another practice, or of nobody."""
    for id_ in ("$their_provider", *IDS):
        path = f"/providers/{id_}/patients"
        yield Bad(f"id {id_[:30]}", f"GET {path}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"POST {path}", 404, "not_found", body=patient_body())
        yield Bad(f"id {id_[:30]}", f"GET {path}/pat_nope", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"GET /providers/$our_provider/patients/{id_}", 404, "not_found")


def moves() -> Iterator[Bad]:
    """From where to where, and who."""
    route = "POST /providers/$our_provider/patients/reassign"
    nobody = "pat_00000000000000000000000000"
    value: Any
    for value in ("", "x" * 41, 5, None, [], {}):
        yield Bad(f"to {value!r:.30}", route, 422, "invalid_value", "to", {"to": value})
    yield Bad("to itself", route, 422, "invalid_value", "to", {"to": "$our_provider"})
    for value in ("$their_provider", "prv_nope", "caseload", "prv_\u202e", "\U0001f600", "a#b", "\x00"):
        yield Bad(f"to {value!r}", route, 404, "not_found", body={"to": value})
    for value in ([], "pat_x", 5, {}, [nobody] * 1001):
        body: dict[str, Any] = {"to": "prv_nope", "patient_ids": value}
        yield Bad(f"patients {value!r:.30}", route, 422, "invalid_value", "patient_ids", body)
    for value in ("", "x", "pat_", "pat_X", "pat_a\n", "pat_" + "a" * 37, "prv_a", "pat_\u202e", 5, None, [], {}):
        body = {"to": "prv_nope", "patient_ids": [nobody, value]}
        yield Bad(f"patient {value!r:.30}", route, 422, "invalid_value", "patient_ids[1]", body)
    body = {"to": "prv_nope", "patient_ids": [1, nobody, "x", None]}
    yield Bad("three that are none", route, 422, "invalid_value", "patient_ids[0] patient_ids[2] patient_ids[3]", body)
    body = {"to": "prv_nope", "patient_ids": [nobody]}
    yield Bad("a patient of nobody", route, 422, "invalid_value", "patient_ids", body)
    for field in ("from", "all", "source", "undoes", "status"):
        yield Bad(f"a {field} of one's own", route, 422, "invalid_value", field, {"to": "prv_nope", field: "x"})
    yield Bad("nothing", route, 422, "invalid_value", "to", {})
    for id_ in ("$their_provider", *IDS):
        path = f"/providers/{id_}/patients/reassign"
        yield Bad(f"id {id_[:30]}", f"POST {path}", 404, "not_found", body={"to": "prv_nope"})
        yield Bad(f"id {id_[:30]}", f"GET /reassignments/{id_}", 404, "not_found")


def lists() -> Iterator[Bad]:
    """Queries."""
    path = "GET /providers/$our_provider/patients"
    for query, fields in {
        "q=x": "q",
        "limit=0": "limit",
        "limit=101": "limit",
        "unassigned=true": "unassigned",
    }.items():
        yield Bad(query, f"{path}?{query}", 422, "invalid_value", fields)
    for cursor in ("x", "$users_cursor", "$orders_cursor"):
        yield Bad(f"cursor {cursor}", f"{path}?cursor={cursor}", 422, "invalid_value", "cursor")
    for query, fields in {
        "": "unassigned",
        "unassigned=false": "unassigned",
        "unassigned=": "unassigned",
        "unassigned=yes": "unassigned",
        "unassigned=true&limit=x&q=x": "limit q",
        "unassigned=true&provider_id=x": "provider_id",
        "unassigned=true&cursor=$orders_cursor": "cursor",
    }.items():
        yield Bad(f"queue {query}", f"GET /patients?{query}", 422, "invalid_value", fields)


AREAS = (registrations, ids, moves, lists)
