"""GET /reconciliation, the scheduled handler `reconcile_month` and the report by staff command."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib import clock
from chalicelib.licensing.tables import PoolRow
from chalicelib.licensing.usecases import reconciliation
from chalicelib.providers.tables import ListingRow
from tests.api import Api
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.licensing.claims import claim_license
from tests.licensing.orders import FIRST_OF_AUGUST, TOO_LATE, placed
from tests.providers.endings import deactivated
from tests.providers.steps import opened
from tests.staff.people import set_note
from tests.world import World, client


def reconciled(api: Api, cast: Cast, as_of: str = "") -> dict[str, Any]:
    token = new_session("ada", cast.site_admin.practice_id)
    answer = api.get("/reconciliation" + (f"?as_of={as_of}" if as_of else ""), token)
    assert answer.status_code == 200, answer.body
    return dict(answer.json_body)


def report(day: str = "2026-07-31") -> str:
    body = client("s3").get_object(Bucket="practice-admin-reports", Key=f"reconciliation/{day}.csv")["Body"]
    return str(body.read().decode())


def test_counts_a_practices_licenses_and_amounts(api: Api, cast: Cast) -> None:
    charged, cancelled = placed(api, cast, 2, 1), placed(api, cast, 1, 0)
    api.post(f"/license-orders/{cancelled['id']}/cancel", token=cast.site_admin.token)
    with clock.frozen(TOO_LATE):
        api.tick("charge_due_orders")
        physician, midlevel = reconciled(api, cast)["types"]
    assert physician == {
        "license_type": "physician",
        "ordered": 3,
        "cancelled": 1,
        "charged": 2,
        "decreased": 0,
        "trial": 1,
        "active": 3,
        "in_use": 1,
        "provider_accounts": 1,
        "variance": 0,
        "orphans": [],
        "recurring_cents": 2 * 9900,  # the trial is not billed
        "ordered_cents": charged["lines"][0]["amount_cents"] + cancelled["total_cents"],
        "cancelled_cents": cancelled["total_cents"],
        "charged_cents": charged["lines"][0]["amount_cents"],
    }
    assert (midlevel["ordered"], midlevel["charged"], midlevel["recurring_cents"]) == (1, 1, 5900)


def test_a_past_day_is_what_it_was(api: Api, cast: Cast) -> None:
    placed(api, cast, 2, 0)
    with clock.frozen(NOON + timedelta(days=1)):
        was = reconciled(api, cast, "2026-07-02")
        placed_later = NOON + timedelta(days=5)
    with clock.frozen(placed_later):
        api.post(
            "/license-orders",
            {"physician": 5, "midlevel": 0, "agreement_version": "2026-11", "agreement_accepted": True},
            new_session("ada", cast.site_admin.practice_id),
        )
        assert reconciled(api, cast, "2026-07-02") == was
        assert reconciled(api, cast)["types"][0]["active"] == 8


def test_what_began_before_another_change_and_was_made_after_it_counts(api: Api, cast: Cast) -> None:
    """As when the reactivation's machine took long to start, or its clock is behind."""
    provider_id, token = opened(api, cast)["id"], cast.site_admin.token
    deactivated(api, cast, provider_id)
    with clock.frozen(NOON + timedelta(seconds=5)):
        api.patch(f"/providers/{provider_id}", {"credential": "DO"}, token, 2)
    with clock.frozen(NOON + timedelta(seconds=2)):
        assert api.post(f"/providers/{provider_id}/reactivation", token=token).status_code == 200
    with clock.frozen(NOON + timedelta(days=1)):
        physician = reconciled(api, cast, "2026-07-02")["types"][0]
    assert (physician["in_use"], physician["provider_accounts"], physician["variance"]) == (2, 2, 0)


def test_days_that_were_not_are_refused(api: Api, cast: Cast) -> None:
    for day in ("2026-07-03", "2026-07-01", "0026-07-01", "2026-02-30", "yesterday"):
        answer = api.get(f"/reconciliation?as_of={day}", cast.site_admin.token)
        assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "as_of"), day


def test_who_holds_a_bought_license_after_the_trial_is_no_orphan(api: Api, cast: Cast) -> None:
    placed(api, cast, 1, 0)
    with clock.frozen(NOON + timedelta(days=30)):
        api.tick("end_trials")
        physician = reconciled(api, cast)["types"][0]
    assert (physician["trial"], physician["in_use"], physician["variance"], physician["orphans"]) == (0, 1, 0, [])


