"""The code files' pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows: which entries a file has, and how far copies are."""
    kind, _, place = sk.partition("#")
    if kind == "code":
        yield ("code", pk, place), 1
    if kind == "copy":
        copy = parsed(row["copy"])
        yield ("copy", pk, place, copy["status"]), 1
        yield ("copy processed", pk, place), copy["processed"]
        yield ("copy returned", pk, place), copy["restored"] + copy["kept"]


def _changed(side: str, count: int) -> Any:
    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        facts = parsed(row[side])
        yield ("code", f"{pk}#{facts['provider_id']}", f"{facts['file']}#{subject}"), count

    return tell


def _entries(pk: str, facts: dict[str, Any], kind: str, count: int) -> Facts:
    for file, codes in facts["codes"].get(kind, {}).items():
        for code in codes:
            yield ("code", f"{pk}#{facts['to']}", f"{file}#{code}"), count


def _becomes(pk: str, subject: str, before: str, after: str) -> Facts:
    yield ("copy", pk, subject, before), -1
    yield ("copy", pk, subject, after), 1


def _started(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("copy", pk, subject, "running"), 1


def _copied(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    before, after = parsed(row["before"]), parsed(row["after"])
    yield ("copy processed", pk, subject), after["processed"] - before["processed"]
    yield from _becomes(pk, subject, "running", after["status"])
    yield from _entries(pk, after, "copied", 1)


def _stopped(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield from _becomes(pk, subject, "running", "stopped")


def _undo_started(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield from _becomes(pk, subject, "done", parsed(row["after"])["status"])


def _undone(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    after = parsed(row["after"])
    returned = sum(len(codes) for files in after["codes"].values() for codes in files.values())
    yield ("copy returned", pk, subject), returned
    yield from _becomes(pk, subject, "undoing", after["status"])
    yield from _entries(pk, after, "deleted", -1)


TOLD = {
    "code.created": _changed("after", 1),
    "code.edited": lambda pk, subject, row: [],
    "code.deleted": _changed("before", -1),
    "code_copy.started": _started,
    "code_copy.copied": _copied,
    "code_copy.stopped": _stopped,
    "code_copy.undo_started": _undo_started,
    "code_copy.undone": _undone,
}
