"""Typed requests: msgspec checks each field, and all bad ones are named at once (msgspec stops at the first)."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import Meta

from chalicelib.errors import FieldError, Invalid, Malformed

T = TypeVar("T")

# Control characters, line and paragraph separators, and those that turn the direction of what follows.
_NOT_IN_LINES = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
# Blanks, and letters and marks that look like none: what shows nothing at all is no text either.
_BLANK = r"\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff\uffa0"
LINE = (
    rf"^(?=[^{_NOT_IN_LINES}]*[^{_BLANK}{_NOT_IN_LINES}])"
    rf"[^\s{_NOT_IN_LINES}]([^{_NOT_IN_LINES}]*[^\s{_NOT_IN_LINES}])?$(?!\n)"
)
_NOT_IN_TEXT = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_TEXT = rf"^(?=[^{_NOT_IN_TEXT}]*[^{_BLANK}{_NOT_IN_TEXT}])[^{_NOT_IN_TEXT}]*$(?!\n)"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"^(?!\.|[^@]*\.[.@])[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(\.{_LABEL})+$(?!\n)"
ONE_LINE = "One line of text, without blanks around it or control characters"
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE, description=ONE_LINE)]
Headline = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE, description=ONE_LINE)]
Text = Annotated[
    str,
    Meta(min_length=1, max_length=10_000, pattern=_TEXT, description="Text, with line breaks and tabs where you like"),
]
Email = Annotated[str, Meta(max_length=254, pattern=_EMAIL, description="An email address")]
# A body of nothing but strange fields must not make an answer many times its size.
_STRANGERS_NAMED = 20
_NAME_SHOWN = 60
_ENTRIES_LOOKED_AT = 1_000
_WHOLE = r"\s*-?[0-9]{1,30}\s*"


class ListQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query of a list route."""

    limit: Annotated[int, Meta(ge=1, le=100, description="How many items at most")] = 25
    cursor: Annotated[str, Meta(max_length=500, description="`next_cursor` of the page before")] | None = None


class NoBody(msgspec.Struct, frozen=True):
    """The body of a route that takes none: nothing, or `{}`."""


