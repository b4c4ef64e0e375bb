"""POST /emergency-tickets."""

from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.support.tables import TicketRow
from tests.api import Api, from_address
from tests.cast import Cast
from tests.conftest import NOON
from tests.support.steps import filed, listed, shown
from tests.world import World


def _call(**changes: Any) -> dict[str, Any]:
    return {
        "subject": "Nobody gets in",
        "body": "All of us are refused since this morning.",
        "contact_email": "owner@clinic.example",
        "username": "Ada",
        **changes,
    }


def test_it_opens_an_unverified_emergency_of_the_practice_that_grants_nothing(
    api: Api, cast: Cast, world: World
) -> None:
    filed(api, cast.site_admin)
    answer = api.post("/emergency-tickets", _call())
    assert answer.status_code == 202
    found = shown(api, cast.support_user, 2)
    assert (found["unverified"], found["priority"], found["owner"], found["filed_by"]) == (True, "emergency", None, "")
    assert found["contact_email"] == "owner@clinic.example"
    assert found["sla"]["first_response"]["due"] == clock.to_text(NOON + timedelta(minutes=30))
    assert listed(api, cast.support_user, "view=team") == [2, 1]
    assert api.get("/tickets/2", cast.site_admin.token).status_code == 404
    api.tick("relay_events")
    (told, _) = sorted(world.topic_messages("support"), key=lambda each: "nobody was signed in" not in each.body)
    assert "Priority: emergency" in told.body
    assert "refused since" not in told.body
    assert not [each for each in world.emails() if each.to == "owner@clinic.example"]


def test_the_answer_is_the_same_whatever_is_named(api: Api, cast: Cast) -> None:
    answers = []
    calls: tuple[dict[str, Any], ...] = (
        {"username": "ada"},
        {"username": "nobody"},
        {"username": "#"},
        {"username": None, "practice_id": cast.outsider.practice_id},
        {"username": None, "practice_id": "prc_00000000000000000000000000"},
        {"username": None, "practice_id": "username#ada"},
    )
    for number, named in enumerate(calls):
        with from_address(f"198.51.{number}.1"):
            answers.append(api.post("/emergency-tickets", _call(**named)))
    assert {(each.status_code, each.body) for each in answers} == {(202, answers[0].body)}
    kept = {row.pk: row.as_ticket().number for row in TicketRow.scan(TicketRow.sk.startswith("ticket#"))}
    assert kept == {cast.site_admin.practice_id: 1, cast.outsider.practice_id: 1, "public": 4}


def test_one_network_opens_five_an_hour(api: Api, cast: Cast) -> None:
    answers = [api.post("/emergency-tickets", _call(username=f"user{number}")) for number in range(6)]
    assert [each.status_code for each in answers] == [202] * 5 + [429]
    assert int(answers[5].headers["Retry-After"]) == 3600
    with from_address("198.51.100.7"):
        assert api.post("/emergency-tickets", _call()).status_code == 202
    with clock.frozen(NOON + timedelta(hours=1)):
        assert api.post("/emergency-tickets", _call()).status_code == 202


def test_one_practice_takes_ten_an_hour_and_nobody_learns_that_it_is_full(api: Api, cast: Cast) -> None:
    bodies = set()
    for number in range(12):
        with from_address(f"198.51.{number}.1"):
            bodies.add(api.post("/emergency-tickets", _call()).body)
    assert len(bodies) == 1
    assert listed(api, cast.support_user, "view=team&limit=100") == list(range(10, 0, -1))


def test_patient_data_does_not_hold_it_up_and_both_sides_are_told_where_it_stands(
    api: Api, cast: Cast, world: World
) -> None:
    secret = "SSN 123-45-6789"
    call = _call(body=f"Help {secret}", contact_name="Smith, born 4/12/1961")
    answer = api.post("/emergency-tickets", call)
    assert answer.status_code == 202
    kinds = [("body", ["ssn"]), ("contact_name", ["date_of_birth"])]
    assert [(each["field"], each["kinds"]) for each in answer.json_body["patient_data_found"]] == kinds
    assert "Support are told to take that out." in answer.json_body["detail"]
    assert api.post("/emergency-tickets", call | {"username": "nobody"}).body == answer.body
    assert shown(api, cast.support_user, 1)["body"] == f"Help {secret}"
    api.tick("relay_events")
    told = [each.body for each in world.topic_messages("support")]
    assert all("Looks like patient data: body, contact_name" in body and secret not in body for body in told)
    assert len(told) == 2


def test_something_must_be_named_and_every_bad_field_is(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    refused = api.post("/emergency-tickets", _call(username=None))
    assert [error["field"] for error in refused.json_body["errors"]] == ["username", "practice_id"]
    refused = api.post("/emergency-tickets", {"subject": "a\r\nBcc: x@y.example", "contact_email": "x", "roles": []})
    assert {error["field"] for error in refused.json_body["errors"]} == {"subject", "contact_email", "roles", "body"}
    assert world.everything() == before
