"""What must hold of code files, whatever happened."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.codes.model import Entry
from chalicelib.codes.tables import FindingRow
from tests.simulation.history import History
from tests.simulation.laboratory import UNCHECKED, parsed

Place = tuple[str, str]


def _held(history: History, kind: str, name: str) -> dict[Place, Any]:
    """What the rows of a kind hold."""
    return {(pk, sk): parsed(row[name]) for (_, pk, sk), row in history.after.of(kind)}


@lru_cache(1000)  # most rows are the same in every case
def _findings(pk: str, text: str) -> dict[Place, Any]:
    """What a search should find of an entry."""
    entry = parsed(text)
    return {(key.pk, key.sk): entry for key in FindingRow.all_of(pk, msgspec.convert(entry, Entry))}


def a_search_finds_what_the_files_have(history: History) -> None:
    """Each entry stands under each of its terms as it is, and nothing else does."""
    wanted: dict[Place, Any] = {}
    for (_, pk, _), row in history.after.of("code"):
        wanted |= _findings(pk, row["entry"])
    assert _held(history, "word", "entry") == wanted, "a search finds what is not there, or misses what is"


def _told(history: History) -> Iterator[tuple[Place, str]]:
    """The entries that events say were added, changed or deleted."""
    for place, row in history.made.of("event"):
        if not row["type"].startswith("code"):
            continue
        facts = parsed(row["before"]) | parsed(row["after"])
        if row["type"].startswith("code."):
            yield (f"{place[1]}#{facts['provider_id']}", f"code#{facts['file']}#{row['subject']}"), row["type"]
        for kind, files in facts.get("codes", {}).items():
            for file, codes in files.items():
                yield from (((f"{place[1]}#{facts['to']}", f"code#{file}#{code}"), kind) for code in codes)


def no_edit_is_lost(history: History) -> None:
    """An entry's version counts the changes that are told of it."""
    told = list(_told(history))
    changes = Counter(place for place, kind in told if kind in ("code.edited", "overwritten", "restored"))
    begun_anew = {place for place, kind in told if kind in ("code.created", "code.deleted", "copied", "deleted")}
    for (pk, sk), entry in _held(history, "code", "entry").items():
        before = history.stage.before.get(("codes", pk, sk))
        if before and (pk, sk) not in begun_anew:
            counted = entry["version"] - parsed(before["entry"])["version"]
            assert counted == changes[pk, sk], f"{sk} was changed {counted} times, {changes[pk, sk]} are told"


def the_counts_of_copies_add_up(history: History) -> None:
    """What a copy has come to is what became of its entries; a finished one has come to all."""
    for (_, sk), copy in _held(history, "copy", "copy").items():
        counts: Counter[str] = Counter()
        for each in copy["files"].values():
            counts.update(each)
        ended = counts["copied"] + counts["skipped"] + counts["overwritten"] + counts["identical"] + counts["gone"]
        assert ended == copy["processed"] <= copy["total"], f"{sk} does not add up"
        assert counts["new"] == counts["copied"], f"{sk} does not add up"
        assert counts["conflicting"] == counts["skipped"] + counts["overwritten"], f"{sk} does not add up"
        ended_early = copy["status"] in ("running", "stopped")
        assert ended_early or copy["processed"] == copy["total"], f"{sk} is done with less than all"
        if copy["status"] == "undone":
            written = counts["copied"] + counts["overwritten"]
            assert copy["restored"] + copy["kept"] == written, f"{sk} is undone with less than all"


def what_a_copy_wrote_can_be_undone(history: History) -> None:
    """Each entry of a copy stands in what that wrote; of one that is undone there is nothing left."""
    copies = _held(history, "copy", "copy")
    written = {
        (f"{pk}#{copies[pk, f'copy#{copy_id}']['to']}", f"code#{file}#{code}", copy_id)
        for (pk, sk), entries in _held(history, "written", "entries").items()
        for copy_id in [sk.split("#")[1]]
        for file, code, *_ in entries
    }
    marked = {(pk, sk, row["copy_id"]) for (_, pk, sk), row in history.after.of("code") if "copy_id" in row}
    assert marked <= written, f"no undo could give back {marked - written}"
    undone = {sk.removeprefix("copy#") for (_, sk), copy in copies.items() if copy["status"] == "undone"}
    assert not undone & {copy_id for _, _, copy_id in written | marked}, "an undone copy has left something"


def nothing_is_imported_that_was_not_checked(history: History) -> None:
    """What was posted in place of a checked file stands nowhere."""
    assert not [sk for (_, _, sk), _ in history.after.of("code") if sk.endswith(f"#{UNCHECKED}")]


INVARIANTS = (
    nothing_is_imported_that_was_not_checked,
    a_search_finds_what_the_files_have,
    no_edit_is_lost,
    the_counts_of_copies_add_up,
    what_a_copy_wrote_can_be_undone,
)
