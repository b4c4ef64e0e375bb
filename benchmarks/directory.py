"""A page of the providers' directory, in practices of very different sizes: what its one query reads."""

from typing import Any, NamedTuple

from benchmarks.recorder import recorded
from chalicelib import config
from chalicelib.providers.model import CreateProvider
from chalicelib.providers.rules import open_account
from chalicelib.providers.tables import ListingRow
from tests.api import Api
from tests.cast import Cast
from tests.world import client

_BATCH = 25
_FIRST = ("Ada", "Bo", "Carmen", "Dorothy", "Emil", "Fatima", "George", "Hana", "Ivan", "Joan")
_LAST = ("Anders", "Berg", "Castillo", "Dvořák", "Evans", "Fischer", "García Márquez", "Hill", "Ito", "Johnson")
QUERIES = {
    "the list": "",
    "the active ones": "status=active",
    "a letter": "q=a",
    "a name": "q=fischer",
    "an email": "q=joan.johnson99",
}


class Cost(NamedTuple):
    """Of one page: AWS calls in all, and read units of its query."""

    calls: int
    units: float


def stock(cast: Cast, begin: int, end: int) -> None:
    """Put so many accounts into the directory, past the API."""
    rows: list[dict[str, Any]] = []
    for number in range(begin, end):
        first, last = _FIRST[number % 10], _LAST[number // 10 % 10]
        email = f"{first}.{last.split()[0]}{number // 100}@clinic.example".encode("ascii", "ignore").decode().lower()
        command = CreateProvider(first, f"{last} {number // 100}", "MD", email, "1234567893")
        provider, _ = open_account(command, f"prv_{number:026}")
        rows += [row.serialize() for row in ListingRow.all_of(cast.site_admin.practice_id, provider).values()]
    for start in range(0, len(rows), _BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in rows[start : start + _BATCH]]
        client("dynamodb").batch_write_item(RequestItems={config.get("PROVIDERS_TABLE"): puts})


def pages(api: Api, cast: Cast) -> dict[str, Cost]:
    """Each query's first page."""
    costs = {}
    for name, query in QUERIES.items():
        with recorded() as calls:
            answer = api.get(f"/providers?{query}", cast.site_admin.token)
        assert answer.status_code == 200, answer.body
        queries = [call for call in calls if call.name == "dynamodb:Query"]
        costs[name] = Cost(len(calls), sum(call.units.read for call in queries))
    return costs
