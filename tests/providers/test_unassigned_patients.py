"""GET /patients?unassigned=true: the patients whom inactive accounts have left behind."""

import pytest

from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.providers.steps import closed, opened, paged, reassign, registered, seeded

QUEUE = "/patients?unassigned=true"


def names(api: Api, cast: Cast, query: str = "") -> list[tuple[str, str]]:
    """Whom the queue shows: account and patient."""
    found = paged(api, cast.site_admin, QUEUE + query)
    assert all(each["provider"]["id"] == each["provider_id"] for each in found)
    return [(each["provider"]["last_name"], each["last_name"]) for each in found]


def left_behind(api: Api, cast: Cast, last_name: str, *patients: str) -> str:
    """An inactive account with these patients."""
    account = str(opened(api, cast, last_name=last_name)["id"])
    for patient in patients:
        registered(api, cast, account, last_name=patient)
    closed(cast, account)
    return account


def test_is_empty_while_everybody_is_with_an_active_account(api: Api, cast: Cast) -> None:
    registered(api, cast)
    assert names(api, cast) == []


def test_names_each_patient_and_the_account_that_was_left(api: Api, cast: Cast) -> None:
    account = left_behind(api, cast, "Zeller", "Ames")
    (found,) = api.get(QUEUE, cast.site_admin.token).json_body["items"]
    assert found["provider"] == {"id": account, "first_name": "Ann", "last_name": "Zeller"}
    assert (found["provider_id"], found["first_name"], found["last_name"]) == (account, "Max", "Ames")


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_pages_go_on_over_the_accounts(api: Api, cast: Cast, limit: int) -> None:
    left_behind(api, cast, "Zeller", "Ames", "Bell", "Cole")
    left_behind(api, cast, "Moss")
    left_behind(api, cast, "Adams", "Dean", "East")
    assert names(api, cast, f"&limit={limit}") == [
        ("Zeller", "Ames"),
        ("Zeller", "Bell"),
        ("Zeller", "Cole"),
        ("Adams", "Dean"),
        ("Adams", "East"),
    ]


def test_a_page_has_the_patients_of_ten_accounts_at_most(api: Api, cast: Cast) -> None:
    for number in range(11):
        left_behind(api, cast, f"Number {number:02}", "Ames")
    with calls_recorded() as calls:
        page = api.get(QUEUE, cast.site_admin.token).json_body
    assert len(page["items"]) == 10
    assert len(calls) == 13
    assert [each[0] for each in names(api, cast)] == [f"Number {number:02}" for number in range(11)]


def test_who_is_reassigned_leaves_the_queue_also_between_two_pages(api: Api, cast: Cast) -> None:
    account = left_behind(api, cast, "Zeller", "Ames", "Bell")
    left_behind(api, cast, "Adams", "Dean")
    first = api.get(f"{QUEUE}&limit=1", cast.site_admin.token).json_body
    assert [each["last_name"] for each in first["items"]] == ["Ames"]
    reassign(api, cast, account, cast.provider_id)
    assert names(api, cast, f"&cursor={first['next_cursor']}") == [("Adams", "Dean")]
    assert names(api, cast) == [("Adams", "Dean")]


def test_shows_what_a_move_of_many_has_not_moved_yet(api: Api, cast: Cast) -> None:
    account = str(opened(api, cast)["id"])
    seeded(cast, account, 46)
    closed(cast, account)
    reassign(api, cast, account, cast.provider_id)
    assert len(names(api, cast)) == 46
    api.tick("continue_reassignments")
    assert names(api, cast) == []


def test_another_practice_has_a_queue_of_its_own(api: Api, cast: Cast) -> None:
    left_behind(api, cast, "Zeller", "Ames")
    assert api.get(QUEUE, cast.outsider.token).json_body == {"items": [], "next_cursor": None}
