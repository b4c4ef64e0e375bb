"""Forms: their fields become the very command that the API makes of JSON, and come back as they were typed."""

import re
import secrets
import types
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qs

import msgspec

from chalicelib.errors import FieldError, Invalid, Malformed, Problem, UnsupportedMediaType
from chalicelib.validation import convert

T = TypeVar("T")
Typed = Mapping[str, list[str]]
_MOST_FIELDS = 5000
_MEDIA_TYPE = "application/x-www-form-urlencoded"
_AMOUNT = r"\s*\$?\s*([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{2}))?\s*"
_DOLLARS = "This must be an amount in dollars, such as 32 or 32.00, of less than $1,000,000."


class Hidden(NamedTuple):
    """What our own forms bring beside their fields."""

    token: str = ""
    key: str = ""
    version: str = ""
    next: str = ""


class Refused(NamedTuple):
    """A form that was sent and refused: its action's name, what was typed, where it was to lead, and why."""

    form: str
    typed: Typed
    next: str
    problem: Problem

    @property
    def stale(self) -> bool:
        """Somebody else has saved meanwhile what it began with."""
        return self.problem.status == 412

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with each field; an entry of a list is typed into the list's field."""
        found: dict[str, list[str]] = {}
        for field, message in self.problem.errors:
            found.setdefault(field.partition("[")[0], []).append(message)
        return {field: " ".join(messages) for field, messages in found.items()}


def parse(body: bytes, content_type: str) -> tuple[Hidden, Typed]:
    """What a browser posts. Raises UnsupportedMediaType, Malformed."""
    if content_type.partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise UnsupportedMediaType("Send the form as it is.")
    try:
        typed = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Malformed("This is no form of ours.") from None
    hidden = Hidden(**{name: typed.pop(f"_{name}", [""])[-1] for name in Hidden._fields})
    return hidden, {name: [value.replace("\r\n", "\n") for value in values] for name, values in typed.items()}


def command(kind: type[T], typed: Typed) -> T:
    """The fields as the Struct `kind`: a dot in a name leads into a Struct or mapping in it, a name that occurs again,
    or a blank in it, begins the next entry of a list. A field left empty is one that was not given, or None where the
    type has that. A field of cents is typed in dollars. Blanks around what is typed or pasted are not meant, but in a
    password.

    Raises Invalid naming every bad field.
    """
    try:
        return convert(kind, _data(kind, {name: _meant(name, values) for name, values in typed.items()}), strict=False)
    except Invalid as refused:
        told = (FieldError(each.field, _DOLLARS) if _is_money(each.field) else each for each in refused.errors)
        raise Invalid(errors=tuple(told)) from None


def _meant(name: str, values: list[str]) -> list[str]:
    return values if "password" in name else [value.strip() for value in values]


def _data(kind: Any, typed: Typed) -> dict[str, Any]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    data: dict[str, Any] = {}
    inner: dict[str, dict[str, list[str]]] = {}
    for name, values in typed.items():
        head, dot, rest = name.partition(".")
        if dot and head in fields:
            inner.setdefault(head, {})[rest] = values
        elif name not in fields:
            data[name] = values[-1]  # refused by its name
        else:
            given = _value(fields[name].type, [_cents(values[-1])] if _is_money(name) else values)
            if given != "" or _kinds(fields[name].type, msgspec.UnsetType):
                data[name] = given
    for head, part in inner.items():
        data[head] = _inner(fields[head].type, part)
    return data


def _inner(kind: Any, typed: Typed) -> dict[str, Any]:
    for struct in _kinds(kind, msgspec.Struct):
        return _data(struct, typed)
    lists = any(get_origin(each) is list for part in _parts(kind) for each in get_args(part))
    return {name: values if lists else values[-1] for name, values in typed.items()}


def _value(kind: Any, values: list[str]) -> Any:
    if any(get_origin(part) is list for part in _parts(kind)):
        return [each for value in values for each in value.split()]
    return None if values[-1] == "" and _kinds(kind, type(None)) else values[-1]


def _is_money(field: str) -> bool:
    """Whether a field is of cents: people type and read it in dollars."""
    return field.endswith("_cents")


def _cents(text: str) -> str:
    """The dollars that are typed, in cents; what is no amount stays as it is, and is no whole number either."""
    amount = re.fullmatch(_AMOUNT, text)
    return f"{amount[1].replace(',', '')}{amount[2] or '00'}" if amount else text.strip()


def _kinds(kind: Any, wanted: type) -> list[Any]:
    return [part for part in _parts(kind) if isinstance(part, type) and issubclass(part, wanted)]


def _parts(kind: Any) -> Iterator[Any]:
    """The types that a value may be of."""
    if get_origin(kind) in (Union, types.UnionType):
        for part in get_args(kind):
            yield from _parts(part)
    else:
        yield get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


class Form:
    """A form of a page, as its template shows it: the values that it begins with, or what was typed and why it was
    refused. `next`: where it leads, if not where its action says."""

    def __init__(self, name: str, action: str, token: str, values: Any, next_: str, refused: Refused | None) -> None:
        self.name = name
        self.action = action
        self.token = token
        self.key = secrets.token_urlsafe(16)
        self.present: Any = {} if values is None else msgspec.to_builtins(values)
        self.version = self.present.get("version", "")
        self.refused = refused if refused and refused.form == name else None
        self.next = self.refused.next if self.refused else next_
        self.problem = self.refused.problem if self.refused else None
        self.errors = self.refused.errors if self.refused else {}
        self.stale = self.refused is not None and self.refused.stale

    def saved(self, field: str) -> str:
        """The value that the field begins with."""
        value = self.present
        for part in field.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, list):
            return " ".join(map(str, value))
        if _is_money(field) and value is not None:
            return f"{value // 100}.{value % 100:02}"
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    def value(self, field: str) -> str:
        """What the field shows."""
        return self.refused.typed.get(field, [""])[-1] if self.refused else self.saved(field)

    def chosen(self, field: str) -> list[str]:
        """The entries of a list that are chosen."""
        if self.refused:
            return list(self.refused.typed.get(field, []))
        value = self.present.get(field) or []
        return [str(each) for each in value]
