"""What must hold of how accounts end and come back, whatever happened."""

from datetime import date
from typing import Any

from chalicelib.local_days import begins
from tests.simulation.history import History
from tests.simulation.laboratory import parsed


def _rows(history: History, kind: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(pk, sk.partition("#")[2]): row for (_, pk, sk), row in history.after.of(kind)}


def an_account_ends_and_comes_back_by_turns(history: History) -> None:
    """Nobody ends an account twice, or brings back what has not ended."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for (_, pk, _), row in sorted(history.after.of("roster"), key=lambda each: each[1]["version"]):
        before = last.get((pk, row["provider_id"]))
        changes = before is None or (before["active"], before["credential"]) != (row["active"], row["credential"])
        assert changes, f"{row['provider_id']} became twice what it was"
        last[pk, row["provider_id"]] = row


def an_inactive_account_can_be_undone_and_is_in_the_queue(history: History) -> None:
    """What its deactivation did, and those left behind, stand there exactly while it is inactive."""
    accounts = {place: parsed(row["provider"]) for place, row in _rows(history, "provider").items()}
    inactive = {place for place, each in accounts.items() if each["status"] == "inactive"}
    assert set(_rows(history, "deactivation")) == inactive, "a deactivation that is none, or none that is one"
    left, caseloads = set(_rows(history, "left")), _rows(history, "caseload")
    patients = {tuple(pk.split("#")) for (pk, _), row in caseloads.items() if row["patients"]}
    assert left <= inactive, f"left behind by active accounts: {left - inactive}"
    assert inactive & patients <= left, "patients who are in no queue"


def a_schedule_is_there_while_its_account_says_so(history: History) -> None:
    """The same day and target on both; due when that day begins where the practice is."""
    planned = {
        place: plan
        for place, row in _rows(history, "provider").items()
        if (plan := parsed(row["provider"])["scheduled_deactivation"])
    }
    zones = {pk: row["time_zone"] for (_, pk, sk), row in history.after.of("practice")}
    following = {pk for pk, _ in _rows(history, "zone")}
    there = {}
    for (pk, provider_id), row in _rows(history, "schedule").items():
        schedule = parsed(row["schedule"])
        there[pk, provider_id] = {"date": schedule["date"], "reassign_to": schedule["reassign_to"]}
        assert schedule["due_at"] == row["due_at"], f"the schedule of {provider_id} contradicts itself"
        on_time = row["due_at"] == begins(date.fromisoformat(schedule["date"]), zones[pk])
        assert on_time or pk in following, f"{provider_id} is due at {row['due_at']}, in {zones[pk]}"
    assert there == planned, "schedules are not what the accounts say"


def _zones(history: History, practice_id: str) -> set[str]:
    """Where the practice was and is."""
    return {rows["identity", practice_id, "practice"]["time_zone"] for rows in (history.stage.before, history.after)}


def a_day_ends_an_account_once_and_only_while_it_is_scheduled(history: History) -> None:
    """A deactivation by schedule comes after that day was scheduled and not cancelled, and not before it begins."""
    days: dict[tuple[str, str], str | None] = {}
    for (_, pk, _), row in sorted(history.after.of("event")):
        if not row["type"].startswith("provider.deactivat"):
            continue
        if row["type"] == "provider.deactivation_moved":  # to another instant of the same day
            continue
        place, after = (pk, row["subject"]), parsed(row["after"])
        if row["type"] == "provider.deactivated" and "date" in after:
            assert after["date"] == days.get(place), f"{place[1]} ended on a day that was not scheduled"
            first = min(begins(date.fromisoformat(after["date"]), zone) for zone in _zones(history, pk))
            assert row["at"] >= first, f"{place[1]} ended at {row['at']}, before its day"
        days[place] = after["date"] if row["type"] == "provider.deactivation_scheduled" else None


INVARIANTS = (
    an_account_ends_and_comes_back_by_turns,
    an_inactive_account_can_be_undone_and_is_in_the_queue,
    a_schedule_is_there_while_its_account_says_so,
    a_day_ends_an_account_once_and_only_while_it_is_scheduled,
)
