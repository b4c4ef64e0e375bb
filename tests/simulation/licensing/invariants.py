"""What must hold of licenses, orders and reports, whatever happened."""

from collections import Counter
from typing import Any

from chalicelib import clock
from chalicelib.licensing.model import LICENSE_TYPES, Counts, Pool
from chalicelib.licensing.rules import replay
from chalicelib.licensing.trial_rules import TRIAL, makes_available
from tests.simulation.history import History
from tests.simulation.laboratory import parsed

_SIGNED_UP = "practice.signed_up"


def licenses_add_up(history: History) -> None:
    """0 <= in use <= active; in use are exactly the claims; each pool is what its ledger amounts to."""
    ledgers: dict[str, list[Pool]] = {}
    claims: Counter[tuple[str, str]] = Counter()
    for (_, pk, _), row in history.after.of("ledger"):
        ledgers.setdefault(pk, []).append(_pool(row))
    for (_, pk, _), row in history.after.of("claim"):
        claims[pk, row["license_type"]] += 1
    pools = {pk: _pool(row) for (_, pk, sk), row in history.after.of("pool")}
    assert pools == {pk: replay(lines) for pk, lines in ledgers.items()}, "a pool is not what its ledger says"
    for pk, pool in pools.items():
        held = Counts(claims[pk, "physician"], claims[pk, "midlevel"])
        assert pool.in_use == held, f"in use: {pool.in_use}, claimed: {held}"
        numbers = [counts.of(kind) for counts in (pool.available, pool.in_use) for kind in LICENSE_TYPES]
        assert min(numbers) >= 0, f"below zero: {pool}"


def the_ledger_names_who_holds_a_license(history: History) -> None:
    """Each line about a provider account counts for it: who holds a license by all of them is who has a claim."""
    held: Counter[tuple[str, str, str]] = Counter()
    for (_, pk, _), row in history.after.of("ledger"):
        for kind in LICENSE_TYPES:
            held[pk, row["subject"], kind] += int(row[f"{kind}_in_use"])
    claims = {(pk, sk.removeprefix("claim#"), row["license_type"]): 1 for (_, pk, sk), row in history.after.of("claim")}
    assert {who: number for who, number in held.items() if number} == claims, "the ledger names other holders"


def who_bought_a_license_is_known_for_good(history: History) -> None:
    """A pool is marked exactly where a line of its ledger made a license available."""
    bought = {pk for (_, pk, _), row in history.after.of("ledger") if makes_available(_pool(row))}
    marked = {pk for (_, pk, _), row in history.after.of("pool") if "bought" in row}
    assert marked == bought, f"have bought a license: {bought}; are marked: {marked}"


def _pool(row: dict[str, Any]) -> Pool:
    available, in_use = (
        Counts(**{kind: row[f"{kind}_{part}"] for kind in LICENSE_TYPES}) for part in ("available", "in_use")
    )
    return Pool(available, in_use)


def orders_are_settled_once(history: History) -> None:
    """An order is pending, or cancelled by its deadline, or charged after it; only a pending one is due."""
    for (_, _, sk), row in history.after.of("order"):
        order = parsed(row["order"])
        assert order["status"] == row["status"], f"{sk} contradicts itself"
        assert ("due_shard" in row) == (row["status"] == "pending"), f"{sk} is {row['status']} and due"
        settled = order["settled_at"] or order["ordered_at"]
        in_time = settled <= order["cancel_until"]
        assert in_time == (row["status"] != "charged"), f"{sk} was {row['status']} at {settled}"


def reports_do_not_change(history: History) -> None:
    """A report made anew of a past that nobody writes any more is the same byte for byte; an announced one is there."""
    files, before, after = history.stage.lab.files, history.stage.before, history.after
    events = [row for place, row in after.of("event") if place not in before]
    for key, bodies in files.items():
        day = key.removeprefix("reconciliation/").removesuffix(".csv")
        is_past = all(event["at"][: len(day)] > day for event in events)
        assert len(bodies) == 1 or not is_past, f"the report of {day} was made anew, and differs"
    announced = {pk.removeprefix("report#") for _, pk, sk in after if sk == "total"}
    assert all(f"reconciliation/{day}.csv" in files for day in announced), f"no file of {announced}"


def trials_end_in_time_and_are_warned_of_once(history: History) -> None:
    """Nobody is told twice at one time; a trial ends when it is over; its claim alone is due."""
    told = Counter(
        (row["type"], pk, row["subject"], row["at"])
        for (_, pk, _), row in history.made.of("event")
        if row["type"] in ("trial.ending", "trial.ended")
    )
    assert all(count == 1 for count in told.values()), f"told more than once: {told}"
    for kind, pk, provider_id, at in told:
        until = _trial_until(history, pk, provider_id)
        assert (kind == "trial.ended") == (at >= until), f"{kind} at {at}, of a trial until {until}"
    for (_, _, sk), row in history.after.of("claim"):
        assert ("trial_until" in row) == ("due_shard" in row), f"{sk} is no trial, and due"


def _trial_until(history: History, practice_id: str, provider_id: str) -> str:
    """When a trial ends: that of a practice from before, or of one that has signed up since."""
    claim = history.stage.before.get(("licensing", practice_id, f"claim#{provider_id}"))
    if claim:
        return str(claim["trial_until"])
    ((_, signed_up),) = [
        (place, row) for place, row in history.made.of("event") if (place[1], row["type"]) == (practice_id, _SIGNED_UP)
    ]
    return clock.to_text(clock.from_text(signed_up["at"]) + TRIAL)


INVARIANTS = (
    licenses_add_up,
    the_ledger_names_who_holds_a_license,
    who_bought_a_license_is_known_for_good,
    orders_are_settled_once,
    reports_do_not_change,
    trials_end_in_time_and_are_warned_of_once,
)
