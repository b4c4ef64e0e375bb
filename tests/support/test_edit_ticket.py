"""PATCH /tickets/{number}."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.support.steps import filed, history_of, listed, shown, ticket_body
from tests.world import World


@pytest.fixture
def number(api: Api, cast: Cast) -> int:
    """A ticket of the site admin's."""
    return filed(api, cast.site_admin, cc=["pat"])


def test_its_owner_and_the_team_edit_it_and_every_list_follows(api: Api, cast: Cast, number: int) -> None:
    path = f"/tickets/{number}"
    edit = {"subject": "Scanner scans nothing", "category": "question", "priority": "high", "cc": ["sue", "ADA"]}
    answer = api.patch(path, edit, cast.site_admin.token, version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert {**answer.json_body, **edit, "cc": ["sue"]} == answer.json_body
    assert answer.json_body["body"].startswith("It is on")
    assert listed(api, cast.support_user, "view=team&q=scan") == [number]
    assert listed(api, cast.support_user, "view=team&q=print") == []
    assert listed(api, cast.plain_user, "view=cc") == []
    assert listed(api, cast.support_user, "view=cc&category=question") == [number]
    assert api.get(path, cast.plain_user.token).status_code == 404
    line = history_of(api, cast.site_admin, number)[0]
    assert line["after"]["fields"] == ["category", "cc", "priority", "subject"]
    assert api.patch(path, {"priority": "low"}, cast.support_user.token, version=2).status_code == 200


def test_who_is_copied_in_does_not_edit(api: Api, cast: Cast, number: int) -> None:
    refused = api.patch(f"/tickets/{number}", {"priority": "low"}, cast.plain_user.token, version=1)
    assert (refused.status_code, refused.json_body["code"]) == (403, "may_not_file")
    sues = filed(api, cast.support_user, cc=["ada"])
    refused = api.patch(f"/tickets/{sues}", {"priority": "low"}, cast.site_admin.token, version=1)
    assert (refused.status_code, refused.json_body["code"]) == (403, "not_your_ticket")


def test_an_edit_of_another_version_loses_nothing(api: Api, cast: Cast, number: int, world: World) -> None:
    path = f"/tickets/{number}"
    api.post(f"{path}/comments", {"body": "Meanwhile"}, cast.plain_user.token)
    before = world.everything()
    stale = api.patch(path, {"priority": "low"}, cast.site_admin.token, version=1)
    assert (stale.status_code, stale.json_body["code"]) == (412, "stale_version")
    assert api.patch(path, {"priority": "low"}, cast.site_admin.token).status_code == 428
    assert world.everything() == before


def test_an_edit_that_changes_nothing_is_no_change(api: Api, cast: Cast, number: int, world: World) -> None:
    before = world.everything()
    same = {"priority": "normal", "cc": ["pat"], "subject": ticket_body()["subject"]}
    assert api.patch(f"/tickets/{number}", same, cast.site_admin.token, version=1).json_body["version"] == 1
    assert world.everything() == before


def test_what_a_ticket_asks_for_is_decided_and_not_edited(api: Api, cast: Cast, number: int) -> None:
    asked = {"username": "pat", "role": "support_user", "action": "add"}
    typed = filed(api, cast.site_admin, category="role_change", request=asked)
    for target, edit, status, code in (
        (number, {"category": "role_change"}, 422, "invalid_value"),
        (typed, {"category": "question"}, 422, "invalid_value"),
        (typed, {"status": "solved"}, 409, "decision_pending"),
        (number, {"status": "open"}, 409, "wrong_status"),
    ):
        refused = api.patch(f"/tickets/{target}", edit, cast.site_admin.token, version=1)
        assert (refused.status_code, refused.json_body["code"]) == (status, code), edit


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"cc": ["eve"]}, "cc[0]"),
        ({"cc": ["pat"] * 11}, "cc"),
        ({"subject": "a\nb"}, "subject"),
        ({"number": 2}, "number"),
    ],
)
def test_bad_edits_are_refused(api: Api, cast: Cast, number: int, edit: dict[str, Any], field: str) -> None:
    refused = api.patch(f"/tickets/{number}", edit, cast.site_admin.token, version=1)
    assert (refused.status_code, refused.json_body["errors"][0]["field"]) == (422, field)
    assert shown(api, cast.site_admin, number)["version"] == 1
