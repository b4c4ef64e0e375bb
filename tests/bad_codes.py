"""Bad requests about code files and copies of them. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad
from tests.bad_values import IDS

_PLACE = "/providers/$our_provider/codes"
_TEXTS: tuple[Any, ...] = ("", " ", " x", "x ", "x" * 251, "a\nb", "a\x00b", "\u202ecinilC", 1, None, [])
_NEW: dict[str, dict[str, Any]] = {
    "diagnosis": {"code": "E11.9", "description": "Diabetes"},
    "billing": {"code": "G0008", "description": "Vaccine"},
    "payers": {"code": "60054", "name": "Health Plan", "type": "other"},
}
_BAD: dict[str, dict[str, tuple[Any, ...]]] = {
    "diagnosis": {
        "code": ("", "E", "E1", "1E1", "EE1", "E11.", "E11.99999", "E.119", "E11-9", " E11", "E11\n", "É11",
                 "E11.9x\x00", 119, None, ["E11"]),
        "description": _TEXTS,
    },
    "billing": {
        "code": ("", "9921", "992133", "99-13", "W0008", "G008", "9921Z", "G0008 ", "٩٩٢١٣", 99213, None),
        "description": _TEXTS[:4],
        "modifiers": ("25", ["25"] * 5, {}, None),
        "modifiers[0]": (["2"], ["255"], ["2 "], ["é5"], [25], [None]),
        "fee_cents": (-1, 100_000_000, 1.5, "100", True, 10**30, []),
    },
    "payers": {
        "code": ("", "1", "x" * 21, "a b", "-ab", "a/b", "a#b", "ab\n", 60054, None),
        "name": ("", " x", "x" * 101, 1, None),
        "type": ("", "Other", "club", 1, None, ["other"]),
    },
}  # fmt: skip


def additions() -> Iterator[Bad]:
    """New entries."""
    for file, fields in _BAD.items():
        for field, values in fields.items():
            for value in values:
                body = _NEW[file] | {field.partition("[")[0]: value}
                yield Bad(f"{field} {value!r:.30}", f"POST {_PLACE}/{file}", 422, "invalid_value", field, body)
        yield Bad("nothing", f"POST {_PLACE}/{file}", 422, "invalid_value", " ".join(_required(file)), {})
        for field in ("version", "file", "id", "copy_id", "provider_id"):
            body = _NEW[file] | {field: "x"}
            yield Bad(f"a {field} of one's own", f"POST {_PLACE}/{file}", 422, "invalid_value", field, body)
    strange = {"code": "99213", "name": "x", "fee_cents": 1}
    yield Bad(
        "fields of other files",
        f"POST {_PLACE}/diagnosis",
        422,
        "invalid_value",
        "name fee_cents code description",
        strange,
    )
    for file in ("vaccines", "Diagnosis", "diagnosis%20", "codes", "%00", "x" * 300):
        yield Bad(f"file {file[:20]}", f"POST {_PLACE}/{file}", 404, "not_found", body=_NEW["diagnosis"])
        yield Bad(f"file {file[:20]}", f"GET {_PLACE}/{file}", 404, "not_found")
        yield Bad(f"file {file[:20]}", f"DELETE {_PLACE}/{file}/E11.9", 404, "not_found")
    for id_ in ("$their_provider", *IDS[:6]):
        yield Bad(f"on {id_[:30]}", f"POST /providers/{id_}/codes/payers", 404, "not_found", body=_NEW["payers"])
        yield Bad(f"on {id_[:30]}", f"GET /providers/{id_}/codes.csv?file=payers", 404, "not_found")


def _required(file: str) -> tuple[str, ...]:
    return ("code", "name", "type") if file == "payers" else ("code", "description")


def changes() -> Iterator[Bad]:
    """Entries that are not there, edits that can't be."""
    this = {"If-Match": '"1"'}
    for code in ("A00", "a", "%00", "..", "E11.9%23x", "x" * 300, "%EF%B7%BA" * 50):
        yield Bad(f"code {code[:20]}", f"GET {_PLACE}/diagnosis/{code}", 404, "not_found")
        yield Bad(f"code {code[:20]}", f"DELETE {_PLACE}/diagnosis/{code}", 404, "not_found")
        body = {"description": "x"}
        yield Bad(f"code {code[:20]}", f"PATCH {_PLACE}/diagnosis/{code}", 404, "not_found", body=body, headers=this)
    route = f"PATCH {_PLACE}/billing/G0008"
    for field, value in (
        ("code", "G0009"),
        ("description", ""),
        ("fee_cents", -1),
        ("modifiers", None),
        ("type", "other"),
    ):
        yield Bad(f"edit {field}", route, 422, "invalid_value", field, {field: value}, headers=this)
    yield Bad("no version", route, 428, "if_match_required", body={"fee_cents": 1})
    yield Bad("a bad version", route, 400, "bad_if_match", body={"fee_cents": 1}, headers={"If-Match": "1"})


