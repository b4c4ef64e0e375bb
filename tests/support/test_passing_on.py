"""Tickets of those who may not answer in them any more: `check_sla` passes the open ones on to a site admin."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import people
from chalicelib.support.rules import ticket_id
from chalicelib.support.usecases import patient_warning
from tests.api import Api
from tests.cast import FULL, Cast, enrolled, give_access, make_site_admin
from tests.conftest import NOON
from tests.identity.steps import change, later
from tests.staff.people import approve, staff_person
from tests.support.steps import filed, history_of, listed, shown, ticket_body
from tests.world import World


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


def _deactivated(api: Api, cast: Cast) -> None:
    assert api.post("/users/sue/deactivate", None, cast.site_admin.token).status_code == 200


def _unused(api: Api, cast: Cast) -> None:
    with later(days=30):
        assert api.tick("block_dormant")["done"] >= 1


def _without_roles(cast: Cast) -> None:
    UsernameRow.key("sue").row().update(actions=[UsernameRow.roles.remove()])


def _deleted(api: Api, cast: Cast) -> None:
    _without_roles(cast)
    assert api.delete("/users/sue", cast.site_admin.token).status_code == 204


def _taken_off(api: Api, cast: Cast) -> None:
    give_access("sue", cast.site_admin.practice_id, cast.provider_id)
    path = f"/providers/{cast.provider_id}/usernames/sue"
    assert api.delete(path, cast.site_admin.token).status_code == 204


def _let_in_for_a_time(api: Api, cast: Cast) -> None:
    until = clock.to_text(NOON + timedelta(hours=1))
    give_access("sue", cast.site_admin.practice_id, cast.provider_id, FULL, until)
    with later(hours=2):
        assert api.tick("sweep_expired")["done"] == 1


def _without_a_role_by_ticket(api: Api, cast: Cast) -> None:
    change("sue", accounts=0, roles={"site_admin"})
    make_site_admin("sue", cast.site_admin.practice_id)
    request = {"username": "sue", "role": "site_admin", "action": "remove"}
    number = filed(api, cast.site_admin, category="role_change", request=request)
    assert approve(api, cast.site_admin.practice_id, number).status_code == 200


@pytest.mark.parametrize(
    "leave",
    [_deactivated, _unused, _deleted, _taken_off, _let_in_for_a_time, _without_a_role_by_ticket],
    ids=lambda leave: leave.__name__.strip("_"),
)
def test_whoever_may_not_answer_any_more_has_no_open_ticket(
    api: Api, cast: Cast, leave: Callable[[Api, Cast], None], world: World
) -> None:
    open_one, solved = filed(api, cast.support_user), filed(api, cast.support_user)
    api.patch(f"/tickets/{solved}", {"status": "solved"}, cast.support_user.token, version=1)
    leave(api, cast)
    with later(days=30):
        assert api.tick("check_sla")["failed"] == 0
    assert shown(api, cast.site_admin, open_one)["owner"] == "ada"
    assert api.get(f"/tickets/{solved}", cast.site_admin.token).status_code == 404
    last = history_of(api, cast.site_admin, open_one)[0]
    assert (last["what"], last["by"], last["after"]["owner"]) == ("passed_on", "system:check_sla", "ada")
    api.tick("relay_events")
    passed = f"Ticket {open_one} has another owner"
    assert [mail.to for mail in world.emails() if mail.subject == passed] == ["ada@clinic.example"]


def test_whoever_may_not_answer_any_more_is_copied_in_nowhere_and_nobody_is_mailed_of_that(
    api: Api, cast: Cast, world: World
) -> None:
    ada = cast.site_admin
    closed = filed(api, ada, cc=["pat", "sue"])
    api.patch(f"/tickets/{closed}", {"status": "solved"}, ada.token, version=1)
    with later(days=29):
        assert api.tick("close_solved_tickets")["done"] == 1
    open_one, solved = (filed(api, ada, cc=["pat", "sue"]) for _ in range(2))
    api.patch(f"/tickets/{solved}", {"status": "solved"}, ada.token, version=1)
    _deactivated(api, cast)
    api.tick("relay_events")
    mailed = len(world.emails())
    assert api.tick("check_sla")["failed"] == 0
    api.tick("relay_events")
    assert [shown(api, ada, number)["cc"] for number in (open_one, solved, closed)] == [
        ["pat"],
        ["pat"],
        ["pat", "sue"],
    ]
    assert (history_of(api, ada, open_one)[0]["what"], len(world.emails())) == ("edited", mailed)
    assert listed(api, cast.plain_user, "view=cc") == [solved, open_one, closed]
    assert api.post(f"/tickets/{open_one}/comments", {"body": "It prints."}, ada.token).status_code == 201
    api.tick("relay_events")
    assert {mail.to for mail in world.emails()[mailed:]} == {"ada@clinic.example", "pat@clinic.example"}


def test_who_is_back_before_anybody_has_looked_keeps_them(api: Api, cast: Cast) -> None:
    number = filed(api, cast.support_user)
    _deactivated(api, cast)
    assert api.post("/users/sue/reactivate", None, cast.site_admin.token).status_code == 200
    assert api.tick("check_sla")["failed"] == 0
    assert api.get(f"/tickets/{number}", cast.site_admin.token).status_code == 404


def test_a_solved_ticket_of_who_has_left_finds_an_owner_once_it_is_opened_again(api: Api, cast: Cast) -> None:
    number = filed(api, cast.support_user)
    api.patch(f"/tickets/{number}", {"status": "solved"}, cast.support_user.token, version=1)
    _deactivated(api, cast)
    api.tick("check_sla")
    place = f"/staff/tickets/{ticket_id(cast.site_admin.practice_id, number)}/comments"
    assert api.post(place, {"body": "One thing more."}, staff_person().token).status_code == 201
    api.tick("check_sla")
    assert shown(api, cast.site_admin, number)["owner"] == "ada"


def test_a_ticket_is_passed_on_to_nobody_who_has_left_too(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = cast.site_admin.practice_id
    make_site_admin("pat", practice)
    pat = enrolled("pat", practice)
    number = filed(api, cast.support_user)
    _deactivated(api, cast)
    # The index of usernames still shows ada as she was.
    with monkeypatch.context() as late:
        found = people.site_admins(practice)
        assert api.post("/users/ada/deactivate", None, pat.token).status_code == 200
        late.setattr(people, "site_admins", lambda _: found)
        assert api.tick("check_sla")["failed"] == 0
    assert listed(api, pat) == []
    api.tick("check_sla")
    assert shown(api, pat, number)["owner"] == "pat"


def test_who_loses_the_right_while_filing_files_nothing(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: bool, **__: str) -> None:
        change("sue", status="inactive")

    monkeypatch.setattr(patient_warning, "require_confirmed", meanwhile)
    refused = api.post("/tickets", ticket_body(), cast.support_user.token)
    assert (refused.status_code, refused.json_body["code"]) == (403, "role_required")
