"""The uploads' pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows: uploads begun, and which image an account has."""
    if sk.startswith("upload#"):
        yield ("upload", pk), 1
    if sk.startswith("provider#") and (image_id := parsed(row["provider"])["image_id"]):
        yield ("image", pk, sk.partition("#")[2], image_id), 1


def _changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("provider version", pk), 1
    for side, count in (("before", -1), ("after", 1)):
        if image_id := parsed(row[side])["image_id"]:
            yield ("image", pk, subject, image_id), count


TOLD = {
    "upload.started": lambda pk, subject, row: [(("upload", pk), 1)],
    "provider.image_changed": _changed,
}
