"""The code files' pages of the second book."""

import json
from typing import Any

from tests.simulation.audit import Facts


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows: which entries a file has."""
    kind, _, place = sk.partition("#")
    if kind == "code":
        yield ("code", pk, place), 1


def _changed(side: str, count: int) -> Any:
    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        facts = json.loads(row[side])
        yield ("code", f"{pk}#{facts['provider_id']}", f"{facts['file']}#{subject}"), count

    return tell


TOLD = {
    "code.created": _changed("after", 1),
    "code.edited": lambda pk, subject, row: [],
    "code.deleted": _changed("before", -1),
}
