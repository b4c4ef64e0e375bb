"""`check_sla` and `close_solved_tickets`."""

from datetime import timedelta

from chalicelib import clock
from chalicelib.support.rules import ticket_id
from tests.api import Api
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.staff.people import staff_person
from tests.support.steps import filed, history_of, shown
from tests.world import World

DAY = timedelta(days=1)


def _told(api: Api, world: World) -> list[str]:
    """What Support are told of late tickets."""
    api.tick("relay_events")
    return [each.body for each in world.topic_messages("support") if "is late" in each.subject]


def test_support_are_told_once_of_each_promise_that_was_not_kept(api: Api, cast: Cast, world: World) -> None:
    number = filed(api, cast.site_admin, priority="emergency")
    for minutes, done, late in (
        (30, 0, None),
        (31, 1, "first_response"),
        (36, 0, None),
        (240, 0, None),
        (241, 1, "resolution"),
        (999, 0, None),
    ):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            assert api.tick("check_sla")["done"] == done, minutes
            told = _told(api, world)
            assert [body for body in told if late and f"Late: {late}" in body] == told, minutes
            assert len(told) == done
            assert all(f"({cast.site_admin.practice_id})" in body for body in told)
    assert [line["what"] for line in history_of(api, cast.site_admin, number)] == ["sla_breached"] * 2 + ["filed"]


def test_an_answer_that_comes_late_tells_so_itself_when_no_schedule_came_between(
    api: Api, cast: Cast, world: World
) -> None:
    number = filed(api, cast.site_admin, priority="emergency")
    api.tick("relay_events")
    world.topic_messages("support")
    with clock.frozen(NOON + timedelta(minutes=31)):
        place = f"/staff/tickets/{ticket_id(cast.site_admin.practice_id, number)}/comments"
        asked = {"body": "Which one?", "status": "waiting_on_you"}
        assert api.post(place, asked, staff_person().token).status_code == 201
        api.tick("relay_events")
        (told,) = world.topic_messages("support")
        assert "was answered by Support" in told.body
        assert "Late: first_response" in told.body
        assert api.tick("check_sla")["done"] == 0


def test_a_solved_ticket_is_not_late_and_closes_after_28_days_and_is_followed_up(
    api: Api, cast: Cast, world: World
) -> None:
    ada = cast.site_admin
    number = filed(api, ada, priority="high")
    api.patch(f"/tickets/{number}", {"status": "solved"}, ada.token, version=1)
    with clock.frozen(NOON + 28 * DAY - timedelta(seconds=1)):
        assert api.tick("check_sla")["done"] == 0
        assert api.tick("close_solved_tickets")["done"] == 0
    with clock.frozen(NOON + 28 * DAY):
        assert api.tick("close_solved_tickets")["done"] == 1
        assert api.tick("close_solved_tickets")["done"] == 0
    with clock.frozen(NOON + 29 * DAY):
        token = new_session("ada", ada.practice_id)
        path = f"/tickets/{number}"
        assert api.get(path, token).json_body["closed_at"] == clock.to_text(NOON + 28 * DAY)
        for method, route, body in (
            ("POST", f"{path}/comments", {"body": "Again"}),
            ("PATCH", path, {"priority": "low"}),
            ("POST", f"{path}/attachments", {"name": "a.pdf"}),
        ):
            refused = api.request(method, route, body, token=token, headers={"If-Match": "*"})
            assert (refused.status_code, refused.json_body["code"]) == (409, "ticket_closed")
        body = {"subject": "Again", "body": "It is back.", "category": "problem", "priority": "low"}
        follow_up = body | {"follow_up_of": number, "articles_do_not_help": True}
        new = api.post("/tickets", follow_up, token).json_body["number"]
        assert api.get(f"/tickets/{new}", token).json_body["follow_up_of"] == number
        assert api.post("/tickets", follow_up | {"follow_up_of": new}, token).json_body["code"] == "not_closed_yet"
        assert api.post("/tickets", follow_up | {"follow_up_of": 99}, token).status_code == 422


def test_a_reopened_ticket_does_not_close(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin)
    api.patch(f"/tickets/{number}", {"status": "solved"}, cast.site_admin.token, version=1)
    api.post(f"/tickets/{number}/comments", {"body": "No"}, cast.site_admin.token)
    with clock.frozen(NOON + 40 * DAY):
        assert api.tick("close_solved_tickets")["done"] == 0
    assert shown(api, cast.site_admin, number)["status"] == "open"
