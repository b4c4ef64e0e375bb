"""Wrong guesses slow down: per username, never a lock that an attacker can make permanent."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.identity import passwords
from tests.api import Api, from_address
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON
from tests.identity.steps import NEW_PASSWORD, WRONG, change, fail, later, mailed_link, sign_in, without_request_id
from tests.world import World

HOME, NEXT_DOOR, ELSEWHERE = "203.0.113.7", "203.0.113.200", "198.51.100.9"


@pytest.fixture(autouse=True)
def _plain_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting is what is tested here, so checking costs nothing."""
    monkeypatch.setattr(passwords, "verify", lambda stored, password: bool(stored) and password != WRONG)


def _after(seconds: float) -> AbstractContextManager[None]:
    return clock.frozen(NOON + timedelta(seconds=seconds))


def test_five_failures_are_free_and_the_sixth_attempt_waits(api: Api, cast: Cast) -> None:
    fail(api, "pat", 4)
    assert sign_in(api, "pat").status_code == 201
    fail(api, "pat", 5)
    refused = sign_in(api, "pat")
    assert (refused.status_code, refused.json_body["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] in ("30", "31")
    with later(seconds=29):
        assert sign_in(api, "pat").status_code == 429
    with later(seconds=31):
        assert sign_in(api, "pat").status_code == 201


def test_the_delay_doubles_up_to_an_hour(api: Api, cast: Cast) -> None:
    fail(api, "pat", 4)
    seconds, delays = 0.0, []
    for _ in range(9):
        with _after(seconds):
            fail(api, "pat", 1)
            delays.append(int(sign_in(api, "pat").headers["Retry-After"]) - 1)
        seconds += delays[-1] + 1
    assert delays == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_attempts_during_the_delay_do_not_count(api: Api, cast: Cast) -> None:
    fail(api, "pat", 5)
    for _ in range(10):
        assert sign_in(api, "pat", WRONG).status_code == 429
    with later(seconds=31):
        assert sign_in(api, "pat").status_code == 201


def test_failures_are_forgotten_after_a_day(api: Api, cast: Cast) -> None:
    fail(api, "pat", 4)
    with later(hours=24, seconds=1):
        fail(api, "pat", 4)
        assert sign_in(api, "pat").status_code == 201


def test_failures_are_forgotten_after_a_success(api: Api, cast: Cast) -> None:
    for _ in range(2):
        fail(api, "pat", 4)
        assert sign_in(api, "pat").status_code == 201


def test_one_username_has_one_counter_however_it_is_spelled(api: Api, cast: Cast) -> None:
    for spelling in ("pat", "PAT", "Ｐａｔ", "pᵃt", "pAT"):
        assert sign_in(api, spelling, WRONG).status_code == 401
    assert sign_in(api, "pat").status_code == 429


def test_an_unknown_username_is_delayed_alike(api: Api, cast: Cast) -> None:
    fail(api, "pat", 5)
    fail(api, "nobody", 5)
    known, unknown = sign_in(api, "pat"), sign_in(api, "nobody")
    assert known.status_code == unknown.status_code == 429
    assert without_request_id(known) == without_request_id(unknown)
    assert known.headers["Retry-After"] == unknown.headers["Retry-After"]


def test_an_attacker_elsewhere_does_not_keep_the_owner_out(api: Api, cast: Cast) -> None:
    with from_address(HOME):
        assert sign_in(api, "pat").status_code == 201
    with from_address(ELSEWHERE):
        fail(api, "pat", 5)
        assert sign_in(api, "pat").status_code == 429
    with from_address(NEXT_DOOR):
        assert sign_in(api, "pat").status_code == 201
    with from_address(ELSEWHERE):
        assert sign_in(api, "pat").status_code == 429


def test_a_new_place_shares_the_counter_of_all_new_places(api: Api, cast: Cast) -> None:
    for number in range(5):
        with from_address(f"198.51.{number}.1"):
            fail(api, "pat", 1)
    with from_address("2001:db8::1"):
        assert sign_in(api, "pat").status_code == 429


def test_a_familiar_place_has_a_limit_too(api: Api, cast: Cast) -> None:
    with from_address(HOME):
        sign_in(api, "pat")
        fail(api, "pat", 5)
        assert sign_in(api, "pat").status_code == 429


def test_a_place_is_familiar_for_thirty_days(api: Api, cast: Cast) -> None:
    with from_address(HOME):
        sign_in(api, "pat")
    with later(days=31):
        with from_address(ELSEWHERE):
            fail(api, "pat", 5)
        with from_address(HOME):
            assert sign_in(api, "pat").status_code == 429


def test_knowing_only_the_password_makes_no_place_familiar(api: Api, cast: Cast) -> None:
    with from_address(ELSEWHERE):
        assert sign_in(api, "ada").json_body["code"] == "totp_required"
        fail(api, "ada", 5)
    with from_address(HOME):
        assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 429


def test_wrong_codes_count_and_asking_for_one_does_not(api: Api, cast: Cast) -> None:
    for _ in range(6):
        assert sign_in(api, "ada").json_body["code"] == "totp_required"
    for code in ("111111", "222222", "333333", "444444", "555555"):
        assert sign_in(api, "ada", totp=code).status_code == 401
    assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 429


def test_being_asked_for_a_code_does_not_forget_failures(api: Api, cast: Cast) -> None:
    for _ in range(4):
        fail(api, "ada", 1)
        sign_in(api, "ada")
    with later(hours=23):
        sign_in(api, "ada")
        fail(api, "ada", 1)
        assert sign_in(api, "ada").status_code == 429


def test_a_mailed_link_makes_its_place_familiar(api: Api, cast: Cast, world: World) -> None:
    with from_address(ELSEWHERE):
        fail(api, "pat", 5)
    with from_address(HOME):
        assert sign_in(api, "pat").status_code == 429
        api.post("/password-resets", {"username": "pat"})
        assert api.post(mailed_link(api, world, "pat@clinic.example"), {"password": NEW_PASSWORD}).status_code == 204
        assert sign_in(api, "pat", NEW_PASSWORD).status_code == 201


# --- Guesses made in parallel: each checks its password before any other is counted --------------------------------


class _Burst:
    """While the first password is being checked, five others fail."""

    def __init__(self, api: Api, username: str) -> None:
        self.api, self.username, self.begun = api, username, False

    def __call__(self, stored: str | None, password: str) -> bool:
        if not self.begun:
            self.begun = True
            fail(self.api, self.username, 5)
        return password == PASSWORD


@pytest.fixture
def burst(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(username: str) -> None:
        monkeypatch.setattr(passwords, "verify", _Burst(api, username))

    return install


def test_a_right_guess_among_many_opens_no_session(api: Api, burst: Any) -> None:
    burst("pat")
    assert sign_in(api, "pat").status_code == 429


def test_a_right_guess_among_many_is_not_told_by_asking_for_a_code(api: Api, burst: Any) -> None:
    burst("ada")
    assert sign_in(api, "ada").status_code == 429


def test_a_right_guess_among_many_is_not_told_by_inactivity(api: Api, burst: Any) -> None:
    change("pat", status="inactive")
    burst("pat")
    assert sign_in(api, "pat").status_code == 429


def test_a_right_guess_among_many_changes_no_password(api: Api, cast: Cast, burst: Any) -> None:
    burst("pat")
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert api.put("/me/password", body, cast.plain_user.token).status_code == 429