def test_custom_billing_has_no_amounts_from_the_day_of_its_note(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, 1, 0)
    with clock.frozen(NOON + timedelta(days=1)):
        set_note(api, cast.site_admin.practice_id, "custom billing")
        now = reconciled(api, cast)
        assert (now["custom_billing"], now["types"][0]["recurring_cents"], now["types"][0]["ordered_cents"]) == (
            True,
            None,
            None,
        )
        assert reconciled(api, cast, "2026-07-02")["types"][0]["recurring_cents"] == 9900
        api.tick("relay_events")
        assert world.topic_messages("accounting")[-1].subject.startswith("Billing note of practice prc_")


def test_a_discrepancy_made_by_hand_is_reported_and_not_repaired(api: Api, cast: Cast, world: World) -> None:
    practice_id = cast.site_admin.practice_id
    pool = PoolRow.key(practice_id).row()
    pool.update(actions=[PoolRow.physician_in_use.set(5)])
    (listed,) = ListingRow.query(practice_id, ListingRow.sk.startswith("list#active#"))
    listed.delete()
    before = world.everything()
    found = reconciled(api, cast)
    assert f"{practice_id}: 5 physician licenses are in use, 1 by the ledger" in found["differences"]
    assert (found["types"][0]["variance"], found["types"][0]["orphans"]) == (1, [cast.provider_id])
    assert _without_sessions(world.everything()) == _without_sessions(before)
    pool.update(actions=[PoolRow.physician_in_use.set(1)])


def test_the_month_is_reported_once_with_every_practice(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, 2, 1)
    with clock.frozen(FIRST_OF_AUGUST):
        runs = [api.tick("reconcile_month") for _ in range(2)]
        api.tick("relay_events")
    assert runs == [{"day": "2026-07-31", "practices": 2, "failed": 0, "finished": True}] * 2
    rows = report().splitlines()
    assert len(rows) == 1 + 2 * 2
    told = [m for m in world.topic_messages("accounting") if "reconciliation" in m.subject]
    assert [message.subject for message in told] == ["License reconciliation of 2026-07-31"]
    assert "Recurring monthly amount: 257.00 USD" in told[0].body
    assert "File: reconciliation/2026-07-31.csv" in told[0].body


def test_the_same_day_gives_the_same_file_byte_for_byte(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, 2, 1)
    restore = world.saved()
    with clock.frozen(NOON + timedelta(days=1)):
        assert api.staff("make_report", day="2026-07-02")["finished"]
    first = report("2026-07-02")
    restore()
    with clock.frozen(NOON + timedelta(days=30)):
        claim_license(cast, "prv_later", "physician")
        assert api.staff("make_report", day="2026-07-02")["finished"]
    assert report("2026-07-02") == first


def test_a_run_that_another_overtakes_does_not_write_over_its_file(
    api: Api, cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(api, cast, 2, 1)
    reconcile, restore = reconciliation.reconcile, world.saved()

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(reconciliation, "reconcile", reconcile)
        assert api.tick("reconcile_month")["finished"] is True
        found: Any = reconcile(*arguments, **named)
        return msgspec.structs.replace(found, practice_name="As it was called")

    with clock.frozen(FIRST_OF_AUGUST):
        assert api.tick("reconcile_month")["finished"] is True
        alone = report()
        restore()
        monkeypatch.setattr(reconciliation, "reconcile", overtaken)
        assert api.tick("reconcile_month")["finished"] is True
    assert report() == alone


def test_a_report_of_a_day_that_is_not_over_is_refused(api: Api, cast: Cast) -> None:
    assert api.staff("make_report", day="2026-07-02")["problem"]["errors"][0]["field"] == "day"


def test_a_run_that_stops_early_is_gone_on_with(api: Api, cast: Cast) -> None:
    with clock.frozen(FIRST_OF_AUGUST):
        assert api.tick("reconcile_month", milliseconds_left=1_000)["finished"] is False
        assert api.tick("reconcile_month")["finished"] is True


def _without_sessions(rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for table in rows.values() for row in table if not row["sk"]["S"].startswith("session#")]
