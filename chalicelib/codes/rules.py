"""The rules of code files. Pure: state and command in, new state and event out; no clock, no AWS."""

import re
from typing import Any, Final

import msgspec

from chalicelib import search
from chalicelib.codes.model import (
    FILES,
    NEW,
    BillingCode,
    Diagnosis,
    EditEntry,
    Entry,
    File,
    NewBillingCode,
    NewDiagnosis,
    NewEntry,
    Payer,
)
from chalicelib.errors import Conflict, NotFound
from chalicelib.model import Event

_MOST_WORDS: Final = 16
"""Words of a text that begin a term, and no more: each term is a row."""
_FILLERS: Final = frozenset(
    ("a", "an", "and", "at", "by", "due", "for", "from", "in", "of", "on", "or", "the", "to", "with", "without")
)
"""Words that no term begins with: they would find half a file, and cost a row each."""
_BEFORE_DOT: Final = 3


class CodeExists(Conflict):
    """The file has an entry of this code."""

    code = "code_exists"


def file_of(name: str) -> File:
    """The file that a path names. Raises NotFound."""
    found = next((file for file in FILES if file == name), None)
    if found is None:
        raise NotFound(f"There is no such file of codes: there are {', '.join(FILES)}.")
    return found


def normal(file: File, code: str) -> str | None:
    """The code as it is kept: upper case, a diagnosis with its dot. None for what has not the form of the file's
    codes."""
    pattern: str = NEW[file].__annotations__["code"].__metadata__[0].pattern
    if not re.match(pattern, code):
        return None
    upper = code.upper()
    if file == "diagnosis":
        plain = upper.replace(".", "")
        return f"{plain[:_BEFORE_DOT]}.{plain[_BEFORE_DOT:]}".rstrip(".")
    return upper


def entry_of(new: NewEntry) -> Entry:
    """The entry that is asked for."""
    code = normal(new.file, new.code) or new.code
    if isinstance(new, NewDiagnosis):
        return Diagnosis(code, new.description)
    if isinstance(new, NewBillingCode):
        return BillingCode(code, new.description, [each.upper() for each in new.modifiers], new.fee_cents)
    return Payer(code, new.name, new.type)


def file_of_entry(entry: Entry) -> File:
    """The file that an entry belongs to."""
    tag = type(entry).__struct_config__.tag
    return file_of(str(tag))


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same, whatever their versions."""
    return msgspec.structs.replace(one, version=other.version) == other


def edit(before: Entry, command: EditEntry) -> Entry | None:
    """The entry as edited, its next version; None when nothing changes."""
    wanted = {name: value for name, value in msgspec.structs.asdict(command).items() if value is not msgspec.UNSET}
    if "modifiers" in wanted:
        wanted["modifiers"] = [each.upper() for each in wanted["modifiers"]]
    return becomes(before, msgspec.structs.replace(before, **wanted))


def becomes(before: Entry, wanted: Entry) -> Entry | None:
    """The next version of an entry, which says what `wanted` says; None when it does already."""
    return None if same(before, wanted) else msgspec.structs.replace(wanted, version=before.version + 1)


# --- Finding them -------------------------------------------------------------------------------------------------


def wanted(query: str) -> str:
    """What a search looks for. Dots are nothing, so that E11.9 and E119 are one."""
    return search.clipped(search.folded(query.replace(".", "")))


def search_terms(entry: Entry) -> list[str]:
    """The texts whose beginnings find an entry, in order: its code, and its text from each word on."""
    text = entry.name if isinstance(entry, Payer) else entry.description
    words = search.folded(text.replace(".", "")).split()
    starts = [number for number, word in enumerate(words) if word not in _FILLERS][:_MOST_WORDS]
    return search.terms([wanted(entry.code), *(" ".join(words[start:]) for start in starts)])


def found_under(entry: Entry, wanted: str) -> str:
    """Under which of its terms an entry is shown to who searches for `wanted`; "" where none begins so."""
    return search.found_under(search_terms(entry), wanted) or ""


# --- What is told of them -----------------------------------------------------------------------------------------


def created(entry: Entry, provider_id: str) -> Event:
    """An entry was added."""
    return Event("code.created", entry.code, after={"provider_id": provider_id, **facts(entry)})


def edited(before: Entry, after: Entry, provider_id: str) -> Event:
    """An entry was changed. Of texts only that they were is told: somebody may have typed anything into them."""
    old, new = facts(before), facts(after)
    values = msgspec.structs.asdict(after).items()
    changed = [name for name, value in values if value != getattr(before, name) and name != "version"]
    place = {"provider_id": provider_id, "file": file_of_entry(after)}
    return Event(
        "code.edited",
        after.code,
        {name: value for name, value in old.items() if value != new[name]},
        {**place, "fields": changed, **{name: value for name, value in new.items() if value != old[name]}},
    )


def deleted(entry: Entry, provider_id: str) -> Event:
    """An entry was deleted."""
    return Event("code.deleted", entry.code, before={"provider_id": provider_id, **facts(entry)})


def facts(entry: Entry) -> dict[str, Any]:
    """What an event tells of an entry: no text that somebody typed."""
    told: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: value for name, value in told.items() if name in ("file", "modifiers", "fee_cents", "type")}
