"""From JSON to typed requests: everything that is wrong is named at once, in sentences."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from chalicelib.errors import FieldError, Invalid, Malformed
from chalicelib.validation import Email, Line, ListQuery, NoBody, convert, decode_json


def _even(text: str) -> str | None:
    return None if len(text) % 2 == 0 else "This takes an even number of characters."


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A nested object."""

    email: Email
    zone: Annotated[Line, Meta(extra={"check": _even})] | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One field of each kind."""

    name: Line
    address: Address
    second: Address | None = None
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    share: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    color: Literal["red", "blue"] = "red"
    ready: bool = False
    tags: Annotated[list[str], Meta(max_length=2)] = []
    entries: dict[str, list[int]] = {}
    day: date | None = None
    at: datetime | None = None
    code: Annotated[str, Meta(pattern="^[a-z]+$")] = "x"


GOOD: dict[str, Any] = {"name": "Ada", "address": {"email": "ada@clinic.example"}}


def refusal(data: dict[str, Any], kind: type = Request, *, strict: bool = True) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        convert(kind, data, strict=strict)
    return {error.field: error.message for error in refused.value.errors}


def test_a_good_request_becomes_its_struct() -> None:
    assert convert(Request, GOOD) == Request(name="Ada", address=Address(email="ada@clinic.example"))
    full = GOOD | {"second": GOOD["address"] | {"zone": "even"}, "day": "2026-07-31", "entries": {"a": [1]}}
    assert convert(Request, full).second == Address(email="ada@clinic.example", zone="even")
    assert convert(Request, GOOD | {"second": None}).second is None


def test_every_bad_missing_and_unknown_field_is_named_at_once_with_its_path() -> None:
    bad = {"address": {"email": "nobody", "zone": "odd", "street": "Elm"}, "second": {"zone": 5}, "count": 0, "x": 1}
    assert refusal(bad) == {
        "name": "This field is required.",
        "address.email": "This must be an email address.",
        "address.zone": "This takes an even number of characters.",
        "address.street": "This field is not known here.",
        "second.email": "This field is required.",
        "second.zone": "This must be text or null.",
        "count": "This must be at least 1.",
        "x": "This field is not known here.",
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This takes at least 1 character."),
        ("name", "x" * 101, "This takes at most 100 characters."),
        ("name", " x", "This must be one line of text, without blanks around it or control characters."),
        ("name", 5, "This must be text."),
        ("count", 10**30, "This must be at most 9."),
        ("count", 1.0, "This must be a whole number."),
        ("count", True, "This must be a whole number."),
        ("count", None, "This must be a whole number."),
        ("share", "half", "This must be a number."),
        ("share", 1, "This must be less than 1.0."),
        ("share", 0, "This must be more than 0.0."),
        ("color", "green - at `$.x`", "This must be one of red, blue."),
        ("color", 1, "This must be text."),
        ("ready", "yes", "This must be true or false."),
        ("tags", "a", "This must be a list."),
        ("tags", ["a", "b", "c"], "This takes at most 2 entries."),
        ("address", None, "This must be an object."),
        ("second", [], "This must be an object or null."),
        ("day", "yesterday", "This must be a date such as 2026-07-31."),
        ("at", "now", "This must be an instant such as 2026-07-31T16:00:00Z."),
        ("code", "A1", "This does not have the form asked for."),
    ],
)
def test_a_message_is_a_sentence_without_internals(field: str, value: Any, message: str) -> None:
    assert refusal(GOOD | {field: value}) == {field: message}


def test_a_bad_entry_is_named_by_its_place() -> None:
    assert refusal(GOOD | {"tags": ["a", 5]}) == {"tags[1]": "This must be text."}
    assert refusal(GOOD | {"entries": {"a": [1, "x"]}}) == {"entries.*[1]": "This must be a whole number."}


def test_texts_of_a_query_become_numbers() -> None:
    assert convert(ListQuery, {"limit": "7"}, strict=False) == ListQuery(limit=7)
    assert refusal({"limit": "0", "cursor": "x" * 501, "page": "2"}, ListQuery, strict=False) == {
        "limit": "This must be at least 1.",
        "cursor": "This takes at most 500 characters.",
        "page": "This field is not known here.",
    }


def test_a_route_without_a_body_takes_an_empty_object_and_nothing_in_it() -> None:
    assert convert(NoBody, {}) == NoBody()
    assert refusal({"force": True}, NoBody) == {"force": "This field is not known here."}


def test_thousands_of_strange_fields_make_no_giant_answer() -> None:
    errors = refusal({f"{number:0100}": 1 for number in range(5_000)}, NoBody)
    assert len(errors) <= 20
    assert max(map(len, errors)) <= 60


@pytest.mark.parametrize("text", ["Ada", "Zoë Ünal-O'Neill", "李 明", "مريم", "👩‍⚕️", "x", "a" * 100])
def test_a_line_may_be_in_any_script(text: str) -> None:
    assert convert(Request, GOOD | {"name": text}).name == text


@pytest.mark.parametrize(
    "text", ["a\n", "a\nb", "a\r", "\x00", "a\x7fb", "a\x9bb", "a\u2028b", "\u202eadA", "a\u2066b", "\u00a0a"]
)
def test_a_line_has_no_control_separator_or_direction_characters(text: str) -> None:
    assert refusal(GOOD | {"name": text}).keys() == {"name"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}x", b'{"a":1,"a":1}', b'{"a":"\\ud800"}', b"[" * 50_000]
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode_json(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*Request.__struct_fields__, "stranger"]), JSON))
def test_whatever_is_sent_is_taken_or_refused_in_sentences(changed: dict[str, Any]) -> None:
    errors: tuple[FieldError, ...] = ()
    try:
        assert convert(Request, GOOD | changed) == msgspec.convert(GOOD | changed, Request)
    except Invalid as refused:
        errors = refused.errors
    assert {error.field.partition(".")[0].partition("[")[0] for error in errors} <= changed.keys()
    assert all(error.message.endswith(".") and "`" not in error.message for error in errors)


def test_a_field_that_an_object_names_twice_is_named() -> None:
    many = ", ".join(f'"field{number}": 1' for number in range(5_000))
    with pytest.raises(Malformed, match='the field "twice" twice'):
        decode_json(f'{{"deep": {{{many}, "twice": 1, "twice": 2}}}}'.encode())
