"""What a sweep costs by how much is scheduled: nothing found, and one due item among very many that are not."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from benchmarks.capacity import total
from benchmarks.recorder import Call, recorded
from chalicelib import clock, config
from chalicelib.dynamo import due_shards
from chalicelib.providers.deactivation_tables import ScheduleRow
from chalicelib.providers.model import Schedule
from tests.api import Api
from tests.cast import Cast
from tests.providers.steps import opened
from tests.world import client

_BATCH = 25
_FAR = date(2031, 1, 1)


class Cost(NamedTuple):
    """Of `deactivate_due`: read units for each shard it asks when nothing is due; calls and units of one due item."""

    idle: float
    calls: int
    read: float
    write: int


def stock(begin: int, end: int) -> None:
    """Schedule so many deactivations of other practices, years away, past the API."""
    for start in range(begin, end, _BATCH):
        rows = [_scheduled(number) for number in range(start, min(end, start + _BATCH))]
        puts = [{"PutRequest": {"Item": row.serialize()}} for row in rows]
        client("dynamodb").batch_write_item(RequestItems={config.get("PROVIDERS_TABLE"): puts})


def _scheduled(number: int) -> ScheduleRow:
    day = _FAR + timedelta(days=number % 365)
    return ScheduleRow.new(f"prc_{number:026}", Schedule(f"prv_{number:026}", day, f"{day}T05:00:00Z", "jo"), 2)


def swept(api: Api, cast: Cast) -> Cost:
    """A run with nothing due, then one with one item due."""
    idle, _ = _run(api)
    token = cast.site_admin.token
    path = f"/providers/{opened(api, cast)['id']}/deactivation"
    tomorrow = clock.now().date() + timedelta(days=1)
    answer = api.post(path, {"date": tomorrow.isoformat(), "confirm": True}, token)
    assert answer.status_code == 202, answer.body
    with clock.frozen(clock.now() + timedelta(days=2)):
        calls, done = _run(api)
    assert done == 1
    nothing, one = (total(call.units for call in made) for made in (idle, calls))
    asked = 2 * len(due_shards(""))  # for changes of time zones, and for deactivations
    assert len(idle) == asked
    return Cost(
        nothing.read / asked, len(calls) - asked, one.read - nothing.read, one.write + one.indexes - nothing.write
    )


def _run(api: Api) -> tuple[list[Call], Any]:
    with recorded() as calls:
        report = api.tick("deactivate_due")
    assert report["failed"] == 0
    return calls, report["done"]
