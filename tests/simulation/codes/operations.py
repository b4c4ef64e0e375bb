"""Code files: entries added, edited, deleted, and copied from our account to theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.codes.copy_tables import COPY
from tests.simulation.operation import event, request
from tests.simulation.script import LEASED
from tests.simulation.stage import Stage

_FILE = "/providers/{provider_id}/codes/{file}"
_ENTRY = f"{_FILE}/{{code}}"
_NEW = {"code": "I10", "description": "Essential (primary) hypertension"}


def _on(*names: str) -> Callable[[Stage], str]:
    return lambda stage: " ".join((stage.provider_id, *names))


def _add(name: str, actor: str, **facts: Any) -> None:
    request(name, f"POST {_FILE}", lambda _: _NEW, parameter=_on("diagnosis"), actor=actor, **facts)


_add("add code", "ada", keyed=True, changes="code.created")
_add("add code without a key", "ada", changes="code.created")
_add("they add a code to ours", "eve")


def _edit(name: str, text: str, version: str) -> None:
    body = {"description": text}
    place = _on("diagnosis", "E11.9")
    facts: dict[str, Any] = {"version": version, "actor": "ada", "quiet": True, "changes": "code.edited"}
    request(name, f"PATCH {_ENTRY}", lambda _: body, parameter=place, **facts)


_edit("edit code", "Diabetes, type 2", '"1"')
_edit("edit code whatever version", "Diabetes mellitus", "*")
request(
    "delete code",
    f"DELETE {_ENTRY}",
    parameter=_on("diagnosis", "E11.9"),
    actor="ada",
    changes="code.deleted",
)


def _theirs(stage: Stage) -> str:
    return stage.cast.their_provider_id


def _copy(name: str, actor: str, on_conflict: str, **facts: Any) -> None:
    def body(stage: Stage) -> dict[str, Any]:
        accounts = {"from": stage.cast.provider_id, "to": stage.cast.their_provider_id}
        return {**accounts, "entries": {"payers": ["P1", "P2", "P3"]}, "on_conflict": on_conflict}

    request(name, "POST /code-copies", body, actor=actor, account=_theirs, **facts)


_copy("copy codes", "max", "overwrite", keyed=True, changes="code_copy.started")
_copy("copy codes without a key", "max", "skip", changes="code_copy.started")
_copy("they copy ours", "eve", "skip")
_copy("we copy to theirs", "ada", "skip")
request(
    "preview copy",
    "POST /code-copies/preview",
    lambda stage: {
        "from": stage.cast.provider_id,
        "to": stage.cast.their_provider_id,
        "entries": {"payers": ["P1", "P2"]},
    },
    actor="max",
)
_IMPORTS = "POST /providers/{provider_id}/code-imports"
request("begin import", _IMPORTS, parameter=_on(), actor="ada", changes="upload.started")


def _import(name: str, **facts: Any) -> None:
    request(
        name,
        f"{_IMPORTS}/{{upload_id}}",
        lambda _: {"file": "diagnosis", "on_conflict": "overwrite"},
        parameter=lambda stage: f"{stage.provider_id} {stage.uploads['codes']}",
        changes="code_copy.started",
        **facts,
    )


_import("import codes", actor="ada", keyed=True)
_import("import codes without a key", actor="ada")
event("continue copies", "continue_code_copies", ahead=LEASED + timedelta(minutes=1), waiting=COPY)


def _undo(name: str, actor: str, **facts: Any) -> None:
    route = "POST /code-copies/{copy_id}/undo"
    request(name, route, parameter=lambda stage: stage.copy_id, actor=actor, account=_theirs, **facts)


_undo("undo copy", "eve", keyed=True, quiet=True, changes="code_copy.undo_started")
_undo("undo copy without a key", "max", quiet=True, changes="code_copy.undo_started")
_undo("we undo theirs", "ada")
request(
    "edit copied code",
    f"PATCH {_ENTRY}",
    lambda _: {"description": "Theirs again"},
    parameter=lambda stage: f"{stage.cast.their_provider_id} diagnosis A00",
    version="*",
    actor="eve",
    quiet=True,
    changes="code.edited",
)
request(
    "delete code to be copied",
    f"DELETE {_ENTRY}",
    parameter=lambda stage: f"{stage.cast.provider_id} payers P3",
    actor="ada",
    changes="code.deleted",
)
