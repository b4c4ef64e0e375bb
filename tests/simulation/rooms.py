"""The rooms that the simulations know: a new one adds its name here, and a package of that name with

`operations.py`  what can be done (`operation.request`, `event`, `staff`, `inside`);
`invariants.py`  `INVARIANTS`: what must hold of it after every case;
`audit.py`       `shown`: the facts that its rows show, and `TOLD`: the facts that its events tell of;
`sabotages.py`   how it is broken on purpose (`sabotage.sabotage`), once for each guard.

What the practices look like when an operation begins is in `stage.py` for all of them.
"""

from importlib import import_module
from types import ModuleType

ROOMS = ("identity", "licensing", "providers", "linking", "codes", "support", "uploads", "staff", "mail")


def of_each_room(part: str) -> list[ModuleType]:
    """The file of this name of each room."""
    return [import_module(f"tests.simulation.{room}.{part}") for room in ROOMS]
