"""The codes room broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.codes.copy_tables import WrittenRow
from chalicelib.codes.tables import FindingRow
from chalicelib.codes.usecases import copying, csv_entries, entries
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an edited code over an edited code", "edit code", "edit code whatever version")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "code#", "word#"), without_condition("delete", "word#")]


@sabotage("what finds a code, after the code", "add code without a key")
def _(_: Stage) -> list[Any]:
    return [apart(FindingRow)]


@sabotage("a chunk that is copied twice", "continue copies", "continue copies")
def _(_: Stage) -> list[Any]:
    return [
        without_condition("update", "copy#"),
        without_condition("put", "code#", "word#", "written#"),
        without_condition("delete", "chosen#"),
    ]


@sabotage("what a copy wrote over, after the copy", "copy codes without a key")
def _(_: Stage) -> list[Any]:
    return [apart(WrittenRow)]


@sabotage("an undoing over an edit", "undo copy without a key", "edit copied code")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "code#", "word#"), without_condition("delete", "code#", "word#")]


@sabotage("an entry that is counted and left behind", "copy codes")
def _(_: Stage) -> list[Any]:
    def put_new(commit: Any, pk: str, entry: Any, *rest: Any) -> None:
        if entry.code != "P3":
            entries.put_new(commit, pk, entry, *rest)

    return [patch.object(copying, "put_new", put_new)]


@sabotage("an import of whatever lies there", "continue copies")
def _(_: Stage) -> list[Any]:
    def read_again(key: str, file: Any, digest: str) -> Any:
        return csv_entries.check(key, file).entries

    return [patch.object(copying, "read_again", read_again)]
