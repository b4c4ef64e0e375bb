"""What must hold after every simulated case, whatever happened in it. All of it stands here."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.licensing.model import LICENSE_TYPES, Counts, Pool
from chalicelib.licensing.rules import replay
from tests.simulation.audit import facts, told
from tests.simulation.faults import Call
from tests.simulation.history import History, Request
from tests.simulation.laboratory import Delivery, Rows
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import PEOPLE

_WRITES = ("Put", "Update", "Delete")


def check(history: History) -> None:
    """All invariants. Raises AssertionError with what is wrong."""
    for request in history.requests:
        answers_tell_what_happened(request)
        nobody_touches_another_practice(request, history)
        every_change_has_its_event(request)
    for name in {request.name for request in history.requests}:
        what_is_repeated_happens_once(history.of(name))
    codes_serve_once(history.requests)
    guesses_are_counted(history)
    licenses_add_up(history.after)
    orders_are_settled_once(history.after)
    the_audit_trail_tells_it_all(history)
    everybody_is_told(history)
    reports_do_not_change(history)


# --- What callers see ---------------------------------------------------------------------------------------------


def answers_tell_what_happened(request: Request) -> None:
    """Success means done, a refusal means not done, and trouble is 503; at most one change a request."""
    name, outcome, answer = request.name, request.outcome, request.answer
    assert outcome.error is None, f"{name} raised {outcome.error!r}"
    if not request.operation.actor:  # a sweep makes many changes
        return
    assert request.commits <= 1, f"{name} changed things {request.commits} times"
    if answer is None:
        return
    assert answer.status != 500, f"{name} answered 500"
    if 400 <= answer.status < 500:
        assert request.commits == 0, f"{name} was refused with {answer.status}, yet it happened"
    may_be_idle = request.operation.keyed or request.operation.quiet or not request.operation.changes
    if request.succeeded and not may_be_idle:
        assert request.commits == 1, f"{name} succeeded, yet nothing happened"


def what_is_repeated_happens_once(requests: list[Request]) -> None:
    """Under one Idempotency-Key there is one change, and one answer."""
    name = requests[0].name
    if not OPERATIONS[name].keyed:
        return
    answers = {request.answer for request in requests if request.succeeded}
    commits = sum(request.commits for request in requests)
    assert len(answers) <= 1, f"{name} under one key was answered differently: {answers}"
    assert commits == len(answers), f"{name} under one key happened {commits} times, answers: {len(answers)}"


def codes_serve_once(requests: Iterable[Request]) -> None:
    """A code of an authenticator, and a recovery code, proves somebody once."""
    uses: Counter[tuple[str, str]] = Counter()
    for request in requests:
        username, factor = request.operation.actor, request.operation.factor
        uses[username, factor] += sum(call.effects for call in request.calls if factor and factor in call.sets)
    assert all(count <= 1 for count in uses.values()), f"a code served more than once: {uses}"


def guesses_are_counted(history: History) -> None:
    """Every refused guess is in the counters, unless its login has proved itself since."""
    guesses = Counter(request.operation.actor for request in history.requests if _is_refused_guess(request))
    for username, count in guesses.items():
        proved = any(
            request.commits and request.operation.changes in ("session.opened", "password.changed", "totp.started")
            for request in history.requests
            if request.operation.actor == username
        )
        counted = sum(
            row["failures"]
            for (_, pk, sk), row in history.after.items()
            if pk == f"username#{username}" and sk.startswith("failures#")
        )
        assert proved or counted >= count, f"{count} guesses at {username} were refused, {counted} counted"


def _is_refused_guess(request: Request) -> bool:
    return (
        request.answer is not None
        and request.answer.status == 401
        and json.loads(request.answer.body)["code"] == "invalid_credentials"
    )


# --- What requests do ---------------------------------------------------------------------------------------------


def nobody_touches_another_practice(request: Request, history: History) -> None:
    """Every key of every AWS call is of the actor's practice, of its own username, or of one that it names."""
    operation, practices = request.operation, history.stage.practices
    if not operation.actor:
        for call in request.calls:
            # The vendor is a tenant of its own: a report is its.
            tenants = {"vendor" if pk.startswith("report#") else pk for _, pk, _, _ in _writes(call)}
            assert len(tenants) <= 1, f"{request.name} wrote of {tenants} at once"
        return
    own = practices.get(PEOPLE.get(operation.actor, ""))
    foreign = set(practices.values()) - {own}
    known = {f"username#{name}" for name in (operation.actor, *operation.names)}
    for pk in (pk for call in request.calls for pk in _tenants(call)):
        assert pk not in foreign, f"{request.name} touched {pk}"
        assert pk in known or not pk.startswith("username#"), f"{request.name} touched {pk}"


def every_change_has_its_event(request: Request) -> None:
    """Writes go in transactions with exactly one event; single writes are bookkeeping."""
    for call in request.calls:
        writes = list(_writes(call))
        events = [sk for _, _, sk, kind in writes if sk.startswith("evt_") and kind == "Put"]
        if call.is_transaction:
            assert events, f"{request.name} changed something without an event"
            assert len(writes) > len(events), f"{request.name} committed an event of nothing"
            continue
        for table, pk, sk, _ in writes:
            if request.operation.actor:
                bookkeeping = sk.startswith(("failures#", "session#"))
            else:
                bookkeeping = table == "events" or pk.startswith("report#")
            assert bookkeeping, f"{request.name} wrote {sk} outside a transaction"


