"""The scheduled handler `block_dormant`: thirty days without signing in block a username."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.identity import standing_rules
from chalicelib.identity.tables import DormancyRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, make_site_admin, used
from tests.conftest import NOON
from tests.identity.steps import later, login, sign_in
from tests.world import World

ALL = 7
"""The usernames of the cast."""


@pytest.fixture
def others_are_used(cast: Cast) -> None:
    """Nobody but pat is unused for long."""
    with later(days=3650):
        for name in ("ada", "sue", "cleo", "eve", "max"):
            used(name)


def report(**counts: Any) -> dict[str, Any]:
    return {"handler": "block_dormant", "done": 0, "skipped": 0, "failed": 0, "unfinished": False, **counts}


def mails(api: Api, world: World, word: str) -> list[str]:
    """To whom mails with this word in their subject went."""
    api.tick("relay_events")
    return sorted(mail.to for mail in world.emails() if word in mail.subject)


@pytest.mark.parametrize(
    ("days", "left", "dormant"),
    [
        (0, None, False),
        (22.9, None, False),
        (23, 7, False),
        (28.5, 2, False),
        (29, 1, False),
        (29.9, 1, False),
        (30, 0, True),
    ],
)
def test_warnings_begin_seven_days_ahead_and_the_thirtieth_day_blocks(days: float, left: int, dormant: bool) -> None:
    since, now = clock.to_text(NOON), NOON + timedelta(days=days)
    assert (standing_rules.days_left(since, now), standing_rules.is_dormant(since, now)) == (left, dormant)


def test_thirty_days_without_signing_in_block_a_username(
    api: Api, cast: Cast, world: World, others_are_used: None
) -> None:
    with later(days=29.9):
        api.tick("block_dormant")
        assert login("pat").status == "active"
    with later(days=30):
        assert [api.tick("block_dormant")["done"] for _ in range(2)] == [1, 0]
        answer = sign_in(api, "pat")
    assert (answer.status_code, answer.json_body["code"]) == (403, "username_dormant")
    assert "nobody signed in with it for 30 days" in answer.json_body["detail"]
    assert mails(api, world, "was blocked") == ["pat@clinic.example"]
    assert not list(DormancyRow.query("username#pat", DormancyRow.sk == "dormancy"))


def test_it_ends_sessions_that_are_open(api: Api, cast: Cast, others_are_used: None) -> None:
    with later(days=30):
        api.tick("block_dormant")
    assert api.get("/me", cast.plain_user.token).status_code == 401


def test_who_signs_in_is_not_blocked_and_costs_nothing_to_remember(
    api: Api, cast: Cast, world: World, others_are_used: None
) -> None:
    with later(days=20), calls_recorded() as calls:
        assert sign_in(api, "pat").status_code == 201
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]
    with later(days=31):
        assert api.tick("block_dormant") == report(done=1)  # it is to be looked at later
        assert api.tick("block_dormant") == report()
    (row,) = DormancyRow.query("username#pat", DormancyRow.sk == "dormancy")
    assert row.due_at == clock.to_text(NOON + timedelta(days=43))
    assert mails(api, world, "about to be blocked") == []


def test_warns_the_username_and_the_site_admins_once_a_week_and_once_a_day_ahead(
    api: Api, cast: Cast, world: World, others_are_used: None
) -> None:
    done = []
    for days in (22.9, 23, 24, 28, 29, 29.5):
        with later(days=days):
            done.append(api.tick("block_dormant")["done"])
    assert done == [0, 1, 0, 0, 1, 0]
    assert mails(api, world, "about to be blocked") == sorted(2 * ["ada@clinic.example", "pat@clinic.example"])
    bodies = [mail.body.partition("\n\nReference")[0] for mail in world.emails() if "about to be" in mail.subject]
    assert [("in a week" in body, "within a day" in body) for body in bodies] == 2 * [(True, False)] + 2 * [
        (False, True)
    ]
    assert all("/console/users" in body and "pat" not in body for body in bodies)


def test_never_blocks_or_warns_the_last_active_site_admin(api: Api, cast: Cast, world: World) -> None:
    with later(days=30):
        assert api.tick("block_dormant") == report(done=ALL - 1)
        assert {name: login(name).status for name in ("ada", "eve", "pat", "sue", "max")} == {
            "ada": "active",
            "eve": "active",
            "pat": "dormant",
            "sue": "dormant",
            "max": "dormant",
        }
        assert mails(api, world, "was blocked") == sorted(
            f"{name}@clinic.example" for name in ("pat", "sue", "cleo", "max")
        )
        assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 201
        assert api.tick("block_dormant") == report()


def test_of_two_site_admins_that_nobody_uses_one_stays(api: Api, cast: Cast) -> None:
    make_site_admin("sue", cast.site_admin.practice_id)
    with later(days=30):
        api.tick("block_dormant")
        assert sorted([login("ada").status, login("sue").status]) == ["active", "dormant"]


def test_a_site_admin_who_is_the_last_no_more_is_warned_before_being_blocked(
    api: Api, cast: Cast, world: World
) -> None:
    with later(days=3650):
        for name in ("sue", "pat", "cleo", "max"):
            used(name)
    told = {22: 0}
    for days in range(23, 44):
        with later(days=days):
            if days == 31:
                make_site_admin("sue", cast.site_admin.practice_id)
            api.tick("block_dormant")
            told[days] = len(mails(api, world, "about to be blocked"))
    assert [days for days in range(23, 44) if told[days] != told[days - 1]] == [37, 43]
    assert login("ada").status == "active"
    with later(days=44):
        api.tick("block_dormant")
    assert (login("ada").status, login("eve").status) == ("dormant", "active")  # eve is still the last of hers


def test_stops_ahead_of_its_deadline(api: Api, cast: Cast) -> None:
    with later(days=30):
        assert api.tick("block_dormant", milliseconds_left=10_000) == report(unfinished=True)
        assert api.tick("block_dormant") == report(done=ALL - 1)
