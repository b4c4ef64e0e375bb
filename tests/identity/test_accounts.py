"""GET /accounts: the drop-down."""

from urllib.parse import quote

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, give_access, sign_up_body
from tests.identity.reaching import bring_back, end
from tests.identity.steps import enrol, sign_in

EVERYTHING = dict.fromkeys(("profile", "patients", "codes", "messaging", "reports"), "full")


def reached(api: Api, who: Person, query: str = "") -> list[str]:
    answer = api.get(f"/accounts{query}", who.token)
    assert answer.status_code == 200, answer.body
    return [each["provider_id"] for each in answer.json_body["items"]]


def test_it_lists_the_accounts_of_all_practices_with_names_and_privileges(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="view", codes="full"))
    assert api.get("/accounts", cast.master.token).json_body == {
        "items": [
            {
                "provider_id": cast.provider_id,
                "practice_name": "Elm Street Clinic",
                "provider_name": "Ada Byron",
                "privileges": {
                    "profile": "none",
                    "patients": "view",
                    "codes": "full",
                    "messaging": "none",
                    "reports": "none",
                },
                "access_until": None,
            },
            {
                "provider_id": cast.their_provider_id,
                "practice_name": "Oak Avenue Clinic",
                "provider_name": "Ada Byron",
                "privileges": EVERYTHING,
                "access_until": None,
            },
        ],
        "next_cursor": None,
    }


def test_whoever_signs_up_reaches_the_first_account_with_everything(api: Api) -> None:
    made = api.post("/sign-up", sign_up_body("grace")).json_body
    token = sign_in(api, "grace").json_body["token"]
    enrol(api, token)
    (account,) = api.get("/accounts", token).json_body["items"]
    assert (account["provider_id"], account["privileges"]) == (made["provider"]["id"], EVERYTHING)


def test_a_search_finds_by_beginnings_of_words_of_both_names(api: Api, cast: Cast) -> None:
    for wanted in ("byron", "ADÁ B", "elm str", "street"):
        assert cast.provider_id in reached(api, cast.master, f"?q={quote(wanted)}"), wanted
    assert reached(api, cast.master, "?q=oak") == [cast.their_provider_id]
    assert reached(api, cast.master, "?q=yron") == []


def test_a_cursor_of_one_search_is_refused_by_another(api: Api, cast: Cast) -> None:
    cursor = api.get("/accounts?q=ada&limit=1", cast.master.token).json_body["next_cursor"]
    assert reached(api, cast.master, f"?q=ada&limit=1&cursor={cursor}") == [cast.their_provider_id]
    assert api.get(f"/accounts?q=elm&cursor={cursor}", cast.master.token).status_code == 422


def test_who_reaches_no_account_has_an_empty_list(api: Api, cast: Cast) -> None:
    assert reached(api, cast.plain_user) == []


def test_an_inactive_account_is_left_out_until_it_comes_back(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    assert reached(api, cast.master) == [cast.their_provider_id]
    bring_back(cast.site_admin.practice_id, cast.provider_id)
    assert reached(api, cast.master) == [cast.provider_id, cast.their_provider_id]


def test_it_is_read_page_by_page_past_inactive_ones(api: Api, cast: Cast) -> None:
    more = [api.post("/sign-up", sign_up_body(f"user{number}")).json_body for number in range(3)]
    for each in more:
        give_access("max", each["practice"]["id"], each["provider"]["id"])
    end(cast.outsider.practice_id, cast.their_provider_id)
    expected = [cast.provider_id, *(each["provider"]["id"] for each in more)]
    found, query = [], "?limit=1"
    for _ in expected:
        page = api.get(f"/accounts{query}", cast.master.token).json_body
        found += [each["provider_id"] for each in page["items"]]
        query = f"?limit=1&cursor={page['next_cursor']}"
    assert found == expected
    assert page["next_cursor"] is None


@pytest.mark.parametrize("who", ["plain_user", "clinician"])
def test_ones_cursor_serves_nobody_else(api: Api, cast: Cast, who: str) -> None:
    cursor = api.get("/accounts?limit=1", cast.master.token).json_body["next_cursor"]
    assert api.get(f"/accounts?cursor={cursor}", getattr(cast, who).token).status_code == 422


def test_it_costs_three_reads(api: Api, cast: Cast) -> None:
    with calls_recorded() as calls:
        reached(api, cast.master)
    assert calls == ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:BatchGetItem"]
