"""The scheduled handler `sweep_expired`: a trial's data goes 90 days after its end, unless licenses were bought."""

from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.licensing.tables import PoolRow
from chalicelib.licensing.trial_tables import EndedTrialRow
from chalicelib.notify import when
from tests.api import Api
from tests.cast import Cast, new_session, provider_body
from tests.codes.steps import codes
from tests.codes.steps import seeded as codes_seeded
from tests.conftest import NOON
from tests.identity.steps import sign_in
from tests.licensing.orders import order_body
from tests.providers import steps
from tests.providers.endings import deactivated
from tests.providers.removals import (
    ADMINS,
    GOES,
    bought,
    days_after_the_end,
    ended,
    got,
    mails,
    of_account,
    swept,
    with_session,
)
from tests.uploads.steps import completed, objects
from tests.world import World


def test_the_data_is_kept_for_90_days_and_gone_a_day_later(api: Api, cast: Cast, world: World) -> None:
    ours, provider_id = cast.site_admin.practice_id, cast.provider_id
    image = completed(api, cast)
    configured = {"default_location": "Room of Dr. Byron"}
    place = f"/providers/{provider_id}/configuration"
    assert api.put(place, configured, cast.site_admin.token, version=0).status_code == 200
    steps.seeded(cast, provider_id, 3)
    codes_seeded(cast, 40)  # more than one transaction takes
    ended(api, 7)
    with days_after_the_end(90, seconds=-1):
        assert swept(api) == 0
        assert got(api, cast, f"/providers/{provider_id}").status_code == 200
        assert len(codes(api, with_session(cast), "payers")) == 40
    with days_after_the_end(90):
        assert swept(api) == 2
        assert got(api, cast, f"/providers/{provider_id}").status_code == 404
    with days_after_the_end(91):
        assert swept(api) == 3  # the image's file, and both are finished
        assert swept(api) == 0
    assert of_account(world, "PROVIDERS_TABLE", provider_id) == {"roster"}
    assert of_account(world, "IDENTITY_TABLE", provider_id) == set()
    assert of_account(world, "LICENSING_TABLE", provider_id) == {"ledger"}
    assert world.rows("CODES_TABLE") == []
    assert image not in str(objects())
    types = [row["type"]["S"] for row in world.rows("EVENTS_TABLE") if row["pk"]["S"] == ours]
    assert {"provider.deactivated", "trial.removal_ahead", "trial.data_removed", "trial.removal_done"} <= set(types)


def test_site_admins_are_warned_once_a_week_ahead_and_told_at_the_end(api: Api, cast: Cast, world: World) -> None:
    ended(api)
    done = []
    for days in (82.9, 83, 84, 89.9, 90, 91, 92):
        with days_after_the_end(days):
            done.append(swept(api))
    assert done == [0, 2, 0, 0, 2, 2, 0]
    ahead = mails(api, world, "will be removed")
    assert [each.to for each in ahead] == ADMINS
    assert f"Data is removed after: {when(clock.to_text(GOES))}" in ahead[0].body
    assert [each.to for each in mails(api, world, "was removed")] == ADMINS


def test_the_mail_of_the_trials_end_says_until_when_the_data_is_kept(api: Api, cast: Cast, world: World) -> None:
    ended(api)
    assert f"until {when(clock.to_text(GOES), 'America/Chicago')}" in mails(api, world, "has ended")[0].body


def test_a_warning_that_comes_late_is_followed_by_a_week_all_the_same(api: Api, cast: Cast) -> None:
    ended(api)
    for days, done in ((95, 2), (101.9, 0), (102, 2)):
        with days_after_the_end(days):
            assert swept(api) == done


