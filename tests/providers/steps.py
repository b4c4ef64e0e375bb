"""Shared by the tests of provider accounts: the requests, and what must hold between an account and its copies."""

from typing import Any

from chalicelib.providers.tables import CaseloadRow, ListingRow, ProviderRow
from tests.api import Api
from tests.cast import Cast, Person, provider_body
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
    names: list[str] = []
    cursor = ""
    while True:
        answer = api.get(f"/providers?{query}{cursor}", who.token)
        assert answer.status_code == 200, answer.body
        names += [f"{each['first_name']} {each['last_name']}" for each in answer.json_body["items"]]
        if answer.json_body["next_cursor"] is None:
            return names
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
