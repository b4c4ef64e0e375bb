"""Filing a ticket and pages of tickets, in practices of very different sizes: what each reads and writes."""

from typing import Any, NamedTuple

import msgspec

from benchmarks.capacity import total
from benchmarks.recorder import Call, recorded
from chalicelib import config
from chalicelib.dynamo import Row
from chalicelib.support.model import Status, Ticket
from chalicelib.support.tables import CounterRow
from chalicelib.support.view_tables import TEAM, FindingRow, ListingRow
from tests.api import Api
from tests.cast import Cast
from tests.support.steps import ticket_body
from tests.world import client

_BATCH = 25
_STATUSES: tuple[Status, ...] = ("closed", "closed", "closed", "closed", "closed", "closed", "solved", "open", "new")
_EVERY = 10
QUERIES = {
    "the team's": "view=team",
    "its new ones": "view=team&status=new",
    "of a category": "view=team&category=billing",
    "its open ones of a category": "view=team&status=open&category=billing",
    "those of a word": "view=team&q=printer",
}


class Cost(NamedTuple):
    """AWS calls in all, and read and write units, indexes too."""

    calls: int
    read: float
    write: int


def stock(cast: Cast, begin: int, end: int) -> None:
    """Put so many tickets on the team's shelf, past the API; every tenth is found by a word."""
    practice_id = cast.site_admin.practice_id
    for start in range(begin, end, _BATCH):
        rows: list[Row] = []
        for number in range(start + 1, min(end, start + _BATCH) + 1):
            ticket = _ticket(practice_id, number)
            rows.append(ListingRow.new(ticket, TEAM))
            if number % _EVERY == 0:
                summary = msgspec.to_builtins(ticket.summary())
                rows.append(FindingRow.key(practice_id, "printer", number).row(summary=summary, cc=[]))
        for first in range(0, len(rows), _BATCH):
            puts = [{"PutRequest": {"Item": row.serialize()}} for row in rows[first : first + _BATCH]]
            client("dynamodb").batch_write_item(RequestItems={config.get("SUPPORT_TABLE"): puts})
    CounterRow.key(practice_id).row(last=end).save()


def _ticket(practice_id: str, number: int) -> Ticket:
    return Ticket(
        id=f"tkt_{number}",
        number=number,
        subject=f"The printer of room {number} prints nothing",
        category="billing" if number % 7 == 0 else "problem",
        priority="normal",
        status=_STATUSES[number % len(_STATUSES)],
        filed_by="sue",
        owner="sue",
        created_at="2026-07-01T16:00:00Z",
        updated_at="2026-07-01T16:00:00Z",
        practice_id=practice_id,
        practice_name="Elm Street Clinic",
        time_zone="America/Chicago",
    )


def costs(api: Api, cast: Cast) -> dict[str, Cost]:
    """Of filing a ticket, and of each view's first page."""
    found = {"filing": _cost(api, "POST", "/tickets", ticket_body(cc=["pat"]), cast.site_admin.token)}
    for name, query in QUERIES.items():
        found[name] = _cost(api, "GET", f"/tickets?{query}", None, cast.support_user.token)
    return found


def _cost(api: Api, method: str, path: str, body: Any, token: str) -> Cost:
    with recorded() as calls:
        answer = api.request(method, path, body, token=token)
    assert answer.status_code < 300, answer.body
    made: list[Call] = [call for call in calls if not call.name.startswith("secretsmanager:")]
    units = total(call.units for call in made)
    return Cost(len(made), units.read, units.write + units.indexes)