def test_the_practice_is_empty_then_and_begins_anew(api: Api, cast: Cast) -> None:
    ended(api, 7, 0)
    with days_after_the_end(100):
        assert sign_in(api, "ada", totp=cast.site_admin.code()).status_code == 201
        assert swept(api) == 2
        for path in ("/providers", "/patients?unassigned=true", "/accounts", "/license-orders"):
            assert got(api, cast, path).json_body["items"] == [], path
        assert got(api, cast, "/licenses").json_body["physician"] == {"active": 0, "in_use": 0, "available": 0}
        token = new_session("ada", cast.site_admin.practice_id)
        refused = api.post(f"/providers/{cast.provider_id}/reactivation", None, token)
        assert refused.status_code == 404
        for path in ("", "/usernames", "/configuration", "/patients", "/codes/payers", "/deactivation-preview"):
            assert got(api, cast, f"/providers/{cast.provider_id}{path}").status_code == 404, path
        bought(api, cast)
        opened = api.post("/providers", provider_body(), token)
        assert opened.status_code == 201
        assert [each["id"] for each in got(api, cast, "/providers").json_body["items"]] == [opened.json_body["id"]]
        assert api.delete("/users/cleo", token).status_code == 204  # it reaches nothing any more


def test_guests_have_nothing_left_of_it(api: Api, cast: Cast) -> None:
    ended(api, 7, 0)
    with days_after_the_end(91):
        master = new_session("max", cast.outsider.practice_id)
        assert api.get("/accounts", master).status_code == 401  # it was left with nothing long ago


@pytest.mark.parametrize("cancelled", [False, True])
def test_who_bought_a_license_once_keeps_everything(api: Api, cast: Cast, world: World, cancelled: bool) -> None:
    order_id = bought(api, cast)
    if cancelled:
        assert api.post(f"/license-orders/{order_id}/cancel", token=cast.site_admin.token).status_code == 200
        ended(api)
        assert "90 days" not in mails(api, world, "has ended")[0].body
    else:
        assert deactivated(api, cast, cast.provider_id).status_code == 200
    assert not list(EndedTrialRow.query(cast.site_admin.practice_id, EndedTrialRow.sk.startswith("ended#")))
    with days_after_the_end(200):
        swept(api)
        assert got(api, cast, f"/providers/{cast.provider_id}").status_code == 200


def test_an_order_that_is_older_than_the_mark_keeps_everything(api: Api, cast: Cast, world: World) -> None:
    answer = api.post("/license-orders", order_body(0, 2), cast.site_admin.token)  # which nobody uses
    assert answer.status_code == 201
    pool = PoolRow.key(cast.site_admin.practice_id).row()
    pool.update(actions=[PoolRow.bought.remove()])
    ended(api)
    for days in (84, 90, 100):
        with days_after_the_end(days):
            swept(api)
    with days_after_the_end(101):
        assert got(api, cast, f"/providers/{cast.provider_id}").status_code == 200
    assert [each.to for each in mails(api, world, "will be removed")] == ["eve@clinic.example"]
    pool.update(actions=[PoolRow.bought.set(True)])  # what every test's pools must have


def test_a_license_bought_one_second_before_keeps_everything(api: Api, cast: Cast, world: World) -> None:
    steps.seeded(cast, cast.provider_id, 3)
    ended(api, 7)
    with days_after_the_end(90, seconds=-1):
        bought(api, cast)
    with days_after_the_end(90):
        assert swept(api) == 2  # the other practice's goes
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/providers/{cast.provider_id}/reactivation", None, token).status_code == 200
        assert got(api, cast, f"/providers/{cast.provider_id}/patients").json_body["items"] != []
    assert [each.to for each in mails(api, world, "was removed")] == []


def test_a_trial_that_is_given_up_goes_90_days_later_and_not_if_it_is_taken_back(api: Api, cast: Cast) -> None:
    def kept_until() -> list[str]:
        rows = EndedTrialRow.query(cast.site_admin.practice_id, EndedTrialRow.sk.startswith("ended#"))
        return [row.kept_until for row in rows]

    assert deactivated(api, cast, cast.provider_id).status_code == 200
    assert kept_until() == [clock.to_text(NOON + timedelta(days=90))]
    undone = api.post(f"/providers/{cast.provider_id}/deactivation/undo", token=cast.site_admin.token)
    assert undone.status_code == 200
    assert kept_until() == []


def test_an_account_that_comes_back_takes_the_date_away(api: Api, cast: Cast) -> None:
    ended(api)
    with days_after_the_end(1):
        bought(api, cast)
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/providers/{cast.provider_id}/reactivation", None, token).status_code == 200
    assert [row.pk for row in EndedTrialRow.scan(EndedTrialRow.sk.startswith("ended#"))] == [cast.outsider.practice_id]
