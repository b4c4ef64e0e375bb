"""One move of many patients whose runs die again and again, before a commit and right after one."""

from unittest.mock import patch

from moto.dynamodb.models.table import Table

from chalicelib import clock
from chalicelib.providers.usecases import moving
from tests.api import Api
from tests.cast import practice_with_people
from tests.conftest import NOON
from tests.providers.steps import opened, progress, reassign, seeded, where_patients_are
from tests.simulation import laboratory
from tests.simulation.faults import Strike
from tests.simulation.scheduler import Scheduler

HANDLER = "continue_reassignments"
_WHOLE_CHUNK = moving.CHUNK
_UNCOPIED = patch.object(Table, "__deepcopy__", lambda table, _: table)
"""moto copies a table for each transaction, to go back to if it is refused. None is refused here."""


def move(count: int, deaths: int) -> None:
    """Move so many patients, by as many runs that die and a last one. Asserts at every death that the progress is
    what has been moved, and in the end that everybody is at the target."""
    with laboratory.opened() as lab, clock.frozen(NOON), patch.object(moving, "CHUNK", _WHOLE_CHUNK), _UNCOPIED:
        lab.remembers = False  # no index lags here
        api = Api()
        cast = practice_with_people(api)
        source, target = cast.provider_id, str(opened(api, cast)["id"])
        ids = seeded(cast, source, count)
        job = reassign(api, cast, source, target)["id"]
        calls = 3 + count // _WHOLE_CHUNK // (deaths + 1)  # a run looks for the move first
        for death in range(deaths):
            fault = Strike("crash before" if death % 2 else "crash after", calls)
            (outcome,) = Scheduler(strikes=(fault,)).run(lambda: api.tick(HANDLER))
            assert outcome.crashed
            status, moved, total = progress(api, cast, job)
            assert (status, total, list(where_patients_are().values()).count(target)) == ("running", count, moved)
            assert 0 < moved < count
        api.tick(HANDLER)
        assert progress(api, cast, job) == ("done", count, count)
        assert where_patients_are() == dict.fromkeys(ids, target)
