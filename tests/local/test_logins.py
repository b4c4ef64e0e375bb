"""Codes of the demo login: each is given out once, and is good for a while when it is."""

from pathlib import Path

import pyotp
import pytest

from local.logins import ADMIN, Authenticator, Logins, NoLogins

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock, five seconds into step 100; sleeping moves it on."""
    clock = [3005.0]
    monkeypatch.setattr("local.logins.time.time", lambda: clock[0])
    monkeypatch.setattr("local.logins.time.sleep", lambda seconds: clock.append(clock.pop() + seconds))
    return clock


def code(step: int) -> str:
    return str(pyotp.TOTP(SECRET).generate_otp(step))


def test_gives_each_code_once_and_waits_when_there_is_no_other(tmp_path: Path, now: list[float]) -> None:
    Logins(Authenticator(SECRET)).save(tmp_path)
    given = [Logins.load(tmp_path).next_code(tmp_path) for _ in range(3)]
    assert given == [code(99), code(100), code(101)]
    assert now == [3030.0]


@pytest.mark.parametrize(("second", "step"), [(3009, 99), (3011, 100), (3029, 100), (3030, 100)])
def test_gives_no_code_that_is_about_to_end(tmp_path: Path, now: list[float], second: float, step: int) -> None:
    now[0] = second
    assert Logins(Authenticator(SECRET)).next_code(tmp_path, lasting=20) == code(step)


def test_each_login_has_codes_of_its_own(tmp_path: Path, now: list[float]) -> None:
    Logins(Authenticator(SECRET), {"demo.support": Authenticator(SECRET)}).save(tmp_path)
    for name in (ADMIN, "demo.support"):
        assert Logins.load(tmp_path).next_code(tmp_path, name=name) == code(99)
    with pytest.raises(NoLogins, match=r"There are codes of demo\.admin, demo\.support\."):
        Logins.load(tmp_path).next_code(tmp_path, name="demo.user")


def test_says_what_to_do_without_a_demo_practice(tmp_path: Path) -> None:
    with pytest.raises(NoLogins, match="start the system with `make run` first"):
        Logins.load(tmp_path)
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(NoLogins, match=r"demo\.json can't be read"):
        Logins.load(tmp_path)
