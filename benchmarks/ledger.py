"""Reconciliation of a practice with a long ledger: how many queries, for how many megabytes."""

from typing import Any, NamedTuple

from benchmarks.capacity import size
from benchmarks.recorder import recorded
from chalicelib import config
from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import placed
from tests.world import client

_BATCH = 25
_OTHERS = 2  # provider accounts and claims


class LongLedger(NamedTuple):
    """Bytes of a ledger, and the queries that read it."""

    lines: int
    bytes: int
    queries: int
    scans: int


def reconciled(api: Api, cast: Cast, lines: int = 6000) -> LongLedger:
    """GET /reconciliation after so many ledger lines."""
    order = placed(api, cast)
    like = _lines(cast)[-1]
    copies = [{**like, "sk": {"S": f"{like['sk']['S']}#{number:05}"}, **_NOTHING} for number in range(lines)]
    for start in range(0, lines, _BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in copies[start : start + _BATCH]]
        client("dynamodb").batch_write_item(RequestItems={config.get("LICENSING_TABLE"): puts})
    with recorded() as calls:
        answer = api.get("/reconciliation", cast.site_admin.token)
    assert answer.status_code == 200, (answer.body, order)
    names = [call.name for call in calls]
    held = _lines(cast)
    return LongLedger(
        len(held), sum(map(size, held)), names.count("dynamodb:Query") - _OTHERS, names.count("dynamodb:Scan")
    )


_NOTHING = {f"{kind}_{part}": {"N": "0"} for kind in ("physician", "midlevel") for part in ("available", "in_use")}


def _lines(cast: Cast) -> list[dict[str, Any]]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=config.get("LICENSING_TABLE"),
            KeyConditionExpression="pk = :practice AND begins_with(sk, :ledger)",
            ExpressionAttributeValues={":practice": {"S": cast.site_admin.practice_id}, ":ledger": {"S": "ledger#"}},
        )
    )
    return [item for page in pages for item in page["Items"]]
