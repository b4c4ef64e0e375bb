"""The simulations find what they are there for: bugs put in by hand (`make soak` puts in all of them)."""

from contextlib import ExitStack

import pytest

from tests.simulation.hunt import caught
from tests.simulation.operations import OPERATIONS
from tests.simulation.sabotage import Sabotage
from tests.simulation.sabotages import SABOTAGES
from tests.simulation.stage import Stage


@pytest.mark.parametrize(
    "name",
    [
        "a pool below zero",
        "a receipt over a receipt",
        "a touch that brings a session back",
        "a grant that serves everybody",
        "a newcomer whom an account that ends forgets",
        "two site admins who end each other",
        "two site admins brought back by one owner",
        "an edit over an edit",
        "the directory after the commit",
        "a day that ends an account though it was cancelled",
        "a link that outlives its login",
        "one person who counts for two",
        "a mark on a text that is still there",
        "a ticket after its lists",
        "a trial whose data is forgotten",
        "a history that is not written",
    ],
)
def test_the_sabotage_is_caught(stage: Stage, name: str) -> None:
    assert caught(stage, SABOTAGES[name])


def test_each_sabotage_finds_what_it_breaks(stage: Stage) -> None:
    for each in SABOTAGES.values():
        with ExitStack() as stack:
            for patch in each.patches(stage):
                stack.enter_context(patch)
        assert set(each.names) <= set(OPERATIONS)


def test_nothing_is_caught_in_the_code_as_it_is(stage: Stage) -> None:
    assert caught(stage, Sabotage(lambda _: [], ("claim", "claim for another"))) == ""
