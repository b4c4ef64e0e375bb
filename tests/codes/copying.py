"""Copies between the cast's two accounts."""

from typing import Any

from chalicelib.identity.model import Privileges
from tests.api import Api
from tests.cast import Cast, Person
from tests.codes.steps import path

HANDLER = "continue_code_copies"
ALL = {"diagnosis": ["E11.9"], "billing": ["G0008"], "payers": ["60054"]}
FULL, VIEW = Privileges(codes="full"), Privileges(codes="view")


def body(cast: Cast, entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A copy from our account to theirs."""
    return {"from": cast.provider_id, "to": cast.their_provider_id, "entries": entries, **more}


def copied(api: Api, cast: Cast, entries: dict[str, Any], **more: Any) -> Any:
    answer = api.post("/code-copies", body(cast, entries, **more), cast.master.token)
    assert answer.status_code == 202, answer.body
    return answer.json_body


def shown(api: Api, who: Person, copy_id: str) -> Any:
    return api.get(f"/code-copies/{copy_id}", who.token).json_body


def theirs(api: Api, cast: Cast, file: str) -> list[tuple[str, Any, int]]:
    """Their file: code, text and version of each entry."""
    answer = api.get(path(cast, file, provider_id=cast.their_provider_id), cast.master.token)
    return [
        (each["code"], each.get("description", each.get("name")), each["version"]) for each in answer.json_body["items"]
    ]


def counts(**wanted: int) -> dict[str, int]:
    names = ("new", "identical", "conflicting", "copied", "skipped", "overwritten", "gone")
    return dict.fromkeys(names, 0) | wanted


def undone(api: Api, cast: Cast, copy_id: str) -> Any:
    return api.post(f"/code-copies/{copy_id}/undo", token=cast.master.token)
