"""POST /license-decreases, staff's decision, and the scheduled handler `apply_decreases`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import clock
from tests.api import Api
from tests.cast import Cast
from tests.licensing.claims import claim_license
from tests.licensing.orders import placed
from tests.staff.people import approve, decline
from tests.world import World

AUGUST = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)  # midnight in New York


def requested(api: Api, cast: Cast, physician: int = 2) -> dict[str, Any]:
    """A request of the site admin, after buying so many."""
    placed(api, cast, physician=3, midlevel=0)
    answer = api.post("/license-decreases", {"physician": physician}, cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def shown(api: Api, cast: Cast, decrease: dict[str, Any]) -> dict[str, Any]:
    """The request as the practice sees it."""
    return dict(api.get(f"/license-decreases/{decrease['id']}", cast.site_admin.token).json_body)


def test_a_request_changes_nothing_but_tells_support(api: Api, cast: Cast, world: World) -> None:
    before = world.pools()
    decrease = requested(api, cast)
    assert decrease["status"] == "requested"
    token = cast.site_admin.token
    assert api.get(f"/license-decreases/{decrease['id']}", token).json_body == decrease
    assert api.get("/license-decreases", token).json_body["items"] == [decrease]
    assert api.get(f"/license-decreases/{decrease['id']}", cast.outsider.token).status_code == 404
    assert world.pools() != before  # the order
    assert api.get("/licenses", cast.site_admin.token).json_body["physician"]["available"] == 3
    api.tick("relay_events")
    assert world.topic_messages("support")[-1].subject == f"License decrease {decrease['id']} requested"


def test_a_request_below_the_number_in_use_is_refused(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    answer = api.post("/license-decreases", {"physician": 1}, cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "licenses_in_use")
    assert answer.json_body["to_free"] == {"physician": 1, "midlevel": 0}
    assert api.post("/license-decreases", {}, cast.site_admin.token).status_code == 422
    assert world.everything() == before


def test_nobody_is_told_to_free_licenses_that_there_are_not(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=2, midlevel=0)
    answer = api.post("/license-decreases", {"physician": 50, "midlevel": 1}, cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "licenses_in_use")
    assert "your practice has 3 physician licenses and 0 midlevel licenses" in answer.json_body["detail"]
    assert answer.json_body["to_free"] == {"physician": 1, "midlevel": 0}


def test_an_approved_one_takes_effect_with_the_next_billing_period(api: Api, cast: Cast, world: World) -> None:
    decrease = requested(api, cast)
    assert approve(api, cast.site_admin.practice_id, decrease["ticket_number"]).status_code == 200
    approved = shown(api, cast, decrease)
    assert (approved["status"], approved["effective_at"]) == ("approved", clock.to_text(AUGUST))
    with clock.frozen(AUGUST - timedelta(seconds=1)):
        assert api.tick("apply_decreases")["done"] == 0
    with clock.frozen(AUGUST):
        assert [api.tick("apply_decreases")["done"] for _ in range(2)] == [1, 0]
        api.tick("relay_events")
    pool = world.pools()[cast.site_admin.practice_id]
    assert (pool.available.physician, pool.in_use.physician) == (1, 1)
    told = [message.subject for message in world.topic_messages("accounting")]
    assert [f"License decrease {decrease['id']} {word}" in told for word in ("approved", "applied")] == [True, True]


def test_it_never_takes_a_license_that_came_into_use(api: Api, cast: Cast, world: World) -> None:
    decrease = requested(api, cast, physician=3)
    approve(api, cast.site_admin.practice_id, decrease["ticket_number"])
    claim_license(cast, "prv_second", "physician")
    with clock.frozen(AUGUST):
        assert api.tick("apply_decreases")["done"] == 1
    pool = world.pools()[cast.site_admin.practice_id]
    assert (pool.available.physician, pool.in_use.physician) == (0, 2)


def test_a_declined_one_never_takes_effect(api: Api, cast: Cast, world: World) -> None:
    decrease = requested(api, cast)
    assert decline(api, cast.site_admin.practice_id, decrease["ticket_number"]).status_code == 200
    assert shown(api, cast, decrease)["status"] == "declined"
    with clock.frozen(AUGUST):
        assert api.tick("apply_decreases")["done"] == 0
    api.tick("relay_events")
    assert f"License decrease {decrease['id']} declined" in [mail.subject for mail in world.emails()]


def test_it_is_decided_once(api: Api, cast: Cast) -> None:
    decrease = requested(api, cast)
    approve(api, cast.site_admin.practice_id, decrease["ticket_number"])
    again = decline(api, cast.site_admin.practice_id, decrease["ticket_number"])
    assert (again.status_code, again.json_body["code"]) == (409, "already_decided")
    assert shown(api, cast, decrease)["status"] == "approved"
