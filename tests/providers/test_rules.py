"""The rules of provider accounts: NPIs, how texts are folded, which terms find an account, where it stands."""

import msgspec
import pytest

from chalicelib.providers.model import CreateProvider, Provider
from chalicelib.providers.npi import npi_error
from chalicelib.providers.rules import found_under, open_account, place, search_terms, shelf_of
from chalicelib.search import clipped, folded


def provider(first_name: str = "Ada", last_name: str = "Byron", email: str = "ab@clinic.example") -> Provider:
    opened, _ = open_account(CreateProvider(first_name, last_name, "MD", email, "1234567893"), "prv_1")
    return opened


# 1234567893 is the example of the CMS's own description of the check digit.
@pytest.mark.parametrize("npi", ["1234567893", "1245319599", "1992999999", "2000000000"])
def test_only_a_right_check_digit_makes_an_npi(npi: str) -> None:
    right = [digit for digit in "0123456789" if npi_error(npi[:9] + digit) is None]
    assert len(right) == 1
    assert npi != "1234567893" or right == ["3"]


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678930", "3234567891", "123456789x", "١٢٣٤٥٦٧٨٩٣", "1234 67893"]
)
def test_what_has_not_ten_digits_is_no_npi(text: str) -> None:
    assert npi_error(text) == "An NPI has ten digits and begins with 1 or 2."


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Zoë", "zoe"),
        ("ZOË", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("İpek", "ipek"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Smith-Jones,  Ann ", "smith jones ann"),
        ("ada.byron@clinic.example", "ada byron clinic example"),
        ("Στέφανος", "στεφανοσ"),
        ("שָׁלוֹם", "שלום"),
        ("李小龍", "李小龍"),
        ("😀", "😀"),
        ("so\u00adft\u200b", "soft"),
        ("...", ""),
    ],
)
def test_texts_are_folded_to_what_people_mean(typed: str, form: str) -> None:
    assert folded(typed) == folded(form) == form


def test_an_account_is_found_by_name_in_both_orders_email_and_npi() -> None:
    assert search_terms(provider()) == ["1234567893", "ab clinic example", "ada byron", "byron ada"]


def test_a_term_that_another_begins_with_is_left_out() -> None:
    assert search_terms(provider(email="ada.byron@clinic.example")) == [
        "1234567893",
        "ada byron clinic example",
        "byron ada",
    ]


def test_every_word_of_a_name_finds_it() -> None:
    found = provider("María del Carmen", "García-Márquez")
    for typed in ("maria", "del carm", "carmen", "garcia", "marquez", "García Márquez, María"):
        assert found_under(found, folded(typed)), typed
    for typed in ("aria", "clinic", "marquez maria"):
        assert found_under(found, folded(typed)) is None, typed


def test_an_account_is_shown_under_the_first_term_that_matches() -> None:
    assert found_under(provider("Ann", "Anders", "z@clinic.example"), "an") == "anders ann"


def test_a_name_without_letters_is_listed_though_nothing_finds_it() -> None:
    assert search_terms(msgspec.structs.replace(provider("-", "."), npi=None, email="-@-.example")) == ["example"]
    assert place(provider("-", ".")) == "\t\tprv_1"


def test_keys_stay_short_whatever_a_name_is() -> None:
    # This sign stands for 18 letters.
    longest = provider("\ufdfa" * 100, " ".join(["😀" * 8] * 11), f"{'x' * 64}@{'y' * 63}.{'z' * 63}.example")
    assert len(place(longest).encode()) <= 80 + 80 + 40
    terms = search_terms(longest)
    assert len(terms) <= 11
    assert max(len(term.encode()) for term in terms) <= 80
    assert found_under(longest, clipped(folded(longest.first_name)))


def test_a_picker_shows_active_accounts_alone() -> None:
    assert shelf_of(None, assignable=True) == shelf_of("active", assignable=True) == "active"
    assert shelf_of("inactive", assignable=True) is None
    assert [shelf_of(status, assignable=False) for status in (None, "active", "inactive")] == [
        "all",
        "active",
        "inactive",
    ]


def test_accounts_stand_in_order_of_last_name_first_name_and_id() -> None:
    names = [("Ann", "Li"), ("Zoe", "Li"), ("Bo", "Li An"), ("Ada", "Ölander"), ("Ada", "Zz")]
    places = [place(provider(first, last)) for first, last in names]
    assert places == sorted(places)
