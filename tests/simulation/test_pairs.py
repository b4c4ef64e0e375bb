"""Two operations at once, their AWS calls interleaved, with up to two faults: all drawn from a seed."""

import pytest

from tests.simulation.cases import Case, drawn, run
from tests.simulation.script import NOW
from tests.simulation.stage import Stage

SEEDS = range(200)
MEETING = {
    "the end of an account": (
        100,
        "deactivate before its day, deactivate due, cancel schedule, reschedule, edit scheduled,"
        " register with scheduled, move from scheduled, move to scheduled, order, cancel",
    ),
    "an account comes back": (
        100,
        "reactivate, edit ended, move those left behind, move one left behind, undo, reactivate with patients,"
        " undo with patients, continue, deactivate, edit, move all, order, cancel",
    ),
    "reach": (25, "join, lower, they lower max, max lowers eve, delete pat, copy codes, undo copy, end trials"),
    "tickets": (
        25,
        "file, comment, approve role, approve, ask for recovery, ada deactivates abe, close solved",
    ),
}
"""What is most likely to meet, as it is about the same things, and how many pairs of it are drawn."""

BROKE = (
    "sign up without a key + report / 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 /",
    "block dormant + invite / 0 0 0 1 0 0 0 0 0 0 0 0 0 0 1 1 /",
    "abe deactivates ada + ada is site admin no more / 0 0 1 1 /",
    "abe deactivates ada + block dormant / 1 1 1 1 0 0 1 1 1 1 1 1 1 1 1 /",
    "they take ours off + accept invitation without a key / 1 1 1 1 /",
    "join + accept invitation without a key / 0 0 1 1 1 1 /",
    "create user with password + report / 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 /",
    "change privileges + join /  /",
    "guess a code + find with code /  /",
    "reactivate + edit ended / 1 1 /",
    "complete attachment + complete attachment without a key / 0 0 0 1 1 1 1 /",
    "undo copy + undo copy without a key / 1 1 1 1 /",
    "parts of end trial + end trials / 1 1 1 1 1 1 1 1 /",
    "end trial + deactivate and reassign /  /",
    "ask for recovery /  / delivered twice @ 0.1, delivered twice @ 0.2",
    "parts of join + join without a key / 0 0 1 1 1 1 1 0 0 0 / conflict @ 0.5",
    "parts of report + report / 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 / conflict @ 0.12",
)
"""Cases in which something did not hold once."""


@pytest.mark.parametrize("part", range(8))
def test_seeded_pairs_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in SEEDS[part::8]:
        run(stage, drawn(seed))


@pytest.mark.parametrize("which", MEETING)
def test_seeded_pairs_of_what_meets_keep_the_invariants(stage: Stage, which: str) -> None:
    seeds, names = MEETING[which]
    for seed in range(seeds):
        run(stage, drawn(seed, among=names.split(", ")))


@pytest.mark.parametrize("text", BROKE)
def test_what_broke_once_holds(stage: Stage, text: str) -> None:
    run(stage, Case.parse(text))


def test_a_case_is_read_back_from_its_text() -> None:
    for seed in SEEDS:
        assert Case.parse(str(drawn(seed))) == drawn(seed)


def test_a_case_runs_alike_each_time(stage: Stage) -> None:
    for seed in (7, 8, 9):
        first, second = ([each.end for each in run(stage, drawn(seed)).requests] for _ in range(2))
        assert first == second


def test_what_is_signed_in_a_case_is_of_its_own_day(stage: Stage) -> None:
    begun = run(stage, Case(("begin import",))).requests[0]
    assert begun.answer
    assert f'"x-amz-date":"{NOW:%Y%m%d}T' in begun.answer.body.decode()
