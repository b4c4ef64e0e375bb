"""POST /emergency-tickets."""

from collections import Counter
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from chalicelib import clock, store
from chalicelib.support.tables import TicketRow
from tests.api import Api, calls_recorded, from_address
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


def test_one_that_is_sent_again_under_its_key_is_filed_once(api: Api, cast: Cast) -> None:
    answers = [api.post("/emergency-tickets", _call(), key="sent twice") for _ in range(7)]
    assert {(each.status_code, each.body) for each in answers} == {(202, answers[0].body)}
    assert _filed() == {cast.site_admin.practice_id: 1}
    other = api.post("/emergency-tickets", _call(subject="Another"), key="sent twice")
    assert (other.status_code, other.json_body["code"]) == (422, "idempotency_key_reused")


def _filed() -> dict[str, int]:
    """How many tickets each practice has."""
    return dict(Counter(row.pk for row in TicketRow.scan(TicketRow.sk.startswith("ticket#"))))


def _from(api: Api, network: int, count: int, **named: Any) -> list[Any]:
    """So many calls from one network."""
    with from_address(f"198.51.{network}.1"):
        return [api.post("/emergency-tickets", _call(**named)) for _ in range(count)]


def test_one_network_opens_five_an_hour(api: Api, cast: Cast) -> None:
    answers = [api.post("/emergency-tickets", _call(username=f"user{number}")) for number in range(6)]
    assert [each.status_code for each in answers] == [202] * 5 + [429]
    assert int(answers[5].headers["Retry-After"]) == 3600
    with from_address("198.51.100.7"):
        assert api.post("/emergency-tickets", _call()).status_code == 202
    with clock.frozen(NOON + timedelta(hours=1)):
        assert api.post("/emergency-tickets", _call()).status_code == 202


def test_one_practice_takes_ten_an_hour_into_its_lists_and_more_are_the_vendors(
    api: Api, cast: Cast, world: World
) -> None:
    bodies = {_from(api, network, 1)[0].body for network in range(12)}
    assert len(bodies) == 1
    assert listed(api, cast.support_user, "view=team&limit=100") == list(range(10, 0, -1))
    assert _filed() == {cast.site_admin.practice_id: 10, "public": 2}
    api.tick("relay_events")
    told = [each.body for each in world.topic_messages("support")]
    assert sum("Practice: Elm Street Clinic (public)" in body for body in told) == 2
    with clock.frozen(NOON + timedelta(hours=1)):
        _from(api, 0, 1)
    assert _filed()[cast.site_admin.practice_id] == 11


def test_who_is_known_shows_neither_in_answers_nor_in_refusals_however_many_came_before(api: Api, cast: Cast) -> None:
    for network in (1, 2):
        _from(api, network, 5, username="nobody")
        _from(api, 10 + network, 5, username="ada")
    asked = {"ada": 21, "pat": 22, "nobody": 23, "nobody.else": 24, "max": 25}
    answers = {name: _from(api, network, 7, username=name) for name, network in asked.items()}
    told = {name: [(each.status_code, each.body) for each in found] for name, found in answers.items()}
    assert [status for status, _ in told["ada"]] == [202] * 5 + [429] * 2
    assert all([status for status, _ in each] == [202] * 5 + [429] * 2 for each in told.values())
    assert {body for each in told.values() for status, body in each if status == 202} == {told["ada"][0][1]}


def test_whoever_is_thanked_has_a_ticket_even_for_a_mistyped_name_among_many(api: Api, cast: Cast) -> None:
    names = ("adda", "ada", "nobody")
    answers = [each for network in range(30) for each in _from(api, network, 6, username=names[network % 3])]
    thanked = sum(each.status_code == 202 for each in answers)
    assert thanked == 30 * 5
    assert _filed() == {cast.site_admin.practice_id: 10, "public": 140}


def test_what_comes_at_the_very_instant_in_which_a_practice_is_full_is_filed_too(api: Api, cast: Cast) -> None:
    for network in range(9):
        _from(api, network, 1)
    transact, others = store._transact, iter([10])

    def overtaken(writes: Any) -> None:
        if network := next(others, None):
            assert _from(api, network, 1)[0].status_code == 202
        transact(writes)

    with patch.object(store, "_transact", overtaken):
        assert _from(api, 11, 1)[0].status_code == 202
    assert _filed() == {cast.site_admin.practice_id: 10, "public": 1}


def test_every_name_takes_the_same_calls(api: Api, cast: Cast) -> None:
    def calls(network: int, **named: Any) -> list[str]:
        with calls_recorded() as made:
            _from(api, network, 1, **named)
        return made

    usual = calls(1, username="ada")
    assert calls(2, username="nobody") == usual
    for network in range(3, 13):
        _from(api, network, 1)
    assert calls(13, username="ada") == calls(14, username="pat") == usual


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
