"""The codes room broken on purpose."""

from typing import Any

from chalicelib.codes.tables import FindingRow
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an edited code over an edited code", "edit code", "edit code whatever version")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "code#", "word#"), without_condition("delete", "word#")]


@sabotage("what finds a code, after the code", "add code without a key")
def _(_: Stage) -> list[Any]:
    return [apart(FindingRow)]