def decode_json(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Malformed when it isn't one, or names a field twice."""
    try:
        data = msgspec.json.decode(body)
        json.loads(body, object_pairs_hook=_without_twins)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Malformed("The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise Malformed("The body must be a JSON object.")
    return data


def _without_twins(members: list[tuple[str, Any]]) -> None:
    # Of two equal names some readers take the first and some the last: what was checked might not be what is done.
    if len({name for name, _ in members}) < len(members):
        twice = Counter(name for name, _ in members).most_common(1)[0][0]
        raise Malformed(f'An object in the body names the field "{twice[:_NAME_SHOWN]}" twice.')


def convert(kind: type[T], data: dict[str, Any], *, strict: bool = True) -> T:
    """`data` as the Struct `kind`. Raises Invalid naming every bad, missing and unknown field.

    `strict` False also reads whole numbers and booleans from text, for query strings, forms and CSV files. A Struct
    inside a list or a mapping is msgspec's alone: it must forbid unknown fields itself, and only its first bad field
    is named.
    """
    errors: list[FieldError] = []
    value = _struct(kind, data, "", strict, errors)
    if errors:
        raise Invalid(errors=tuple(errors))
    return cast("T", value)


def _struct(kind: Any, data: dict[str, Any], path: str, strict: bool, errors: list[FieldError]) -> Any:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in sorted(data.keys() - fields.keys())[:_STRANGERS_NAMED]:
        errors.append(FieldError(path + name[:_NAME_SHOWN], "This field is not known here."))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in data:
            values[field.name] = _value(field.type, data[name], path + name, strict, errors)
        elif field.required:
            errors.append(FieldError(path + name, "This field is required."))
    return None if errors else kind(**values)


def _value(kind: Any, data: Any, path: str, strict: bool, errors: list[FieldError]) -> Any:
    struct = _struct_in(kind)
    if struct is not None and isinstance(data, dict):
        return _struct(struct, data, path + ".", strict, errors)
    if isinstance(data, str) and not strict and int in _parts(kind):
        # Of text msgspec would read 32.00 and 1e3, too: but whoever types 32.00 does not mean 32 of what is asked for.
        if not re.fullmatch(_WHOLE, data):
            errors.append(FieldError(path, "This must be a whole number, in digits."))
            return None
        data = int(data)
    entries = _entries_of(kind)
    if entries is not None and isinstance(data, list):
        known = len(errors)
        for number, entry in enumerate(data[:_ENTRIES_LOOKED_AT]):
            _value(entries, entry, f"{path}[{number}]", strict, errors)
        if len(errors) > known:
            return None
    try:
        value = msgspec.convert(data, kind, strict=strict)
    except msgspec.ValidationError as error:
        message, where = re.fullmatch(_MESSAGE, str(error)).groups("")  # type: ignore[union-attr]  # matches all text
        errors.append(FieldError(path + where.replace("[...]", ".*"), _sentence(kind, message)))
        return None
    if isinstance(value, str):
        errors.extend(FieldError(path, refusal) for check in _checks(kind) if (refusal := check(value)))
    return value


def _checks(kind: Any) -> Iterator[Callable[[str], str | None]]:
    """The rules of a text's type: `Meta(extra={"check": rule})`, where `rule` gives a sentence or None."""
    return (part.extra["check"] for part in _parts(kind) if isinstance(part, Meta) and part.extra)


def _entries_of(kind: Any) -> Any:
    """What a list of texts or numbers is made of; None for any other type."""
    lists = [part for part in _parts(kind) if get_origin(part) is list]
    (entry,) = get_args(lists[0]) if lists else (None,)
    return None if _struct_in(entry) else entry


def _struct_in(kind: Any) -> Any:
    """The Struct that `kind` is, or that it is one of beside null."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    structs = [each for each in kinds if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    return structs[0] if len(structs) == 1 else None


# --- What msgspec says, for people -------------------------------------------------------------------------------

# Compiled by the first refusal, not while a function starts.
_MESSAGE = r"(?s)(.*?)(?: - at (?:`key` in )?`\$([^`]*)`)?"
_EXPECTED = r"(?s)Expected `([^`]*)`(?: (of length )?(>=|<=|>|<) (\S+)| (matching regex) .*|, got .*)"
_BOUND = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_KIND = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "date": "a date such as 2026-07-31",
    "datetime": "an instant such as 2026-07-31T16:00:00Z",
}


def _sentence(kind: Any, message: str) -> str:
    """What is wrong, without regular expressions, type names or the value that was sent."""
    if expected := re.fullmatch(_EXPECTED, message):
        name, length, bound, limit, pattern = expected.groups()
        if pattern:
            form = next((part.description for part in _parts(kind) if isinstance(part, Meta) and part.description), "")
            return f"This must be {form[0].lower()}{form[1:]}." if form else "This does not have the form asked for."
        if length:
            one, many = ("character", "characters") if "str" in name else ("entry", "entries")
            return f"This takes {_BOUND[bound]} {limit} {one if limit == '1' else many}."
        if bound:
            return f"This must be {_BOUND[bound]} {limit}."
        return f"This must be {' or '.join(_KIND.get(each, each) for each in name.split(' | '))}."
    if message.startswith("Invalid enum value"):
        choices = [str(choice) for part in _parts(kind) if get_origin(part) is Literal for choice in get_args(part)]
        return f"This must be one of {', '.join(choices)}."
    if message.startswith("Invalid RFC3339 encoded "):
        return f"This must be {_KIND.get(message.split()[-1], 'a time')}."
    return "This value is not accepted."


def _parts(kind: Any) -> Iterator[Any]:
    """The type and all that it is made of."""
    yield kind
    for part in get_args(kind):
        yield from _parts(part)
