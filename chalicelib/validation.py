"""Typed requests: msgspec checks each field, and all bad ones are named at once (msgspec stops at the first)."""

from typing import Annotated, Any, TypeVar, cast

import msgspec
from msgspec import Meta

from chalicelib.errors import FieldError, Invalid, Malformed

T = TypeVar("T")

_LINE = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$(?!\n)"
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=_LINE, description="One line, no outer blanks")]
Email = Annotated[
    str,
    Meta(max_length=254, pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$(?!\n)"),
]
_NAME_SHOWN = 60


class ListQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query of a list route."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    cursor: Annotated[str, Meta(max_length=500)] | None = None


def decode_json(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Malformed when it isn't one."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Malformed("The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise Malformed("The body must be a JSON object.")
    return data


def convert(kind: type[T], data: dict[str, Any], *, strict: bool = True) -> T:
    """`data` as the Struct `kind`. Raises Invalid naming every bad, missing and unknown field.

    `strict` False also reads numbers and booleans from text, for query strings.
    """
    errors: list[FieldError] = []
    value = _struct(kind, data, "", strict, errors)
    if errors:
        raise Invalid(errors=tuple(errors))
    return cast("T", value)


def _struct(kind: Any, data: dict[str, Any], path: str, strict: bool, errors: list[FieldError]) -> Any:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in sorted(data.keys() - fields.keys()):
        errors.append(FieldError(path + name[:_NAME_SHOWN], "This field is not known here."))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in data:
            values[field.name] = _value(field.type, data[name], path + name, strict, errors)
        elif field.required:
            errors.append(FieldError(path + name, "This field is required."))
    return None if errors else kind(**values)


def _value(kind: Any, data: Any, path: str, strict: bool, errors: list[FieldError]) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(data, dict):
        return _struct(kind, data, path + ".", strict, errors)
    try:
        return msgspec.convert(data, kind, strict=strict)
    except (msgspec.ValidationError, RecursionError) as error:
        sentence = str(error).partition(" - at `$")[0].replace("`", "")
        errors.append(FieldError(path, f"{sentence}."))
        return None
