"""GET /help/articles and GET /help/articles/{slug}: read and searched by everybody who is signed in."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.help.library import index
from chalicelib.identity.tables import UsernameRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, new_session
from tests.conftest import NOON
from tests.logs import logged
from tests.support.steps import ticket_body
from tests.world import World


def search(api: Api, who: Person, question: str = "dactivate+a+provider") -> dict[str, Any]:
    answer = api.get(f"/help/articles?q={question}", who.token)
    assert answer.status_code == 200, answer.body
    body: dict[str, Any] = answer.json_body
    return body


def test_everybody_finds_articles_the_best_first_with_the_words_marked(api: Api, cast: Cast) -> None:
    for who in (cast.site_admin, cast.support_user, cast.plain_user, cast.outsider, cast.master):
        found = search(api, who)
        assert "deactivate-a-provider-now" in [each["slug"] for each in found["items"][:3]]
        assert any("<mark>deactivat" in each["snippet"].lower() for each in found["items"])
        assert found["next_cursor"] is None


def test_one_article_is_html_whose_links_are_other_articles(api: Api, cast: Cast) -> None:
    article = api.get("/help/articles/buy-licenses", cast.plain_user.token).json_body
    assert (article["title"], article["section"]) == ("Buy licenses", "Licenses")
    assert '<a href="quotes-and-proration">' in article["html"]


@pytest.mark.parametrize("slug", ["nothing", "..%2Findex", "buy-licenses.md", "Buy-Licenses", "%00", "é"])
def test_an_article_that_is_not_there_is_not_found(api: Api, cast: Cast, slug: str) -> None:
    assert api.get(f"/help/articles/{slug}", cast.plain_user.token).status_code == 404


def test_without_a_question_all_articles_are_listed_page_by_page(api: Api, cast: Cast, world: World) -> None:
    before, slugs, path = world.everything(), [], "/help/articles?limit=40"
    while path:
        page = api.get(path, cast.plain_user.token).json_body
        assert page["search_id"] is None
        slugs += [each["slug"] for each in page["items"]]
        path = page["next_cursor"] and f"/help/articles?limit=40&cursor={page['next_cursor']}"
    assert slugs == [article.slug for article in index().articles]
    assert world.everything() == before


def test_a_question_that_nothing_answers_finds_none_and_counts_as_a_search(api: Api, cast: Cast) -> None:
    found = search(api, cast.plain_user, "xyzzyplugh")
    assert found["items"] == []
    assert found["search_id"]


def test_a_search_is_remembered_without_what_was_searched(api: Api, cast: Cast, world: World) -> None:
    with calls_recorded() as calls:
        found = search(api, cast.plain_user, "born+4/12/1961+SSN+123-45-6789")
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"]
    (row,) = world.rows("SUPPORT_TABLE")
    assert row == {
        "pk": {"S": cast.plain_user.practice_id},
        "sk": {"S": f"search#{found['search_id']}"},
        "username": {"S": "pat"},
        "expires_at": {"N": str(int((NOON + timedelta(hours=24)).timestamp()))},
    }


def test_the_log_of_a_search_does_not_tell_what_was_searched(api: Api, cast: Cast) -> None:
    with logged() as lines:
        search(api, cast.plain_user, "abracadabra+123-45-6789")
    assert [line["route"] for line in lines] == ["GET /help/articles"]
    assert "abracadabra" not in str(lines)
    assert "6789" not in str(lines)


def test_a_ticket_names_ones_own_search_for_a_day(api: Api, cast: Cast) -> None:
    search_id = search(api, cast.support_user)["search_id"]
    body = ticket_body(articles_do_not_help=..., search_id=search_id)
    assert api.post("/tickets", body, cast.support_user.token).status_code == 201
    assert api.post("/tickets", body, cast.site_admin.token).json_body["code"] == "search_first"
    with clock.frozen(NOON + timedelta(hours=24, seconds=1)):
        token = new_session("sue", cast.support_user.practice_id)
        assert api.post("/tickets", body, token).json_body["code"] == "search_first"


def test_who_did_not_search_is_told_of_articles_that_may_help(api: Api, cast: Cast) -> None:
    body = ticket_body(articles_do_not_help=..., subject="How do I buy more licences?")
    problem = api.post("/tickets", body, cast.site_admin.token).json_body
    assert problem["suggested_articles"][0] == {"slug": "buy-licenses", "title": "Buy licenses"}
    assert len(problem["suggested_articles"]) == 3


def test_a_site_admin_who_has_to_set_up_two_factor_can_read_how(api: Api, cast: Cast) -> None:
    UsernameRow.key("ada").row().update(actions=[UsernameRow.totp_seed.remove()])
    assert api.get("/help/articles/set-up-two-factor", cast.site_admin.token).status_code == 200
    assert search(api, cast.site_admin, "two+factor")["items"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"q={'a' * 201}", "q"),
        ("q=a&limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=abc", "cursor"),
        ("q=login&cursor=abc", "cursor"),
        ("question=a", "question"),
    ],
)
def test_bad_queries_are_refused_by_field(api: Api, cast: Cast, query: str, field: str) -> None:
    answer = api.get(f"/help/articles?{query}", cast.plain_user.token)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json_body["errors"]] == [field]


@pytest.mark.parametrize(
    "question", ["%00", "%3Cscript%3E", "%F0%9F%99%82", "+" * 200, "'%22%5C", "a+" * 100, "%E2%80%AE"]
)
def test_no_question_breaks_anything(api: Api, cast: Cast, question: str) -> None:
    assert "<script" not in str(search(api, cast.plain_user, question)).replace("<mark>", "")
