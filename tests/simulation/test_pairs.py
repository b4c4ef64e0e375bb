"""Two operations at once, their AWS calls interleaved, with up to two faults: all drawn from a seed."""

import pytest

from tests.simulation.cases import Case, drawn, run
from tests.simulation.history import Request
from tests.simulation.stage import Stage

SEEDS = range(200)


@pytest.mark.parametrize("part", range(8))
def test_seeded_pairs_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in SEEDS[part::8]:
        run(stage, drawn(seed))


def test_a_seed_always_draws_the_same_case() -> None:
    assert [str(drawn(seed)) for seed in (0, 1, 2)] == [str(drawn(seed)) for seed in (0, 1, 2)]


def test_a_case_is_read_back_from_its_text() -> None:
    for seed in SEEDS:
        assert Case.parse(str(drawn(seed))) == drawn(seed)


def test_a_case_runs_alike_each_time(stage: Stage) -> None:
    for seed in (7, 8, 9):
        first, second = ([_seen(request) for request in run(stage, drawn(seed)).requests] for _ in range(2))
        assert first == second


def _seen(request: Request) -> tuple[object, ...]:
    status = request.answer and request.answer.status
    return request.name, status, [(call.operation, call.effects) for call in request.calls]
