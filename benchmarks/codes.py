"""A page of a code file by the size of the file, and what an entry of a copy costs by how many are copied."""

from typing import Any, NamedTuple

from benchmarks.capacity import total
from benchmarks.recorder import recorded
from chalicelib import config
from chalicelib.codes.model import Payer
from chalicelib.codes.tables import EntryRow, FindingRow, place
from tests.api import Api
from tests.cast import Cast
from tests.world import client

_BATCH = 25
QUERIES = {"the file": "", "a code": "q=p00", "a word": "q=plan", "one entry": "q=p000042"}


class Copied(NamedTuple):
    """Of each entry of a copy: write units, and AWS calls."""

    units: float
    calls: float


def stock(cast: Cast, begin: int, end: int) -> None:
    """Put so many payers into an account's file, past the API."""
    pk = place(cast.site_admin.practice_id, cast.provider_id)
    rows: list[dict[str, Any]] = []
    for number in range(begin, end):
        payer = Payer(f"P{number:06}", "Plan", "other")
        rows += [EntryRow.new(pk, payer, None).serialize()]
        rows += [row.serialize() for row in FindingRow.all_of(pk, payer).values()]
    for start in range(0, len(rows), _BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in rows[start : start + _BATCH]]
        client("dynamodb").batch_write_item(RequestItems={config.get("CODES_TABLE"): puts})


def pages(api: Api, cast: Cast) -> dict[str, float]:
    """Read units of the query behind each search's first page."""
    units = {}
    for name, query in QUERIES.items():
        with recorded() as calls:
            answer = api.get(f"/providers/{cast.provider_id}/codes/payers?{query}", cast.site_admin.token)
        assert answer.status_code == 200, answer.body
        units[name] = sum(call.units.read for call in calls if call.name == "dynamodb:Query")
    return units


def copied(api: Api, cast: Cast, begin: int, end: int) -> Copied:
    """Copy so many of the payers to the other practice, where they are new."""
    codes = [f"P{number:06}" for number in range(begin, end)]
    body = {"from": cast.provider_id, "to": cast.their_provider_id, "entries": {"payers": codes}}
    with recorded() as calls:
        answer = api.post("/code-copies", body, cast.master.token)
        assert answer.status_code == 202, answer.body
        if answer.json_body["status"] == "running":
            assert api.tick("continue_code_copies")["done"] == 1
    copy = api.get(f"/code-copies/{answer.json_body['id']}", cast.master.token).json_body
    assert copy["files"]["payers"]["copied"] == len(codes), copy
    return Copied(total(call.units for call in calls).write / len(codes), len(calls) / len(codes))
