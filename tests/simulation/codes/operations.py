"""Code files: entries added, edited, deleted. Our account has E11.9."""

from collections.abc import Callable
from typing import Any

from tests.simulation.operation import request
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
