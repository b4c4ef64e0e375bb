"""What a sabotage is, how one is declared, and by what means: production code broken on purpose, one guard at a time.

A guard that others stand behind goes together with them: alone it would not be missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from pynamodb.expressions.condition import Condition

from chalicelib import dynamo, store
from chalicelib.store import Commit
from tests.simulation.stage import Stage


@dataclass(frozen=True)
class Sabotage:
    """What is broken, and the operations that miss it. `patches(stage)` are in force while they are simulated."""

    patches: Callable[[Stage], list[Any]]
    names: tuple[str, ...]


SABOTAGES: dict[str, Sabotage] = {}


def sabotage(name: str, *names: str) -> Callable[[Callable[[Stage], list[Any]]], None]:
    """Declare a sabotage by the function that makes its patches; `names` are the operations that miss the guard."""

    def declare(patches: Callable[[Stage], list[Any]]) -> None:
        SABOTAGES[name] = Sabotage(patches, names)

    return declare


def always(model: Any) -> Condition:
    """A condition that holds of any row, and of none."""
    condition: Condition = model.pk.exists() | model.pk.does_not_exist()
    return condition


def without_condition(method: str, *prefixes: str) -> Any:
    """`Commit.update`, `delete` or `put` takes any row whose sk begins with one of the prefixes."""
    original = getattr(Commit, method)

    def changed(self: Commit, key: Any, *rest: Any, otherwise: Any, condition: Any = None) -> None:
        free = key.sk.startswith(prefixes)
        if method == "put":
            original(self, key, otherwise=otherwise, condition=always(type(key)) if free else condition)
        else:
            original(self, key, *rest[:-1], always(key.model) if free else rest[-1], otherwise=otherwise)

    return patch.object(Commit, method, changed)


def apart(model: type[Any]) -> Any:
    """Rows of a class are written in a transaction of their own, after the others."""
    original = store._transact

    def transact(writes: list[Any]) -> None:
        original([write for write in writes if not isinstance(write.row, model)])
        if late := [write for write in writes if isinstance(write.row, model)]:
            original(late)

    return patch.object(store, "_transact", transact)


def free_notes(module: Any) -> Any:
    """The module's bookkeeping takes any row."""
    return patch.object(module, "note", lambda row, actions, _: dynamo.note(row, actions, always(type(row))))
