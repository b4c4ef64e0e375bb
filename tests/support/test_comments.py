"""GET /tickets/{number}, GET and POST /tickets/{number}/comments, GET /tickets/{number}/history."""

from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.support.steps import filed, history_of, said_on, shown
from tests.world import World


def test_its_people_and_the_team_read_and_comment_and_nobody_else_learns_of_it(api: Api, cast: Cast) -> None:
    ada, sue, pat = cast.site_admin, cast.support_user, cast.plain_user
    ours, sues = filed(api, ada, cc=["pat"]), filed(api, sue)
    for who, number, status in (
        (ada, ours, 201),
        (sue, ours, 201),
        (pat, ours, 201),
        (cast.clinician, ours, 404),
        (cast.master, ours, 404),
        (cast.outsider, ours, 404),
        (ada, sues, 404),
        (pat, sues, 404),
        (sue, sues, 201),
    ):
        path = f"/tickets/{number}"
        assert api.post(f"{path}/comments", {"body": f"From {who.username}"}, who.token).status_code == status
        expected = 200 if status == 201 else 404
        for route in (path, f"{path}/comments", f"{path}/history"):
            assert api.get(route, who.token).status_code == expected, (who.username, route)
    assert said_on(api, ada, ours) == ["From ada", "From sue", "From pat"]
    missing, hidden = (api.get(f"/tickets/{number}", ada.token).json_body for number in (99, sues))
    assert {**missing, "request_id": ""} == {**hidden, "request_id": ""}


def test_a_comment_is_answered_without_its_text_and_stands_in_the_history_without_it(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin)
    answer = api.post(f"/tickets/{number}/comments", {"body": "Some words"}, cast.site_admin.token, key="once")
    assert (answer.status_code, answer.json_body["status"], answer.json_body["version"]) == (201, "new", 2)
    again = api.post(f"/tickets/{number}/comments", {"body": "Some words"}, cast.site_admin.token, key="once")
    assert answer.body == again.body
    assert b"Some words" not in answer.body
    assert said_on(api, cast.site_admin, number) == ["Some words"]
    (line, _) = history_of(api, cast.site_admin, number)
    assert (line["what"], line["by"], line["after"]["comment_id"]) == ("commented", "ada", answer.json_body["id"])
    audit = api.get("/audit", cast.site_admin.token)
    assert audit.json_body["items"][0]["id"] == line["id"]
    assert b"Some words" not in audit.body


def test_a_comment_on_a_solved_ticket_opens_it_and_tells_support(api: Api, cast: Cast, world: World) -> None:
    number = filed(api, cast.site_admin, cc=["pat"])
    solved = {"status": "solved"}
    assert api.patch(f"/tickets/{number}", solved, cast.site_admin.token, version=1).json_body["status"] == "solved"
    api.tick("relay_events")
    world.topic_messages("support")
    assert shown(api, cast.plain_user, number)["solved_at"] is not None
    said = api.post(f"/tickets/{number}/comments", {"body": "It is back"}, cast.plain_user.token).json_body
    assert said["status"] == "open"
    assert shown(api, cast.plain_user, number)["solved_at"] is None
    api.tick("relay_events")
    assert [each.subject for each in world.topic_messages("support")] == [
        f"Ticket {shown(api, cast.site_admin, number)['id']} has a new comment"
    ]


def test_reading_takes_one_call_and_a_page_of_comments_two_and_commenting_two(api: Api, cast: Cast) -> None:
    path, token = f"/tickets/{filed(api, cast.site_admin)}", cast.site_admin.token
    for method, route, body, most in (
        ("GET", path, None, 1),
        ("GET", f"{path}/comments", None, 2),
        ("GET", f"{path}/history", None, 2),
        ("POST", f"{path}/comments", {"body": "Hello"}, 2),
    ):
        with calls_recorded() as calls:
            assert api.request(method, route, body, token=token).status_code < 300
        assert len(calls) == most, (route, calls)


def test_patient_data_in_a_comment_is_warned_of(api: Api, cast: Cast) -> None:
    path = f"/tickets/{filed(api, cast.site_admin)}/comments"
    problem = api.post(path, {"body": "SSN 123-45-6789"}, cast.site_admin.token)
    assert (problem.status_code, problem.json_body["code"]) == (409, "patient_data_found")
    confirmed = {"body": "SSN 123-45-6789", "contains_patient_data": True}
    assert api.post(path, confirmed, cast.site_admin.token).status_code == 201


def test_markup_is_text(api: Api, cast: Cast) -> None:
    script = "<script>alert('x')</script> {{7*7}} '; DROP TABLE tickets; --"
    number = filed(api, cast.site_admin, subject=script, body=script)
    found = shown(api, cast.site_admin, number)
    assert (found["subject"], found["body"]) == (script, script)
