"""GET /providers and GET /providers/{id}."""

from urllib.parse import quote

import pytest

from benchmarks.recorder import recorded
from chalicelib.model import Actor, Event, Practice
from chalicelib.providers.model import CreateProvider
from chalicelib.providers.rules import changed, open_account
from chalicelib.providers.tables import ListingRow
from chalicelib.providers.usecases.accounts import find, replace
from chalicelib.store import Commit, Context
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.providers.steps import check_directory, listed, named, opened

NAMES = ("Zoë Smith-Jones", "Ada Ölander", "Bo Li", "Ann Li", "Maria del Carmen García Márquez", "Sean O'Brien")
# The cast's own, first of all, is Ada Byron.
IN_ORDER = [
    "Ada Byron",
    "Maria del Carmen García Márquez",
    "Ann Li",
    "Bo Li",
    "Sean O'Brien",
    "Ada Ölander",
    "Zoë Smith-Jones",
]


@pytest.fixture
def practice(api: Api, cast: Cast) -> Cast:
    """The cast, with more provider accounts."""
    named(api, cast, *(name if "del" not in name else "Maria Xx" for name in NAMES))
    (maria,) = api.get("/providers?q=maria", cast.site_admin.token).json_body["items"]
    body = {"first_name": "Maria del Carmen", "last_name": "García Márquez", "npi": "1234567893"}
    assert api.patch(f"/providers/{maria['id']}", body, cast.site_admin.token, 1).status_code == 200
    return cast


def deactivated(cast: Cast, provider_id: str) -> None:
    """The account is inactive, and nothing else of what a deactivation does."""
    practice = Practice(cast.site_admin.practice_id, "Elm Street Clinic", "America/Chicago", "standard")
    ctx = Context(Actor("ada", practice.id), NOON, "test", practice=practice)
    before = find(ctx, provider_id)
    commit = Commit(ctx)
    replace(commit, practice.id, before, changed(before, status="inactive"))
    commit.record(Event("test.changed", provider_id))
    commit.write(None)


def test_lists_by_last_name_and_first_name_whatever_the_pages(api: Api, practice: Cast) -> None:
    for limit in (1, 2, 3, 100):
        assert listed(api, practice.site_admin, f"limit={limit}") == IN_ORDER


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoë Smith-Jones"]),
        ("ZOË", ["Zoë Smith-Jones"]),
        ("smi", ["Zoë Smith-Jones"]),
        ("smith jones", ["Zoë Smith-Jones"]),
        ("Smith-Jones, Zoë", ["Zoë Smith-Jones"]),
        ("jones", ["Zoë Smith-Jones"]),
        ("ola", ["Ada Ölander"]),
        ("ada", ["Ada Byron", "Ada Ölander"]),
        ("li", ["Ann Li", "Bo Li"]),
        ("obrien", ["Sean O'Brien"]),
        ("márquez", ["Maria del Carmen García Márquez"]),
        ("carmen g", ["Maria del Carmen García Márquez"]),
        ("12345", ["Maria del Carmen García Márquez"]),
        ("1234567893", ["Maria del Carmen García Márquez"]),
        ("ada@clinic.example", ["Ada Byron"]),
        ("5@clinic", ["Sean O'Brien"]),
        ("ohn", []),
        ("clinic", []),
        ("", IN_ORDER),
        ("  ", IN_ORDER),
    ],
)
def test_finds_what_begins_so_without_case_and_accents(api: Api, practice: Cast, typed: str, found: list[str]) -> None:
    assert listed(api, practice.site_admin, f"q={quote(typed)}") == found


def test_shows_an_account_once_however_many_of_its_words_match(api: Api, cast: Cast) -> None:
    for number in range(4):
        opened(api, cast, first_name=f"Bea{number}", last_name=f"Berg{number}", email=f"b{number}@clinic.example")
    expected = ["Bea0 Berg0", "Bea1 Berg1", "Bea2 Berg2", "Bea3 Berg3", "Ada Byron"]
    for limit in (1, 2, 3, 5, 25):
        assert listed(api, cast.site_admin, f"q=b&limit={limit}") == expected
    page = api.get("/providers?q=b&limit=3", cast.site_admin.token).json_body
    assert len(page["items"]) == 3


def test_inactive_accounts_are_listed_and_marked_and_in_no_picker(api: Api, practice: Cast) -> None:
    admin = practice.site_admin
    deactivated(practice, practice.provider_id)
    check_directory()
    assert listed(api, admin) == IN_ORDER
    assert api.get("/providers", admin.token).json_body["items"][0]["status"] == "inactive"
    assert listed(api, admin, "status=inactive") == listed(api, admin, "q=byron") == ["Ada Byron"]
    assert listed(api, admin, "status=active") == listed(api, admin, "assignable=true") == IN_ORDER[1:]
    assert listed(api, admin, "assignable=true&status=active") == IN_ORDER[1:]
    assert listed(api, admin, "assignable=true&status=inactive") == []
    assert listed(api, admin, "assignable=true&q=ada") == ["Ada Ölander"]
    assert listed(api, admin, "status=inactive&q=ola") == []
    assert api.get(f"/providers/{practice.provider_id}", admin.token).json_body["status"] == "inactive"


def test_a_cursor_belongs_to_its_query(api: Api, practice: Cast) -> None:
    cursor = api.get("/providers?q=a&limit=1", practice.site_admin.token).json_body["next_cursor"]
    assert api.get(f"/providers?q=A&cursor={cursor}", practice.site_admin.token).status_code == 200
    for query in ("", "q=b&", "status=active&q=a&"):
        answer = api.get(f"/providers?{query}cursor={cursor}", practice.site_admin.token)
        assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "cursor")


def test_another_practice_sees_only_its_own(api: Api, practice: Cast) -> None:
    (theirs,) = api.get("/providers", practice.outsider.token).json_body["items"]
    assert theirs["email"] == "eve@clinic.example"
    for path in ("", "/configuration"):
        answer = api.get(f"/providers/{practice.provider_id}{path}", practice.outsider.token)
        assert (answer.status_code, answer.json_body["code"]) == (404, "not_found")


@pytest.mark.moto("counts calls and units, which are the same on both")
def test_a_page_costs_the_same_in_a_practice_of_any_size(api: Api, cast: Cast) -> None:
    costs = []
    for numbers in (range(10, 30), range(30, 100)):
        for number in numbers:
            _stock(cast.site_admin.practice_id, f"Jo{number}", f"Smith{number}", f"js{number}@clinic.example")
        for query in ("", "status=active&", "q=jo&", "q=smith1&"):
            with recorded() as calls:
                assert len(api.get(f"/providers?{query}limit=10", cast.site_admin.token).json_body["items"]) == 10
            costs.append([(call.name, call.units) for call in calls])
    assert costs[:4] == costs[4:]
    assert [name for name, _ in costs[0]] == ["dynamodb:BatchGetItem", "dynamodb:Query"]
    assert max(units.read for _, units in (cost[-1] for cost in costs)) <= 2


def _stock(practice_id: str, first_name: str, last_name: str, email: str) -> None:
    """An account in the directory alone."""
    provider, _ = open_account(CreateProvider(first_name, last_name, "MD", email), f"prv_{first_name}")
    for row in ListingRow.all_of(practice_id, provider).values():
        row.save()
