"""Shared by the tests of provider accounts: the requests, and what must hold between an account and its copies."""

from collections import Counter
from typing import Any

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.licensing.usecases import pool
from chalicelib.model import Actor, Event
from chalicelib.providers import rules
from chalicelib.providers.patient_model import Patient
from chalicelib.providers.patient_tables import PatientRow
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
    pool.release(commit, pool.find_claim(commit.ctx, practice_id, provider_id))
    commit.record(Event("provider.deactivated", provider_id))
    commit.write(None)


def seeded(cast: Cast, provider_id: str, count: int, first: int = 0) -> list[str]:
    """So many patients of an account, written without the routes; their ids in order, from number `first` on."""
    practice_id = cast.site_admin.practice_id
    names = {"provider_id": provider_id, "first_name": "Max", "last_name": "Sample", "rtm_status": "enrolled"}
    patients = [Patient(id=f"pat_{number:026}", **names) for number in range(first, first + count)]  # type: ignore[arg-type]
    with PatientRow.batch_write() as batch:
        for each in patients:
            batch.save(PatientRow.new(practice_id, each))
    CaseloadRow.key(practice_id, provider_id).row().update(actions=[CaseloadRow.patients.add(count)])
    return [each.id for each in patients]


def reassign(api: Api, cast: Cast, source: str, to: str, patient_ids: list[str] | None = None) -> dict[str, Any]:
    """A move that is accepted."""
    body = {"to": to} if patient_ids is None else {"to": to, "patient_ids": patient_ids}
    answer = api.post(f"/providers/{source}/patients/reassign", body, cast.site_admin.token)
    assert answer.status_code == 202, answer.body
    assert answer.headers["Location"] == f"/providers/{source}/reassignments/{answer.json_body['id']}"
    return dict(answer.json_body)


def progress(api: Api, cast: Cast, reassignment_id: str) -> tuple[str, int, int]:
    """Status, moved and total of a move."""
    shown = api.get(f"/reassignments/{reassignment_id}", cast.site_admin.token).json_body
    return shown["status"], shown["moved"], shown["total"]


def where_patients_are() -> dict[str, str]:
    """The account of each patient of everybody. Asserts that each is on one, as it says itself, and is counted."""
    places: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in PatientRow.scan(PatientRow.sk.startswith(PatientRow.PREFIX)):
        patient = row.as_patient()
        assert patient.id not in places, f"{patient.id} is on two accounts"
        assert (row.pk.partition("#")[2], row.sk) == (patient.provider_id, PatientRow.PREFIX + patient.id)
        places[patient.id] = patient.provider_id
        counts[row.pk] += 1
    caseloads = {row.pk: int(row.patients) for row in CaseloadRow.scan(CaseloadRow.sk == "caseload")}
    assert {pk: count for pk, count in caseloads.items() if count} == counts
    return places
