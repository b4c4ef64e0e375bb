"""`check_sla` and `close_solved_tickets`, and tickets of those who are left without an account."""

from datetime import timedelta

from chalicelib import clock
from chalicelib.identity.tables import UsernameRow
from tests.api import Api
from tests.cast import Cast, give_access, new_session
from tests.conftest import NOON
from tests.support.steps import filed, history_of, listed, shown
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


def test_open_tickets_of_who_loses_the_last_account_become_a_site_admins(api: Api, cast: Cast, world: World) -> None:
    ada, sue = cast.site_admin, cast.support_user
    give_access("sue", ada.practice_id, cast.provider_id)
    open_one, solved = filed(api, sue), filed(api, sue)
    api.patch(f"/tickets/{solved}", {"status": "solved"}, sue.token, version=1)
    preview = api.get(f"/providers/{cast.provider_id}/deactivation-preview", ada.token).json_body
    assert preview["open_tickets"] == 1
    assert {each["username"] for each in preview["usernames"] if each["left_with_nothing"]} >= {"sue", "cleo"}
    path = f"/providers/{cast.provider_id}"
    assert api.post(f"{path}/deactivation", {"confirm": True}, ada.token).status_code == 200
    assert api.get("/tickets", sue.token).status_code == 401
    assert api.get("/users/sue", ada.token).json_body["roles"] == []
    assert api.tick("check_sla")["failed"] == 0
    assert shown(api, ada, open_one)["owner"] == "ada"
    assert shown(api, ada, open_one)["filed_by"] == "sue"
    assert api.get(f"/tickets/{solved}", ada.token).status_code == 404
    assert listed(api, ada) == [open_one]
    assert history_of(api, ada, open_one)[0]["what"] == "passed_on"
    assert api.tick("check_sla")["done"] == 0
    assert api.post(f"{path}/deactivation/undo", token=ada.token).status_code == 200
    assert api.get("/users/sue", ada.token).json_body["roles"] == ["support_user"]
    assert UsernameRow.get("username#sue", "username").roles == {"support_user"}


def test_who_reaches_another_account_keeps_role_and_tickets(api: Api, cast: Cast) -> None:
    sue = cast.support_user
    for account, practice in ((cast.provider_id, sue.practice_id), (cast.their_provider_id, cast.outsider.practice_id)):
        give_access("sue", practice, account)
    number = filed(api, sue)
    api.post(f"/providers/{cast.provider_id}/deactivation", {"confirm": True}, cast.site_admin.token)
    api.tick("check_sla")
    assert shown(api, sue, number)["owner"] == "sue"