def queries() -> Iterator[Bad]:
    """Searches, cursors, exports."""
    for query, field in {
        "limit=0": "limit", "limit=x": "limit", "cursor=x": "cursor", "cursor=$users_cursor": "cursor",
        f"q={'x' * 201}": "q", "code=E11": "code", "file=payers": "file",
    }.items():  # fmt: skip
        yield Bad(query[:30], f"GET {_PLACE}/payers?{query}", 422, "invalid_value", field)
    for query, field in {"": "file", "?file=": "file", "?file=vaccines": "file", "?file=payers&x=1": "x"}.items():
        yield Bad(f"export {query}", f"GET /providers/$our_provider/codes.csv{query}", 422, "invalid_value", field)


def copies() -> Iterator[Bad]:
    """Copies: to where they come from, of what is not there, between strangers."""
    ours, theirs = "$our_provider", "$their_provider"
    good: dict[str, Any] = {"from": ours, "to": ours, "entries": {"payers": ["60054"]}}
    for route in ("POST /code-copies", "POST /code-copies/preview"):
        yield Bad("to itself", route, 422, "invalid_value", "to", good)
        yield Bad("to itself, nothing", route, 422, "invalid_value", "to entries", good | {"entries": {}})
        many = {"diagnosis": [f"A{each:02}.{end}" for each in range(100) for end in range(50)], "payers": ["ab"]}
        yield Bad("too many", route, 422, "invalid_value", "to entries", good | {"entries": many})
        for field in ("from", "to"):
            yield Bad(f"{field} theirs", route, 404, "not_found", body=good | {field: theirs})
            for value in ("", "prv_none", "*", "x" * 300):
                yield Bad(f"{field} {value[:9]}", route, 404, "not_found", body=good | {field: value})
            bad: tuple[Any, ...] = (None, 1, [], {})
            for value in bad:
                yield Bad(f"{field} {value!r}", route, 422, "invalid_value", field, good | {field: value})
            yield Bad(f"{field} of 600", route, 422, "invalid_value", field, good | {field: "x" * 600})
        entries: dict[str, Any] = {
            "entries": "all", "entries.vaccines": {"vaccines": ["A00"]}, "entries.payers": {"payers": "all"},
            "entries.payers[0]": {"payers": ["a b"]}, "entries.diagnosis[1]": {"diagnosis": ["A00", "99213"]},
            "entries.billing[0]": {"billing": [99213]}, "entries.billing": {"billing": None},
        }  # fmt: skip
        for field, value in entries.items():
            yield Bad(f"{field} {value!r:.30}", route, 422, "invalid_value", field, good | {"entries": value})
        for choice in ("merge", "", 1, None):
            body = good | {"on_conflict": choice}
            yield Bad(f"on conflict {choice!r}", route, 422, "invalid_value", "on_conflict", body)
    for id_ in ("cpy_1_$our_provider", "cpy_1_$their_provider", "cpy_1_prv_none", "cpy_1", "_prv_", *IDS[:8]):
        yield Bad(f"copy {id_[:30]}", f"GET /code-copies/{id_}", 404, "not_found")
        yield Bad(f"copy {id_[:30]}", f"POST /code-copies/{id_}/undo", 404, "not_found", body={})


def imports() -> Iterator[Bad]:
    """Imports of nothing, or of somebody else's. What may be wrong with a file has tests of its own."""
    place = "/providers/$our_provider/code-imports"
    for id_ in ("upl_nope", *IDS[:6]):
        yield Bad(f"upload {id_[:30]}", f"POST {place}/{id_}", 404, "not_found", body={"file": "payers"})
    for body, fields in (({}, "file"), ({"file": "all"}, "file"), ({"file": "payers", "dry_run": "yes"}, "dry_run")):
        yield Bad(f"{body!r:.40}", f"POST {place}/upl_nope", 422, "invalid_value", fields, body)
    yield Bad("on theirs", "POST /providers/$their_provider/code-imports", 404, "not_found", body={})


AREAS = (additions, changes, queries, copies, imports)
