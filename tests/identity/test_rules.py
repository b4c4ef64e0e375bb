"""The pure rules of identity."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.identity import rules, totp
from chalicelib.identity.model import Privileges
from chalicelib.identity.passwords import common
from chalicelib.identity.sessions import Token, parse_link
from chalicelib.model import SECTIONS, Privilege

NOW = datetime(2026, 7, 2, 16, 0, tzinfo=UTC)


# --- Usernames ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Ada", "ada"),
        ("ADA@Clinic.Example", "ada@clinic.example"),
        ("ＡＤＡ", "ada"),
        ("Straße", "strasse"),
        ("ﬁnn", "finn"),
        ("İzmir", "i̇zmir"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("e\u0301va", "éva"),
        ("①②③", "123"),
    ],
)
def test_spellings_of_one_username_fold_to_one(typed: str, folded: str) -> None:
    assert rules.fold(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@given(st.text())
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert rules.fold(text.casefold()) == rules.fold(text)


@pytest.mark.parametrize("username", ["ada", "a.b", "ada@clinic.example", "zoë+1", "a-b", "x" * 64, "田中さん"])
def test_usernames_that_are_accepted(username: str) -> None:
    assert rules.username_error(username) is None


@pytest.mark.parametrize(
    "username",
    [
        *("", "ab", "x" * 65, ".ada", "ada.", "a da", "a/b", "a#b", "a|b", "a\nb", "ada\n", "a\x00b", "a\u202eb"),
        "ada\u1160",
    ],
)
def test_usernames_that_are_refused(username: str) -> None:
    assert rules.username_error(username)


@given(st.text(max_size=80))
def test_an_accepted_username_is_safe_in_keys_and_tokens(text: str) -> None:
    username = rules.fold(text)
    if rules.username_error(username) is None:
        token = Token("prc_1", username, "secret")
        assert Token.parse(token.text) == token
        assert not set(username) & set("#|/ \n\x00")


# --- Passwords ----------------------------------------------------------------------------------------------

NAMES = ["grace", "Elm Street Clinic", "Ada", "Byron", "O'Neill-Smith"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "graceful degradation",
        "my street has no name",
        "clinical thinking",
        "aaaaaaaaaaab quite",
        "1234567890123 but longer",
        "x" * 63 + " " + "y" * 64,
        "пароль подлиннее",
        "🔑🐎🔋🧷🌲🏔🎻🚲🧊🪁🥁🦉",
        " leading and trailing ",
    ],
)
def test_passwords_that_are_accepted(password: str) -> None:
    assert rules.password_error(password, NAMES, common()) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "12 to 128"),
        ("x2 y3 z4 w5", "12 to 128"),
        ("kq" * 65, "12 to 128"),
        ("passwordpassword", "most common"),
        ("Password!2026", "most common"),
        ("123456789012", "most common"),
        ("987654321098", "most common"),
        ("abcdefghijkl", "most common"),
        ("abcabcabcabc", "most common"),
        ("            ", "most common"),
        ("iloveyou1234!", "most common"),
        ("ｐａｓｓｗｏｒｄ１２３４", "most common"),
        ("elmstreetclinic", "name"),
        ("Elm-Street-Clinic", "name"),
        ("ELM.STREET.2026", "name"),
        ("gracegracegrace", "name"),
        ("Ada Byron 1815", "name"),
        ("grace@clinic!!", "name"),
        ("oneillsmith2026", "name"),
    ],
)
def test_passwords_that_are_refused(password: str, reason: str) -> None:
    assert reason in str(rules.password_error(password, NAMES, common()))


def test_the_commonest_ten_thousand_are_known() -> None:
    assert len(common()) >= 10_000
    assert {"password", "123456", "qwertyuiop", "iloveyou"} <= common()
    assert all(word and word == rules.fold(word) for word in common())


@given(st.text(max_size=140), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_gets_a_verdict(password: str, names: list[str]) -> None:
    message = rules.password_error(password, names, common())
    assert message is None or message.endswith(".")
    if not 12 <= len(password) <= 128:
        assert message


# --- Time zones ---------------------------------------------------------------------------------------------


def test_every_region_of_the_iana_database_is_accepted() -> None:
    regions = [name for name in available_timezones() if "/" in name]
    assert len(regions) > 400
    assert [name for name in regions if rules.time_zone_error(name)] == []


@given(st.text(max_size=40))
def test_any_text_is_a_time_zone_or_refused_in_words(text: str) -> None:
    message = rules.time_zone_error(text)
    assert (message is None) == (text == "UTC" or ("/" in text and text in available_timezones()))


# --- Networks and delays ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source_ip", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, rules.ANYWHERE),
        ("", rules.ANYWHERE),
        ("unknown", rules.ANYWHERE),
    ],
)
def test_the_network_of_an_address(source_ip: str | None, network: str) -> None:
    assert rules.network_of(source_ip) == network


def test_a_network_is_familiar_for_thirty_days_and_anywhere_never_is() -> None:
    networks = rules.with_network({}, "203.0.113.0/24", NOW)
    assert rules.is_familiar(networks, "203.0.113.0/24", NOW + timedelta(days=29))
    assert not rules.is_familiar(networks, "203.0.113.0/24", NOW + timedelta(days=30))
    assert not rules.is_familiar(networks, "198.51.100.0/24", NOW)
    assert not rules.is_familiar({rules.ANYWHERE: int(NOW.timestamp())}, rules.ANYWHERE, NOW)


def test_the_latest_ten_networks_are_kept() -> None:
    networks: dict[str, int] = {}
    for number in range(15):
        networks = rules.with_network(networks, f"10.0.{number}.0/24", NOW + timedelta(minutes=number))
    assert set(networks) == {f"10.0.{number}.0/24" for number in range(5, 15)}


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 960), (11, 1920), (12, 3600), (13, 3600)],
)
def test_the_delay_after_failures(failures: int, seconds: int) -> None:
    assert rules.delay_after(failures) == timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=10**9))
def test_the_delay_never_shrinks_and_never_passes_an_hour(failures: int) -> None:
    assert rules.delay_after(failures) <= rules.delay_after(failures + 1) <= timedelta(hours=1)


@given(st.integers(min_value=0, max_value=12 * 3600))
def test_a_session_ends_when_idle_or_at_its_absolute_end(used_after: int) -> None:
    start = NOW.timestamp()
    absolute, idle = rules.session_ends(start, start + used_after)
    assert absolute == NOW + timedelta(hours=12)
    assert idle == min(absolute, NOW + timedelta(seconds=used_after, minutes=15))


# --- Codes and links ----------------------------------------------------------------------------------------


def test_codes_are_those_of_rfc_6238() -> None:
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert totp.matching_step(seed, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30
        assert totp.matching_step(seed, code, datetime.fromtimestamp(seconds + 30, UTC)) == seconds // 30
        assert totp.matching_step(seed, code, datetime.fromtimestamp(seconds + 60, UTC)) is None


def test_recovery_codes_are_eighty_bits_in_groups_of_four() -> None:
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all([len(group) for group in code.split("-")] == [4, 4, 4, 4] for code in codes)


@given(st.text())
def test_any_text_is_parsed_as_a_link(text: str) -> None:
    owner, secret_hash = parse_link(text)
    assert (owner, secret_hash) == ("", "") or len(secret_hash) == 64


# --- Grants -------------------------------------------------------------------------------------------------

EVERY = [Privileges(*privileges) for privileges in product(get_args(Privilege), repeat=len(SECTIONS))]


def test_privileges_name_the_sections_and_no_others() -> None:
    assert set(Privileges.__struct_fields__) == set(SECTIONS)


def test_a_grant_keeps_what_was_given() -> None:
    assert all(rules.privileges_of(rules.held(privileges)) == privileges for privileges in EVERY)


def test_a_section_that_is_added_later_is_open_to_full_everywhere_alone() -> None:
    later: Any = "telehealth"
    open_to = [each for each in EVERY if rules.privilege_in(rules.held(each), later) != "none"]
    assert open_to == [Privileges(**dict.fromkeys(SECTIONS, "full"))]  # type: ignore[arg-type]  # each is a privilege
    assert rules.allows(rules.FULL_EVERYWHERE, later, "full")


def test_full_includes_view_and_view_does_not_include_full() -> None:
    for privilege, view, full in (("none", False, False), ("view", True, False), ("full", True, True)):
        held: Any = {"codes": privilege}
        assert (rules.allows(held, "codes", "view"), rules.allows(held, "codes", "full")) == (view, full)
        assert not rules.allows(held, "patients", "view")


@pytest.mark.parametrize(
    ("roles", "accounts", "left"),
    [
        (set(), 0, True),
        (set(), 1, False),
        (set(), None, False),
        ({"site_admin"}, 0, False),
        ({"support_user"}, 0, True),
    ],
)
def test_who_had_an_account_and_has_none_and_is_no_site_admin_is_left_with_nothing(
    roles: set[str], accounts: int | None, left: bool
) -> None:
    assert rules.left_with_nothing(roles, accounts) == left
