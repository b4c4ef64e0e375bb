"""The rules of copies. Pure: state and command in, new state and event out; no clock, no AWS."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from chalicelib import clock
from chalicelib.codes import rules
from chalicelib.codes.model import (
    FILES,
    MOST_CHOSEN,
    CodeCopy,
    Compared,
    CopyCodes,
    CopyPreview,
    Counts,
    Entry,
    File,
    OnConflict,
    Verdict,
)
from chalicelib.errors import Conflict, FieldError, Invalid
from chalicelib.model import Actor, Event

Chosen = tuple[File, str]
"""An entry that is to be copied: its file and its code."""
Outcome = Literal["gone", "identical", "copied", "skipped", "overwritten"]
Outcomes = Sequence[tuple[Chosen, Outcome]]
Return = Literal["deleted", "restored", "kept"]
"""What becomes of an entry when its copy is undone: it was new, it had stood there otherwise, it was edited since."""

_VERDICTS: Final[dict[Outcome, Verdict]] = {
    "identical": "identical",
    "copied": "new",
    "skipped": "conflicting",
    "overwritten": "conflicting",
}
_NAMED: Final = 20


# --- What is chosen -----------------------------------------------------------------------------------------------


def chosen(command: CopyCodes) -> list[Chosen]:
    """The entries that are asked for, each once, file by file. Raises Invalid for none, for too many, and for a copy
    to where it comes from."""
    errors = []
    if command.source == command.to:
        errors.append(FieldError("to", "The entries are on this provider account already."))
    wanted = {(file, rules.normal(file, code) or code) for file in FILES for code in getattr(command.entries, file)}
    if not 1 <= len(wanted) <= MOST_CHOSEN:
        errors.append(FieldError("entries", f"Choose from 1 to {MOST_CHOSEN} entries."))
    if errors:
        raise Invalid(errors=tuple(errors))
    return sorted(wanted, key=lambda each: (FILES.index(each[0]), each[1]))


def require_all(wanted: Sequence[Chosen], there: Mapping[Chosen, Entry]) -> None:
    """Raises Invalid naming the entries that the source does not have."""
    unknown = by_file(each for each in wanted if each not in there)
    if unknown:
        errors = (
            FieldError(f"entries.{file}", f"The account's file has no such codes: {', '.join(codes[:_NAMED])}.")
            for file, codes in unknown.items()
        )
        raise Invalid(errors=tuple(errors), unknown_codes=unknown)


def by_file(places: Iterable[Chosen]) -> dict[str, list[str]]:
    """Codes by file."""
    found: dict[str, list[str]] = {}
    for file, code in places:
        found.setdefault(file, []).append(code)
    return found


# --- What becomes of it -------------------------------------------------------------------------------------------


def outcome(entry: Entry | None, present: Entry | None, on_conflict: OnConflict) -> Outcome:
    """What becomes of an entry at a target that has `present` under its code."""
    if entry is None:
        return "gone"
    if present is None:
        return "copied"
    if rules.same(entry, present):
        return "identical"
    return "overwritten" if on_conflict == "overwrite" else "skipped"


def preview(outcomes: Outcomes) -> CopyPreview:
    """What a copy would meet."""
    entries: dict[str, dict[str, Verdict]] = {}
    for (file, code), each in outcomes:
        entries.setdefault(file, {})[code] = _VERDICTS[each]
    counted = {file: list(verdicts.values()) for file, verdicts in entries.items()}
    files = {
        file: Compared(found.count("new"), found.count("identical"), found.count("conflicting"))
        for file, found in counted.items()
    }
    return CopyPreview(files, entries)


def start(
    copy_id: str,
    source: str | None,
    to: str,
    on_conflict: OnConflict,
    wanted: Sequence[Chosen],
    actor: Actor,
    now: datetime,
) -> CodeCopy:
    """A copy that has come to nothing yet."""
    return CodeCopy(
        id=copy_id,
        source=source,
        to=to,
        on_conflict=on_conflict,
        status="running",
        total=len(wanted),
        requested_by=actor.name,
        requested_at=clock.to_text(now),
        files={file: Counts() for file in by_file(wanted)},
    )


def started(copy: CodeCopy) -> Event:
    """The event that a copy was begun."""
    return Event("code_copy.started", copy.id, after={**_accounts(copy), "total": copy.total})


def advance(copy: CodeCopy, outcomes: Outcomes) -> tuple[CodeCopy, Event]:
    """The copy after one chunk, and its event, which names codes and no texts. Raises ValueError for a chunk that comes
    to nothing: copies would go on for ever by such."""
    if not outcomes:
        raise ValueError(f"a chunk of {copy.id} comes to nothing")
    files = dict(copy.files)
    for (file, _), each in outcomes:
        files[file] = _counted(files[file], each)
    processed = copy.processed + len(outcomes)
    status: Literal["done", "running"] = "done" if processed >= copy.total else "running"
    after = msgspec.structs.replace(copy, files=files, processed=processed, status=status)
    facts = {**_accounts(copy), "status": status, "processed": processed, "codes": _by_kind(outcomes)}
    return after, Event("code_copy.copied", copy.id, {"processed": copy.processed}, facts)


def stop(copy: CodeCopy) -> tuple[CodeCopy, Event]:
    """The copy as it ends when what it takes is not there any more, and its event. What it has written stays."""
    after = msgspec.structs.replace(copy, status="stopped")
    facts = {**_accounts(copy), "status": "stopped", "processed": copy.processed, "total": copy.total}
    return after, Event("code_copy.stopped", copy.id, {"status": copy.status}, facts)


def _counted(counts: Counts, each: Outcome) -> Counts:
    names: set[str] = {each}
    if each in _VERDICTS:
        names.add(_VERDICTS[each])
    return msgspec.structs.replace(counts, **{name: getattr(counts, name) + 1 for name in names})


def _accounts(copy: CodeCopy) -> dict[str, str | None]:
    return {"from": copy.source, "to": copy.to}


# --- Undoing ------------------------------------------------------------------------------------------------------


def start_undo(copy: CodeCopy, edited: Sequence[Chosen], anything: bool) -> tuple[CodeCopy, Event]:
    """The copy as it is undone; there may have been nothing to be undone. Raises Conflict while it runs, and when its
    entries were edited, deleted or overwritten since."""
    if copy.status not in ("done", "stopped"):
        raise Conflict("The copy is not done yet.", code="copy_running")
    if edited:
        codes = by_file(edited)
        named = ", ".join(code for _, code in edited[:_NAMED])
        raise Conflict(f"Some of its entries were changed since: {named}.", code="codes_edited", edited=codes)
    status: Literal["undoing", "undone"] = "undoing" if anything else "undone"
    after = msgspec.structs.replace(copy, status=status)
    return after, Event("code_copy.undo_started", copy.id, after={**_accounts(copy), "status": status})


def take_back(copy: CodeCopy, returned: Sequence[tuple[Chosen, Return]], last: bool) -> tuple[CodeCopy, Event]:
    """The copy after one chunk of its undoing, and its event."""
    status: Literal["undone", "undoing"] = "undone" if last else "undoing"
    kept = copy.kept + sum(each == "kept" for _, each in returned)
    restored = copy.restored + copy.kept + len(returned) - kept
    after = msgspec.structs.replace(copy, status=status, restored=restored, kept=kept)
    facts = {**_accounts(copy), "status": status, "codes": _by_kind(returned)}
    return after, Event("code_copy.undone", copy.id, {"restored": copy.restored, "kept": copy.kept}, facts)


def _by_kind(found: Sequence[tuple[Chosen, str]]) -> dict[str, dict[str, list[str]]]:
    kinds = sorted({kind for _, kind in found})
    return {kind: by_file(place for place, each in found if each == kind) for kind in kinds}
