"""The scheduled handler `end_trials`: a trial is warned of, and ends with its 30th day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.licensing import trial_rules
from chalicelib.licensing.model import Counts, Pool
from chalicelib.licensing.tables import ClaimRow
from chalicelib.licensing.usecases import trials
from chalicelib.notify import when
from tests.api import Api
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.identity.steps import sign_in
from tests.licensing.orders import placed
from tests.providers.endings import deactivated
from tests.world import Message, World

ENDS = NOON + timedelta(days=30)
UNTIL = clock.to_text(ENDS)
OWN_ADMINS = ["ada@clinic.example", "eve@clinic.example"]
"""The site admins of the cast's two practices, both of which are in their trial."""


@contextmanager
def days_before_the_end(days: float) -> Iterator[None]:
    with clock.frozen(ENDS - timedelta(days=days)):
        yield


def told(api: Api, world: World, word: str) -> list[Message]:
    """The mails about trials with this word in their subject, in the order of their addresses."""
    api.tick("relay_events")
    return sorted((each for each in world.emails() if "trial" in each.subject and word in each.subject), key=_to)


def _to(message: Message) -> str:
    return message.to


def status(api: Api, cast: Cast) -> str:
    token = new_session("ada", cast.site_admin.practice_id)
    return str(api.get(f"/providers/{cast.provider_id}", token).json_body["status"])


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (0, 23),
        (22.9, 23),
        (23, 29),
        (28.9, 29),
        (29, 30),
        (31, 30),
    ],
)
def test_what_is_due_next_is_a_warning_to_come_or_the_end(now: float, step: int) -> None:
    assert trial_rules.next_step(UNTIL, NOON + timedelta(days=now)) == clock.to_text(NOON + timedelta(days=step))


def test_warns_the_site_admins_once_seven_days_and_once_one_day_ahead(api: Api, cast: Cast, world: World) -> None:
    done = []
    for days in (7.01, 7, 6, 2, 1, 0.5, 0.01):
        with days_before_the_end(days):
            done.append(api.tick("end_trials")["done"])
            assert status(api, cast) == "active"
    assert done == [0, 2, 0, 0, 2, 0, 0]
    mails = told(api, world, "ends soon")
    assert [each.to for each in mails] == sorted(2 * OWN_ADMINS)
    assert cast.provider_id in mails[0].body
    assert f"Trial ends: {when(UNTIL, 'America/Chicago')}\nPhysician licenses available: 0" in mails[0].body


def test_without_a_bought_license_the_account_goes_inactive_and_accounting_is_told(
    api: Api, cast: Cast, world: World
) -> None:
    with days_before_the_end(0):
        assert [api.tick("end_trials")["done"] for _ in range(2)] == [2, 0]
        assert status(api, cast) == "inactive"
    assert world.pools()[cast.site_admin.practice_id] == Pool()
    mails = told(api, world, "has ended")
    assert [each.to for each in mails] == OWN_ADMINS
    assert "kept for 90 days" in mails[0].body
    (ours,) = (each for each in world.topic_messages("accounting") if cast.provider_id in each.subject)
    assert ours.body.startswith("A free trial ended, and its provider account is inactive")


def test_a_bought_license_takes_the_trials_place_and_nobody_notices(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=1, midlevel=0)
    with days_before_the_end(0):
        api.tick("end_trials")
        assert status(api, cast) == "active"
        token = new_session("ada", cast.site_admin.practice_id)
        lines = [(each["kind"], each["subject"]) for each in api.get("/license-ledger", token).json_body["items"]]
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=1))
    assert {("trial_end", cast.provider_id), ("claim", cast.provider_id)} < set(lines)
    ours, theirs = told(api, world, "has ended")
    assert "goes on with a physician license that your practice has bought" in ours.body
    assert "inactive" in theirs.body
    assert not any(cast.provider_id in each.subject for each in world.topic_messages("accounting"))


def test_a_license_of_the_other_type_does_not_help(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=0, midlevel=1)
    with days_before_the_end(0):
        api.tick("end_trials")
        assert status(api, cast) == "inactive"


def test_the_site_admin_signs_in_after_the_end_buys_and_has_the_account_back(api: Api, cast: Cast) -> None:
    with days_before_the_end(-1):
        api.tick("end_trials")
        session = sign_in(api, "ada", totp=cast.site_admin.code())
        assert session.status_code == 201
        token = session.json_body["token"]
        order = {"physician": 1, "midlevel": 0, "agreement_version": "2026-11", "agreement_accepted": True}
        assert api.post("/license-orders", order, token).status_code == 201
        assert api.post(f"/providers/{cast.provider_id}/reactivation", None, token).json_body["status"] == "active"
        assert api.tick("end_trials")["done"] == 0


def test_an_account_that_was_planned_to_end_later_ends_with_its_trial(api: Api, cast: Cast) -> None:
    assert deactivated(api, cast, cast.provider_id, date="2026-09-01").status_code == 202
    with days_before_the_end(0):
        assert api.tick("end_trials") == report(done=2)
        assert status(api, cast) == "inactive"
    with days_before_the_end(-60):
        assert api.tick("deactivate_due")["done"] == 0


def test_a_trial_that_was_given_up_is_warned_of_no_more_until_it_is_taken_back(api: Api, cast: Cast) -> None:
    with days_before_the_end(7):
        api.tick("end_trials")
    with days_before_the_end(1):
        token = new_session("ada", cast.site_admin.practice_id)
        api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, token)
        assert api.tick("end_trials")["done"] == 1  # the other practice's
        api.post(f"/providers/{cast.provider_id}/deactivation/undo", None, token)
        assert api.tick("end_trials")["done"] == 0
    (claim,) = ClaimRow.query(cast.site_admin.practice_id, ClaimRow.sk.startswith("claim#"))
    assert (claim.trial_until, claim.due_at) == (UNTIL, UNTIL)


def report(**counts: Any) -> dict[str, Any]:
    return {"handler": "end_trials", "done": 0, "skipped": 0, "failed": 0, "unfinished": False, **counts}


def test_stops_ahead_of_its_deadline_and_goes_on_with_the_next_run(api: Api, cast: Cast) -> None:
    with days_before_the_end(0):
        assert api.tick("end_trials", milliseconds_left=10_000) == report(unfinished=True)
        assert api.tick("end_trials") == report(done=2)


def test_the_trial_keeps_its_end_in_another_type(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    assert api.patch(f"/providers/{cast.provider_id}", {"credential": "NP"}, token, version=1).status_code == 200
    placed(api, cast, physician=0, midlevel=1)
    with days_before_the_end(0):
        api.tick("end_trials")
        assert status(api, cast) == "active"


def test_a_license_bought_at_the_last_moment_is_taken_by_the_next_run(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(api, cast, physician=1, midlevel=0)
    with days_before_the_end(0):
        with monkeypatch.context() as before_it_was_bought:
            before_it_was_bought.setattr(trials, "available", lambda *_: 0)
            assert api.tick("end_trials") == report(done=1, skipped=1)
        assert api.tick("end_trials") == report(done=1)
        assert status(api, cast) == "active"
