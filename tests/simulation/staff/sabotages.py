"""Staff's part broken on purpose."""

from typing import Any

from tests.simulation.sabotage import sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("a login that is proved again after its end", "end sam", "staff sign in")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username"), without_condition("put", "session#")]


@sabotage("a link that outlives its login", "end staff", "set staff password")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username"), without_condition("delete", "link#")]


@sabotage("a name of staff given out twice", "add staff")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "username", "link#")]
