"""How a form's fields become a command."""

import msgspec
import pytest

from chalicelib.codes.model import EditBillingCode, NewBillingCode
from chalicelib.console.declared import ACTIONS, Action
from chalicelib.console.forms import command, parse
from chalicelib.errors import Invalid, Malformed, UnsupportedMediaType
from chalicelib.identity.usecases.passwords import SetPassword
from chalicelib.identity.usecases.sign_up import SignUp
from chalicelib.model import Privilege, Section
from chalicelib.providers.model import EditProvider, SaveConfiguration
from chalicelib.providers.patient_model import ReassignPatients

FORM = "application/x-www-form-urlencoded"


class Mapped(msgspec.Struct, frozen=True):
    """A command with mappings."""

    privileges: dict[Section, Privilege] | None = None
    entries: dict[str, list[str]] = {}


def test_a_dot_leads_into_a_struct_and_every_bad_field_is_named_by_its_path() -> None:
    typed = {"practice_name": ["Elm"], "provider.first_name": [""], "provider.credential": ["XX"], "strange": ["1"]}
    with pytest.raises(Invalid) as refused:
        command(SignUp, typed)
    assert {error.field for error in refused.value.errors} >= {
        "provider.first_name",
        "provider.credential",
        "provider.last_name",
        "username",
        "strange",
    }


def test_numbers_and_ticks_are_read_and_what_is_left_empty_is_none() -> None:
    typed = {
        "messaging_enabled": ["false", "true"],
        "billable_code_emails": ["false"],
        "default_location": [""],
        "outcome_threshold": ["4"],
    }
    assert command(SaveConfiguration, typed) == SaveConfiguration(outcome_threshold=4)


def test_an_edit_can_clear_only_what_may_be_missing() -> None:
    assert command(EditProvider, {"npi": [""]}).npi is None
    with pytest.raises(Invalid):
        command(EditProvider, {"first_name": [""]})


@pytest.mark.parametrize("text", ["4", " 4 ", "04"])
def test_a_whole_number_is_its_digits(text: str) -> None:
    assert command(SaveConfiguration, {"outcome_threshold": [text]}).outcome_threshold == 4


@pytest.mark.parametrize("text", ["4.0", "4e0", "four", "null", "1,2", "٤", "4 4", "9" * 5000, "6"])
def test_no_other_spelling_is_taken_for_a_whole_number(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        command(SaveConfiguration, {"outcome_threshold": [text]})
    ((field, message),) = refused.value.errors
    assert field == "outcome_threshold"
    assert message == ("This must be at most 5." if text == "6" else "This must be a whole number, in digits.")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        *[
            ("32", 3200),
            ("32.00", 3200),
            (" $32.05 ", 3205),
            ("$1,200", 120_000),
            ("0.29", 29),
            ("999999.99", 99_999_999),
        ],
        *[("", None), (" ", None)],
    ],
)
def test_dollars_are_read_to_the_cent(text: str, cents: int | None) -> None:
    assert command(EditBillingCode, {"fee_cents": [text]}).fee_cents == cents


@pytest.mark.parametrize("text", ["32.5", "32,00", "1e3", "-1", ".50", "1000000", "3 2", "null", "€32"])
def test_what_is_no_amount_is_refused_in_dollars(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        command(EditBillingCode, {"fee_cents": [text]})
    ((field, message),) = refused.value.errors
    assert (field, "in dollars" in message) == ("fee_cents", True)


def test_a_name_that_occurs_again_is_the_next_of_a_list() -> None:
    patients = [f"pat_{number:026}" for number in range(3)]
    assert command(ReassignPatients, {"to": ["prv_1"], "patient_ids": patients}).patient_ids == patients
    assert command(ReassignPatients, {"to": ["prv_1"]}).patient_ids is None


def test_blanks_around_what_is_pasted_are_not_meant_but_in_a_password() -> None:
    typed = {"first_name": [" Ada"], "last_name": ["Byron\u00a0"], "npi": [" "]}
    assert command(EditProvider, typed) == EditProvider("Ada", "Byron", npi=None)
    assert command(SetPassword, {"password": [" four plain words "]}).password == " four plain words "


def test_blanks_in_a_field_part_a_list() -> None:
    made = command(NewBillingCode, {"code": ["G0008"], "description": ["a b"], "modifiers": [" 25  59 ", "LT"]})
    assert (made.description, made.modifiers) == ("a b", ["25", "59", "LT"])


def test_a_dot_leads_into_a_mapping_of_values_or_of_lists() -> None:
    typed = {"privileges.profile": ["full"], "privileges.codes": ["view"], "entries.payers": ["a", "b"]}
    assert command(Mapped, typed) == Mapped({"profile": "full", "codes": "view"}, {"payers": ["a", "b"]})


def test_a_forms_own_fields_are_not_the_commands() -> None:
    hidden, typed = parse(b"_token=t&_key=k&_version=3&_next=%2Fconsole&a=1&a=2&b=x%0D%0Ay", f"{FORM}; charset=UTF-8")
    assert hidden == ("t", "k", "3", "/console")
    assert typed == {"a": ["1", "2"], "b": ["x\ny"]}


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff=1", b"&".join(b"a=1" for _ in range(5001))])
def test_what_is_no_form_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body, FORM)


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_other_media_types_are_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        parse(b"a=1", content_type)


@pytest.mark.parametrize("action", [each for each in ACTIONS if each.commands], ids=lambda action: action.name)
def test_a_form_that_is_sent_empty_is_refused_with_names_or_is_a_command(action: Action) -> None:
    for kind in action.commands:
        empty = {field.encode_name: [""] for field in msgspec.structs.fields(kind)}
        made: object
        try:
            made = command(kind, empty)
        except Invalid as refused:
            made = refused.errors
        assert made
