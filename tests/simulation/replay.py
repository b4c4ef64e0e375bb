"""Replays one case: `python -m tests.simulation.replay "cancel + charge / 0 1 1 0 / answer lost @ 0.2"`.

Prints each request with its AWS calls and its answer, then the invariant that does not hold, if any.
"""

import sys
from collections.abc import Sequence

import tests.conftest  # noqa: F401 (the settings)
from chalicelib import telemetry
from tests.simulation import stage as stages
from tests.simulation.cases import Broken, Case, drawn, run
from tests.simulation.history import History, arrived
from tests.simulation.operations import OPERATIONS


def main(arguments: Sequence[str]) -> int:
    """Replay the case of a text, or that of a seed. 1 when an invariant does not hold."""
    (text,) = arguments
    try:
        case = drawn(int(text)) if text.isdigit() else Case.parse(text)
    except ValueError as error:
        print(f"{error}; known are {', '.join(OPERATIONS)}")  # noqa: T201
        return 2
    with stages.opened() as stage:
        try:
            # One alone is struck when its time has come (`test_operations`), several meet at the beginning.
            tell(run(arrived(stage, *case.names) if len(case.names) == 1 else stage, case))
        except Broken as broken:
            tell(broken.history)
            print(broken)  # noqa: T201
            return 1
    return 0


def tell(history: History) -> None:
    """Print what happened."""
    for request in history.requests:
        answer = "crashed" if request.answer is None else f"{request.answer.status} {request.answer.body!r}"
        print(f"{request.name}: {answer}")  # noqa: T201
        for call in request.calls:
            print(f"    {call.operation}{'' if call.effects else ' (without effect)'}")  # noqa: T201


if __name__ == "__main__":
    telemetry.set_up()
    sys.exit(main(sys.argv[1:]))
