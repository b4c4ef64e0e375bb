"""Shared by the tests of provider accounts: the requests, and what must hold between an account and its copies."""

from typing import Any

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.model import Actor, Event
from chalicelib.providers import rules
from chalicelib.providers.tables import CaseloadRow, LeftRow, ListingRow, ProviderRow
from chalicelib.providers.usecases.accounts import replace
from chalicelib.store import Commit, Context
from tests.api import Api
from tests.cast import Cast, Person, patient_body, provider_body
from tests.licensing.orders import placed

AGREED = {"add_license": True, "agreement_version": "2026-11", "agreement_accepted": True}


def opened(api: Api, cast: Cast, **changes: Any) -> dict[str, Any]:
    """A provider account of the practice, with a license bought for it."""
    answer = api.post("/providers", provider_body(**AGREED | changes), cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def licensed(api: Api, cast: Cast, physician: int = 1, midlevel: int = 0) -> None:
    """Buy licenses that nobody holds yet."""
    placed(api, cast, physician=physician, midlevel=midlevel)


def named(api: Api, cast: Cast, *names: str) -> list[dict[str, Any]]:
    """Accounts of these names ("First Last")."""
    return [
        opened(api, cast, first_name=first, last_name=last, email=f"{number}@clinic.example")
        for number, (first, _, last) in enumerate(name.partition(" ") for name in names)
    ]


def listed(api: Api, who: Person, query: str = "") -> list[str]:
    """The names on all pages of a list, in order."""
    return [f"{each['first_name']} {each['last_name']}" for each in paged(api, who, f"/providers?{query}")]


def paged(api: Api, who: Person, path: str) -> list[dict[str, Any]]:
    """The items on all pages of a list whose path ends in a query."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = api.get(path + cursor, who.token)
        assert answer.status_code == 200, answer.body
        items += answer.json_body["items"]
        if answer.json_body["next_cursor"] is None:
            return items
        cursor = f"&cursor={answer.json_body['next_cursor']}"


def check_directory() -> None:
    """The directory holds exactly the copies of the accounts, and each account has its caseload."""
    accounts = list(ProviderRow.scan(ProviderRow.sk.startswith(ProviderRow.PREFIX)))
    expected = {
        (key.pk, key.sk): row.provider
        for each in accounts
        for key, row in ListingRow.all_of(each.pk, each.as_provider()).items()
    }
    rows = ListingRow.scan(ListingRow.sk.startswith("list#") | ListingRow.sk.startswith("find#"))
    assert {(row.pk, row.sk): row.provider for row in rows} == expected
    for each in accounts:
        provider = each.as_provider()
        assert int(each.version) == provider.version
        assert CaseloadRow.get(f"{each.pk}#{provider.id}", "caseload").open == (provider.status == "active")


# --- Patients -----------------------------------------------------------------------------------------------------


def registered(api: Api, cast: Cast, provider_id: str = "", **changes: Any) -> dict[str, Any]:
    """A new patient; by default of the first account."""
    path = f"/providers/{provider_id or cast.provider_id}/patients"
    answer = api.post(path, patient_body(**changes), cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def patients_of(api: Api, cast: Cast, provider_id: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """All patients of an account; by default of the first."""
    return paged(api, cast.site_admin, f"/providers/{provider_id or cast.provider_id}/patients?limit={limit}")


def caseload(cast: Cast, provider_id: str) -> int:
    """How many patients an account has, by its own count."""
    return int(CaseloadRow.get(f"{cast.site_admin.practice_id}#{provider_id}", "caseload").patients)


def closed(cast: Cast, provider_id: str) -> None:
    """Make an account inactive, with its patients left behind."""
    practice_id = cast.site_admin.practice_id
    key = ProviderRow.key(practice_id, provider_id)
    commit = Commit(Context(Actor("ada", practice_id), clock.now(), "of a test"))
    before = ProviderRow.get(key.pk, key.sk).as_provider()
    replace(commit, practice_id, before, rules.changed(before, status="inactive"))
    commit.put(LeftRow.key(practice_id, provider_id).row(), otherwise=Conflict())
    commit.record(Event("provider.deactivated", provider_id))
    commit.write(None)
