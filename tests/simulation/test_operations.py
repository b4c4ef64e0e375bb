"""Every operation, with every fault at every AWS call that it makes: after recovery all invariants hold."""

from unittest.mock import patch

import pytest

import app as application
from chalicelib import due, http
from chalicelib.staff.commands import COMMANDS
from tests.simulation.cases import Case, calls_of, run, struck_cases
from tests.simulation.history import SWEEPS, arrived
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import Stage


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_operation_survives_every_fault_at_every_call(stage: Stage, name: str) -> None:
    stage = arrived(stage, name)
    calls = calls_of(stage, name)
    for case in struck_cases(name, calls):
        assert run(stage, case).struck == list(case.strikes), f"not struck: {case}"


def test_whatever_changes_something_has_an_operation() -> None:
    routes = {route.name for route in http.ROUTES if route.method != "GET"}
    handlers = {source.name for source in application.app.event_sources} - {"check_subscriptions"}  # which only reads
    commands = {f"staff {command}" for command in COMMANDS if command != "list_staff"}  # which only reads
    simulated = {operation.route for operation in OPERATIONS.values()}
    missing = (routes | handlers | commands) - simulated
    assert not missing, f"declare an operation in tests/simulation/<room>/operations.py for each of {missing}"


def test_every_kind_of_due_work_is_a_sweep_of_its_own(stage: Stage) -> None:
    looked_for: list[str] = []

    def nothing(kind: str) -> list[str]:
        looked_for.append(kind)
        return []

    handlers = {source.name for source in application.app.event_sources} - {"check_subscriptions", "reconcile_month"}
    with patch.object(due, "due_shards", nothing), patch.object(due, "first_shard", lambda _: 0):
        for handler in handlers:
            stage.api.tick(handler)
    assert sorted(looked_for) == sorted(SWEEPS.values())


@pytest.mark.parametrize("name", [name for name in OPERATIONS if OPERATIONS[name].changes])
def test_the_operation_does_what_it_says_when_nothing_goes_wrong(stage: Stage, name: str) -> None:
    history = run(stage, Case((name,)))
    assert history.requests[0].commits == 1
    assert OPERATIONS[name].changes in {
        row["type"] for place, row in history.after.items() if place not in stage.before and place[0] == "events"
    }
