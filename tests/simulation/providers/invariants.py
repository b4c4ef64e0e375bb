"""What must hold of provider accounts, whatever happened."""

import math
from collections import Counter
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.providers.model import Provider
from chalicelib.providers.tables import ListingRow
from tests.simulation.history import History
from tests.simulation.laboratory import parsed
from tests.simulation.providers import endings, removals
from tests.simulation.script import ACCOUNTLESS


def _accounts(history: History) -> dict[tuple[str, str], Provider]:
    return {
        (pk, sk.removeprefix("provider#")): _account(row["provider"])
        for (_, pk, sk), row in history.after.of("provider")
    }


@lru_cache(1000)  # most rows are the same in every case
def _account(text: str) -> Provider:
    return msgspec.convert(parsed(text), Provider)


@lru_cache(1000)
def _listings(practice_id: str, text: str) -> dict[tuple[str, str], Any]:
    """What the directory should hold of an account."""
    return {(key.pk, key.sk): parsed(text) for key in ListingRow.all_of(practice_id, _account(text))}


def every_active_account_holds_one_license_of_its_type(history: History) -> None:
    """In use are the licenses of the active accounts, and no others."""
    holders = {
        place: provider.license_type for place, provider in _accounts(history).items() if provider.status == "active"
    }
    claims = {(pk, sk.removeprefix("claim#")): row["license_type"] for (_, pk, sk), row in history.after.of("claim")}
    # Licensing's own operations claim and release for accounts that they only name.
    named = {*ACCOUNTLESS, *(history.stage.cast.provider_id for each in history.of("end trial") if each.commits)}
    differ = {place for place, _ in holders.items() ^ claims.items() if place[1] not in named}
    assert not differ, f"accounts and licenses differ: {differ}"


def the_directory_shows_the_accounts(history: History) -> None:
    """Listings and findings are exactly the copies of the accounts as they are."""
    expected: dict[tuple[str, str], Any] = {}
    for (_, pk, _), row in history.after.of("provider"):
        expected |= _listings(pk, row["provider"])
    there = {
        (pk, sk): parsed(row["provider"]) for kind in ("list", "find") for (_, pk, sk), row in history.after.of(kind)
    }
    assert there == expected, "the directory is not what the accounts are"


def versions_count(history: History) -> None:
    """The version that a condition asks for is the one that people see."""
    for kind in ("provider", "configuration"):
        for (_, _, sk), row in history.after.of(kind):
            assert parsed(row[kind])["version"] == row["version"], f"{sk} contradicts itself"


def the_roster_ends_with_the_accounts(history: History) -> None:
    """Who is active by the last lines of the roster is active, with that credential."""
    roster: dict[tuple[str, str], tuple[str, bool]] = {}
    for (_, pk, _), row in sorted(history.after.of("roster"), key=lambda each: each[1]["version"]):
        roster[pk, row["provider_id"]] = row["credential"], row["active"]
    accounts = {place: (each.credential, each.status == "active") for place, each in _accounts(history).items()}
    gone = {place: line for place, line in roster.items() if place not in accounts and not line[1]}
    assert roster == accounts | gone, "the roster is not what the accounts are"
    told = {(pk, row["subject"]) for (_, pk, _), row in removals.parts(history)}
    assert gone.keys() <= told, f"gone, and nobody was told: {gone.keys() - told}"


def caseloads_are_open_while_their_accounts_are_active(history: History) -> None:
    """No account without its caseload, and none that takes patients while it is inactive."""
    opens = {tuple(pk.split("#")): row["open"] for (_, pk, sk), row in history.after.of("caseload")}
    assert opens == {place: each.status == "active" for place, each in _accounts(history).items()}


def every_patient_is_on_one_account(history: History) -> None:
    """Nobody is on two accounts, nobody who was there is on none, and each caseload counts its patients."""
    places: dict[str, list[str]] = {}
    for (_, pk, sk), row in history.after.of("patient"):
        places.setdefault(sk, []).append(pk)
        patient = parsed(row["patient"])
        assert f"patient#{patient['id']}" == sk, f"{sk} contradicts itself"
        assert pk.endswith(f"#{patient['provider_id']}"), f"{sk} contradicts itself"
    twice = {sk for sk, pks in places.items() if len(pks) > 1}
    went = {
        f"patient#{patient_id}"
        for _, row in removals.parts(history)
        for patient_id in parsed(row["before"]).get("patient_ids", ())
    }
    lost = {sk for _, _, sk in history.stage.before if sk.startswith("patient#")} - places.keys() - went
    assert not twice, f"on two accounts: {twice}"
    assert not lost, f"on no account: {lost}"
    counts = Counter(pk for (pk,) in places.values())
    caseloads = {pk: row["patients"] for (_, pk, sk), row in history.after.of("caseload")}
    assert {pk: count for pk, count in caseloads.items() if count} == counts, "a caseload miscounts its patients"


def inactive_accounts_gain_no_patients(history: History) -> None:
    """Whoever was inactive all the while has no more patients than before."""
    before, after = history.stage.before, history.after
    changed = {row["provider_id"] for place, row in after.of("roster") if place not in before}
    for place, row in before.of("caseload"):
        if not row["open"] and place[1].partition("#")[2] not in changed:
            there = after[place]["patients"] if place in after else 0
            assert there <= row["patients"], f"{place[1]} is inactive, yet patients came to it"


def moves_count_whom_they_moved(history: History) -> None:
    """`moved` is how many their events name, nobody twice; a running move alone is due, and has chosen ones left."""
    named: dict[str, list[str]] = {}
    for _, row in history.after.of("event"):
        if row["type"] == "reassignment.moved":
            named.setdefault(row["subject"], []).extend(parsed(row["after"])["patient_ids"])
    running = set()
    for (_, _, sk), row in history.after.of("reassignment"):
        name = sk.removeprefix("reassignment#")
        ids = named.get(name, [])
        assert row["moved"] == len(ids) == len(set(ids)), f"{name} moved {ids}, and says {row['moved']}"
        runs = row["status"] == "running" and "called_off" not in row
        assert ("due_shard" in row) == runs, f"{name} is {row['status']} and due"
        running.update([name] if runs else [])
    chosen = {sk.split("#")[1] for _, _, sk in history.after if sk.startswith("selection#")}
    assert chosen <= running, f"chosen for moves that are over: {chosen - running}"


def a_move_that_was_called_off_moves_nobody(history: History) -> None:
    """From then on; by undoing the deactivation that began it, or when the account came back."""
    ended = {move: turn for _, move, turn in history.in_turn("reassignment.called_off")}
    late = [move for _, move, turn in history.in_turn("reassignment.moved") if turn > ended.get(move, math.inf)]
    assert not late, f"called off, and still moving: {late}"


INVARIANTS = (
    *endings.INVARIANTS,
    *removals.INVARIANTS,
    every_patient_is_on_one_account,
    inactive_accounts_gain_no_patients,
    moves_count_whom_they_moved,
    a_move_that_was_called_off_moves_nobody,
    every_active_account_holds_one_license_of_its_type,
    the_directory_shows_the_accounts,
    versions_count,
    the_roster_ends_with_the_accounts,
    caseloads_are_open_while_their_accounts_are_active,
)
