"""Linking broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import accesses
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("managers who lower each other", "they lower max", "max lowers eve")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "account#")]


@sabotage("managers who take each other off", "they take max off", "max takes eve off")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "account#")]


@sabotage("a last manager who may leave", "the last manager leaves")
def _(_: Stage) -> list[Any]:
    return [patch.object(accesses, "_require_another_manager", lambda *_: None)]


@sabotage("a count apart from the grant that ends", "take off")
def _(_: Stage) -> list[Any]:
    return [apart(UsernameRow)]
