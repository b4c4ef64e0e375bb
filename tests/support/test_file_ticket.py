"""POST /tickets."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.support.tables import SearchRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, new_session
from tests.conftest import NOON
from tests.identity.reaching import end
from tests.identity.steps import later, login
from tests.providers.steps import licensed
from tests.staff.people import approve
from tests.support.steps import filed, history_of, shown, ticket_body
from tests.world import World


def test_a_site_admin_and_a_support_user_file_tickets(api: Api, cast: Cast) -> None:
    for number, who in enumerate((cast.site_admin, cast.support_user), 1):
        answer = api.post("/tickets", ticket_body(cc=["PAT", who.username, "pat"]), who.token)
        assert (answer.status_code, answer.headers["Location"]) == (201, f"/tickets/{number}")
        assert answer.json_body == {
            "id": f"tkt_{who.practice_id[4:]}_{number}",
            "number": number,
            "status": "new",
            "category": "problem",
            "priority": "normal",
            "created_at": clock.to_text(NOON),
            "version": 1,
        }
        found = shown(api, who, number)
        assert found["subject"] == "The printer of room 2 prints nothing"
        assert found["body"] == "It is on, and it has paper.\nWhat else can we try?"
        assert (found["owner"], found["filed_by"], found["cc"]) == (who.username, who.username, ["pat"])
        assert [line["what"] for line in history_of(api, who, number)] == ["filed"]


def test_others_are_told_whom_to_ask(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for who in (cast.plain_user, cast.clinician):
        problem = api.post("/tickets", ticket_body(), who.token)
        assert (problem.status_code, problem.json_body["code"]) == (403, "may_not_file")
        assert (problem.json_body["site_admins"], problem.json_body["support_users"]) == (["ada"], ["sue"])
    assert world.everything() == before


def test_each_practice_counts_its_own_tickets(api: Api, cast: Cast) -> None:
    filers = (cast.site_admin, cast.outsider, cast.support_user, cast.outsider)
    assert [filed(api, who) for who in filers] == [1, 1, 2, 2]
    assert api.get("/tickets/2", cast.outsider.token).json_body["owner"] == "eve"


def test_a_repeated_request_files_one_ticket(api: Api, cast: Cast) -> None:
    answers = [api.post("/tickets", ticket_body(), cast.site_admin.token, key="once") for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert [each["number"] for each in api.get("/tickets", cast.site_admin.token).json_body["items"]] == [1]


# --- After a search -----------------------------------------------------------------------------------------------


def _searched(who: Person, ago: timedelta = timedelta(0)) -> str:
    SearchRow.new(who.practice_id, "sch_1", who.username, NOON - ago).save()
    return "sch_1"


def test_a_ticket_comes_after_a_search_or_says_that_articles_do_not_help(api: Api, cast: Cast) -> None:
    plain = ticket_body(articles_do_not_help=...)
    problem = api.post("/tickets", plain, cast.site_admin.token)
    assert (problem.status_code, problem.json_body["code"]) == (409, "search_first")
    assert isinstance(problem.json_body["suggested_articles"], list)
    named = plain | {"search_id": _searched(cast.site_admin)}
    assert api.post("/tickets", named, cast.site_admin.token).status_code == 201


@pytest.mark.parametrize(
    ("whose", "ago"),
    [("support_user", timedelta(0)), ("outsider", timedelta(0)), ("site_admin", timedelta(hours=24, seconds=1))],
)
def test_only_ones_own_search_of_the_last_day_counts(api: Api, cast: Cast, whose: str, ago: timedelta) -> None:
    body = ticket_body(articles_do_not_help=..., search_id=_searched(getattr(cast, whose), ago))
    assert api.post("/tickets", body, cast.site_admin.token).json_body["code"] == "search_first"
    assert (
        api.post("/tickets", body | {"search_id": "sch_2"}, cast.site_admin.token).json_body["code"] == "search_first"
    )


# --- Patient data -------------------------------------------------------------------------------------------------


def test_what_looks_like_patient_data_is_warned_of_before_it_is_filed(api: Api, cast: Cast, world: World) -> None:
    body = ticket_body(subject="Chart of MRN 00451288", body="Her SSN is 123-45-6789, born 4/12/1961.")
    before = world.everything()
    problem = api.post("/tickets", body, cast.site_admin.token)
    assert (problem.status_code, problem.json_body["code"]) == (409, "patient_data_found")
    assert problem.json_body["findings"] == [
        {"field": "subject", "kinds": ["mrn"]},
        {"field": "body", "kinds": ["date_of_birth", "ssn"]},
    ]
    assert b"6789" not in problem.body
    assert world.everything() == before
    assert filed(api, cast.site_admin, **(body | {"contains_patient_data": True})) == 1


# --- Copied in ----------------------------------------------------------------------------------------------------


def test_only_active_usernames_of_the_practice_are_copied_in(api: Api, cast: Cast) -> None:
    problem = api.post("/tickets", ticket_body(cc=["sue", "eve", "max", "nobody", "x"]), cast.site_admin.token)
    assert (problem.status_code, problem.json_body["code"]) == (422, "invalid_value")
    assert [error["field"] for error in problem.json_body["errors"]] == ["cc[1]", "cc[2]", "cc[3]", "cc[4]"]


# --- Requests -----------------------------------------------------------------------------------------------------

ROLE = {"username": "pat", "role": "support_user", "action": "add"}


def test_a_site_admin_asks_for_a_role_change(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin, category="role_change", request=ROLE)
    assert shown(api, cast.site_admin, number)["request"] == ROLE


@pytest.mark.parametrize(
    ("category", "request_"),
    [("role_change", ROLE), ("license_decrease", {"physician": 1}), ("owner_change", {"owner_email": "o@x.example"})],
)
def test_others_who_may_file_do_not_ask_for_roles_or_fewer_licenses(
    api: Api, cast: Cast, category: str, request_: Any
) -> None:
    problem = api.post("/tickets", ticket_body(category=category, request=request_), cast.support_user.token)
    assert (problem.status_code, problem.json_body["code"]) == (403, "role_required")


def test_a_ticket_for_fewer_licenses_is_their_request_too(api: Api, cast: Cast) -> None:
    api.post(
        "/license-orders",
        {"physician": 2, "midlevel": 0, "agreement_version": "2026-11", "agreement_accepted": True},
        cast.site_admin.token,
    )
    wanted = {"physician": 1, "midlevel": 0}
    number = filed(api, cast.site_admin, category="license_decrease", request=wanted)
    (decrease,) = api.get("/license-decreases", cast.site_admin.token).json_body["items"]
    assert (decrease["physician"], decrease["status"], decrease["ticket_number"]) == (1, "requested", number)
    assert shown(api, cast.site_admin, number)["request"] == wanted | {"decrease_id": decrease["id"]}
    assert api.post("/license-decreases", {"physician": 1}, cast.site_admin.token).json_body["ticket_number"] == 2
    problem = api.post(
        "/tickets", ticket_body(category="license_decrease", request={"physician": 9}), cast.site_admin.token
    )
    assert (problem.status_code, problem.json_body["code"]) == (409, "licenses_in_use")
    for none in ({}, {"physician": 0, "midlevel": 0}):
        problem = api.post("/tickets", ticket_body(category="license_decrease", request=none), cast.site_admin.token)
        assert [error["field"] for error in problem.json_body["errors"]] == ["request.physician", "request.midlevel"]


def test_a_role_is_given_to_who_is_active_and_taken_from_anybody(api: Api, cast: Cast) -> None:
    assert api.post("/users/sue/deactivate", None, cast.site_admin.token).status_code == 200
    taken, given = ({"username": "sue", "role": "support_user", "action": action} for action in ("remove", "add"))
    number = filed(api, cast.site_admin, category="role_change", request=taken)
    assert approve(api, cast.site_admin.practice_id, number).status_code == 200
    assert login("sue").roles is None
    problem = api.post("/tickets", ticket_body(category="role_change", request=given), cast.site_admin.token)
    assert problem.json_body["errors"][0]["message"] == "Your practice has no such active username."


def test_who_reaches_no_account_is_not_copied_in(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    problem = api.post("/tickets", ticket_body(cc=["pat", "cleo"]), cast.site_admin.token)
    assert (problem.status_code, [each["field"] for each in problem.json_body["errors"]]) == (422, ["cc[1]"])


def test_only_a_site_admin_asks_for_a_reactivation(api: Api, cast: Cast) -> None:
    asked = {"category": "reactivation", "request": {"username": "Pat"}}
    problem = api.post("/tickets", ticket_body(**asked), cast.support_user.token)
    assert (problem.status_code, problem.json_body["code"]) == (403, "role_required")
    number = filed(api, cast.site_admin, **asked)
    assert shown(api, cast.site_admin, number)["request"] == {"username": "pat"}


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"category": "role_change", "request": ROLE},
        {"category": "license_decrease", "request": {"physician": 1}},
    ],
    ids=lambda asked: asked["category"],
)
def test_filing_takes_two_calls_whatever_the_ticket_names(api: Api, cast: Cast, asked: dict[str, Any]) -> None:
    ada = cast.site_admin
    licensed(api, cast, physician=1)
    closed = filed(api, ada)
    api.patch(f"/tickets/{closed}", {"status": "solved"}, ada.token, version=1)
    with later(days=29):
        assert api.tick("close_solved_tickets")["done"] == 1
        token = new_session("ada", ada.practice_id)
        body = ticket_body(
            **asked, cc=["sue", "pat"], search_id=_searched(ada, -timedelta(days=29)), follow_up_of=closed
        )
        with calls_recorded() as calls:
            answer = api.post("/tickets", body | {"articles_do_not_help": False}, token, key="a key")
    assert answer.status_code == 201, answer.body
    counted = [call for call in calls if not call.startswith("secretsmanager:")]
    assert counted == ["dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"]


# --- Who is told --------------------------------------------------------------------------------------------------


def test_its_people_are_mailed_its_number_and_a_link_and_support_is_told(api: Api, cast: Cast, world: World) -> None:
    filed(api, cast.site_admin, subject="A secret subject", body="A secret body", cc=["pat"], priority="high")
    api.tick("relay_events")
    mails = [mail for mail in world.emails() if "Ticket" in mail.subject]
    assert {mail.to for mail in mails} == {"ada@clinic.example", "pat@clinic.example"}
    (told,) = [message for message in world.topic_messages("support") if "Ticket" in message.subject]
    assert "high" in told.body
    for mail in mails:
        assert mail.subject == "Ticket 1 was filed"
        assert "http://127.0.0.1:8000/console/tickets/1\n" in mail.body
    assert not [each for each in (*mails, told) if "secret" in each.subject + each.body]


def test_a_session_that_ended_files_nothing(api: Api, cast: Cast) -> None:
    with clock.frozen(NOON - timedelta(hours=1)):
        token = new_session("ada", cast.site_admin.practice_id)
    assert api.post("/tickets", ticket_body(), token).status_code == 401
