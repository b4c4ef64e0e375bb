"""GET /tickets."""

import pytest

from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.support.steps import filed, listed


@pytest.fixture
def tickets(api: Api, cast: Cast) -> None:
    """1 and 4 are ada's, 2 and 3 are sue's; pat is copied in on 1 and 2, ada on 3."""
    filed(api, cast.site_admin, subject="Printer broken", cc=["pat"])
    filed(api, cast.support_user, subject="Broken invoice, Büro", cc=["pat"], category="billing", priority="low")
    filed(api, cast.support_user, subject="A question of prints", cc=["ada"], category="question")
    filed(api, cast.site_admin, subject="Printer, printers and 12 invoices", category="billing")
    version = {"If-Match": "*"}
    api.request("PATCH", "/tickets/4", {"status": "solved"}, token=cast.site_admin.token, headers=version)


@pytest.mark.usefixtures("tickets")
def test_views_filters_and_searches_show_the_newest_first(api: Api, cast: Cast) -> None:
    ada, sue, pat, eve = cast.site_admin, cast.support_user, cast.plain_user, cast.outsider
    for who, query, numbers in (
        (ada, "", [4, 1]),
        (ada, "view=my", [4, 1]),
        (ada, "view=cc", [3]),
        (sue, "view=my", [3, 2]),
        (sue, "view=team", [4, 3, 2, 1]),
        (sue, "view=cc", []),
        (pat, "view=my", []),
        (pat, "view=cc", [2, 1]),
        (eve, "view=my", []),
        (ada, "status=solved", [4]),
        (ada, "status=new", [1]),
        (sue, "view=team&category=billing", [4, 2]),
        (sue, "view=team&category=billing&status=new", [2]),
        (sue, "view=team&status=closed", []),
        (sue, "view=team&q=PRINT", [4, 3, 1]),
        (sue, "view=team&q=broken", [2, 1]),
        (sue, "view=team&q=buro+inv", [2]),
        (sue, "view=team&q=print+invoice", [4]),
        (sue, "view=team&q=%233", [3]),
        (sue, "view=team&q=1", [4, 1]),
        (sue, "view=team&q=printer&status=new", [1]),
        (sue, "view=team&q=invoice&category=billing", [4, 2]),
        (ada, "q=print", [4, 1]),
        (ada, "view=cc&q=print", [3]),
        (pat, "view=cc&q=invoice", [2]),
        (eve, "q=print", []),
        (sue, "view=team&q=nothing", []),
    ):
        assert listed(api, who, query) == numbers, (who.username, query)


@pytest.mark.usefixtures("tickets")
@pytest.mark.parametrize("query", ["view=team", "view=team&status=new", "view=team&category=billing", "view=team&q=p"])
def test_pages_follow_one_another_and_take_two_calls_each(api: Api, cast: Cast, query: str) -> None:
    token, everything = cast.support_user.token, listed(api, cast.support_user, query)
    seen: list[int] = []
    cursor = ""
    while True:
        with calls_recorded() as calls:
            answer = api.get(f"/tickets?{query}&limit=1{cursor}", token).json_body
        assert len([each for each in calls if not each.startswith("secretsmanager:")]) == 2
        seen += [each["number"] for each in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    # What is found stands by words on further pages.
    assert seen == everything if "q=" not in query else sorted(seen) == sorted(everything)
    other = api.get(f"/tickets?view=team&status=open&limit=1{cursor}", token)
    assert (other.status_code, other.json_body["errors"][0]["field"]) == (422, "cursor")


def test_the_team_is_for_support_users(api: Api, cast: Cast) -> None:
    for who in (cast.site_admin, cast.plain_user):
        problem = api.get("/tickets?view=team", who.token)
        assert (problem.status_code, problem.json_body["code"]) == (403, "role_required")


def test_a_list_tells_what_a_line_needs_and_no_text(api: Api, cast: Cast) -> None:
    filed(api, cast.site_admin)
    (line,) = api.get("/tickets", cast.site_admin.token).json_body["items"]
    assert {"number", "subject", "status", "priority", "category", "owner", "created_at"} <= line.keys()
    assert "body" not in line