def _writes(call: Call) -> Iterator[tuple[str, str, str, str]]:
    """(table, pk, sk, kind) of every item that the call writes."""
    if call.is_transaction:
        parts = [(kind, part) for item in call.arguments["TransactItems"] for kind, part in item.items()]
    elif call.operation in ("PutItem", "UpdateItem", "DeleteItem"):
        parts = [(call.operation.removesuffix("Item"), call.arguments)]
    else:
        return
    for kind, part in parts:
        if kind in _WRITES:
            key = part.get("Key") or part["Item"]
            yield part["TableName"], key["pk"]["S"], key["sk"]["S"], kind


def _tenants(call: Call) -> Iterator[str]:
    """Everybody whose items or secrets the call names."""
    yield from (pk for _, pk, _, _ in _writes(call))
    for table in call.arguments.get("RequestItems", {}).values():
        yield from (key["pk"]["S"] for key in table["Keys"])
    for item in call.arguments.get("TransactItems", ()):
        if "ConditionCheck" in item:
            yield item["ConditionCheck"]["Key"]["pk"]["S"]
    if context := call.arguments.get("EncryptionContext"):
        yield context["practice_id"]
        yield f"username#{context['username']}"


# --- What is there in the end -------------------------------------------------------------------------------------


def licenses_add_up(rows: Rows) -> None:
    """0 <= in use <= active; in use are exactly the claims; each pool is what its ledger amounts to."""
    ledgers: dict[str, list[Pool]] = {}
    claims: Counter[tuple[str, str]] = Counter()
    for (table, pk, sk), row in rows.items():
        if table == "licensing" and sk.startswith("ledger#"):
            ledgers.setdefault(pk, []).append(_pool(row))
        if table == "licensing" and sk.startswith("claim#"):
            claims[pk, row["license_type"]] += 1
    pools = {pk: _pool(row) for (_, pk, sk), row in rows.items() if sk == "pool"}
    assert pools == {pk: replay(lines) for pk, lines in ledgers.items()}, "a pool is not what its ledger says"
    for pk, pool in pools.items():
        held = Counts(claims[pk, "physician"], claims[pk, "midlevel"])
        assert pool.in_use == held, f"in use: {pool.in_use}, claimed: {held}"
        numbers = [counts.of(kind) for counts in (pool.available, pool.in_use) for kind in LICENSE_TYPES]
        assert min(numbers) >= 0, f"below zero: {pool}"


def _pool(row: dict[str, Any]) -> Pool:
    available, in_use = (
        Counts(**{kind: row[f"{kind}_{part}"] for kind in LICENSE_TYPES}) for part in ("available", "in_use")
    )
    return Pool(available, in_use)


def orders_are_settled_once(rows: Rows) -> None:
    """An order is pending, or cancelled by its deadline, or charged after it; only a pending one is due."""
    for (_, _, sk), row in rows.items():
        if sk.startswith("order#"):
            order = json.loads(row["order"])
            assert order["status"] == row["status"], f"{sk} contradicts itself"
            assert ("due_shard" in row) == (row["status"] == "pending"), f"{sk} is {row['status']} and due"
            settled = order["settled_at"] or order["ordered_at"]
            in_time = settled <= order["cancel_until"]
            assert in_time == (row["status"] != "charged"), f"{sk} was {row['status']} at {settled}"


def the_audit_trail_tells_it_all(history: History) -> None:
    """What changed is exactly what the events tell: none is missing, none tells of nothing."""
    before, after = history.stage.before, history.after
    changed = facts(after)
    changed.subtract(facts(before))
    changed.subtract(told({place: row for place, row in after.items() if place not in before}))
    differences = {fact: count for fact, count in changed.items() if count}
    assert not differences, f"what is there differs from what the audit trail tells: {differences}"


def everybody_is_told(history: History) -> None:
    """Each announcement of each committed event arrived, under the event's id, and no other did."""
    due: dict[str, str] = {}
    for request in history.requests:
        for call in request.calls:
            if call.is_transaction and call.effects:
                due.update(_announced(call))
    for (_, _, sk), row in history.stage.before.items():
        if "outbox" in row:
            due[sk] = row["outbox"]
    expected = {
        Delivery(event_id, announcement["channel"], announcement.get("to", ""))
        for event_id, outbox in due.items()
        for announcement in json.loads(outbox)
    }
    arrived = set(history.stage.lab.inbox)
    assert arrived == expected, f"not told: {expected - arrived}; told of nothing: {arrived - expected}"


def _announced(call: Call) -> Iterator[tuple[str, str]]:
    for row in call.puts:
        if "outbox" in row:
            yield row["sk"]["S"], row["outbox"]["S"]


def reports_do_not_change(history: History) -> None:
    """A report made anew of a past that nobody writes any more is the same byte for byte; an announced one is there."""
    files, before, after = history.stage.lab.files, history.stage.before, history.after
    events = [row for place, row in after.items() if place[0] == "events" and place not in before]
    for key, bodies in files.items():
        day = key.removeprefix("reconciliation/").removesuffix(".csv")
        is_past = all(event["at"][: len(day)] > day for event in events)
        assert len(bodies) == 1 or not is_past, f"the report of {day} was made anew, and differs"
    announced = {pk.removeprefix("report#") for _, pk, sk in after if sk == "total"}
    assert all(f"reconciliation/{day}.csv" in files for day in announced), f"no file of {announced}"
