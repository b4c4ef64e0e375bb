"""What must hold after every simulated case, whatever happened in it: here of all rooms, and then of each its own."""

from collections.abc import Iterator

from chalicelib.identity.rules import is_staff
from chalicelib.identity.tables import partition_of
from tests.simulation.accesses import S3, named
from tests.simulation.audit import changed, told
from tests.simulation.faults import Call
from tests.simulation.history import History, Request
from tests.simulation.laboratory import Delivery, parsed
from tests.simulation.operations import OPERATIONS
from tests.simulation.rooms import of_each_room
from tests.simulation.script import PEOPLE


def check(history: History) -> None:
    """All invariants. Raises AssertionError with what is wrong."""
    for request in history.requests:
        answers_tell_what_happened(request)
        nobody_touches_another_practice(request, history)
        every_change_has_its_event(request)
    for name in {request.name for request in history.requests}:
        others = any(request.commits for request in history.requests if request.name != name)
        what_is_repeated_happens_once(history.of(name), others)
        an_answer_under_a_key_is_kept(history.of(name), history)
    the_audit_trail_tells_it_all(history)
    everybody_is_told(history)
    for room in of_each_room("invariants"):
        for holds in room.INVARIANTS:
            holds(history)


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


def what_is_repeated_happens_once(requests: list[Request], others: bool) -> None:
    """Under one Idempotency-Key there is one change, and one answer; but whom `others` sign out, or take the account or
    the privilege from, before the answer arrives is told nothing more."""
    name = requests[0].name
    if not OPERATIONS[name].keyed:
        return
    answers = {request.answer for request in requests if request.succeeded}
    commits = sum(request.commits for request in requests)
    assert len(answers) <= 1, f"{name} under one key was answered differently: {answers}"
    refused = {request.answer.status for request in requests if request.answer}
    shut_out = others and not answers and refused & {401, 403, 404}
    had_nothing_to_do = OPERATIONS[name].quiet and not commits
    assert commits == len(answers) or had_nothing_to_do or (shut_out and commits == 1), (
        f"{name} under one key happened {commits} times, answers: {len(answers)}"
    )


def an_answer_under_a_key_is_kept(requests: list[Request], history: History) -> None:
    """Success under an Idempotency-Key leaves a receipt, also where there was nothing to change."""
    name = requests[0].name
    if OPERATIONS[name].keyed and any(request.succeeded for request in requests):
        kept = any(table == "receipts" and sk.endswith(f"#key of {name}") for (table, _, sk) in history.after)
        assert kept, f"the answer to {name} is not kept"


# --- What requests do ---------------------------------------------------------------------------------------------


def nobody_touches_another_practice(request: Request, history: History) -> None:
    """Every key of every AWS call is of the actor's practice, of its own username, of one that it names or that reaches
    an account of its practice; or of the account that a grant leads to, its own or that of a login which it proves, or
    an invitation, and what goes with that."""
    operation, practices = request.operation, history.stage.practices
    if not operation.actor:
        for call in request.calls:
            tenants = {_tenant(pk) for _, pk, _, _ in call.writes}
            tenants.discard("queue")  # Support's, over all practices
            tenants = {each for each in tenants if "@" not in each}  # addresses, which are nobody's
            tenants -= {f"username#{name}" for practice in tenants for name in _of(practice, history)}
            assert len(tenants) <= 1, f"{request.name} wrote of {tenants} at once"
        return
    own = practices.get("ours" if is_staff(operation.actor) else PEOPLE.get(operation.actor, ""))
    foreign = set(practices.values()) - {own}
    own_names = (operation.actor, operation.proves)
    known = {partition_of(name) for name in (*own_names, *operation.names, *_reaching(own, history))}
    granted = {place for name in own_names for place in _granted(name, history)}
    # Who is invited touches nothing of the account before the invitation is accepted.
    invitations = _invitations(history) | _made(request) if "/invitations" in operation.route else set()
    granted |= {place for place, _, username in invitations if username == operation.actor}
    invited = {(place[0], sk) for place, sk, _ in invitations if place in granted}
    known |= {f"username#{name}" for place in granted for name in _usernames(*place, history)}
    for pk, sk in (key for call in request.calls for key in _keys(call)):
        tenant = _tenant(pk)
        # The trail, whom to look after, and receipts.
        beside = sk in ("practice", "index", "secret") or sk.startswith(("evt_", "leaving#evt_", f"{operation.actor}#"))
        beside = beside or (tenant, sk) in invited
        reached = any(tenant == practice and (beside or name in f"{pk} {sk}") for practice, name in granted)
        assert tenant not in foreign or reached, f"{request.name} touched {pk} {sk}"
        assert pk in known or not pk.startswith(("username#", "staff#")), f"{request.name} touched {pk}"


def _granted(username: str, history: History) -> set[tuple[str, str]]:
    """(practice, account) of every grant that a username has at the beginning, in the end, or had meanwhile."""
    stage = history.stage
    accounts = (stage.provider_id, stage.cast.provider_id, stage.cast.their_provider_id)
    places = [("identity", f"username#{username}", f"grant#{name}") for name in accounts]
    rows = [(sk, state.get((table, pk, sk))) for table, pk, sk in places for state in (stage.before, history.after)]
    meanwhile = {place for place, names in history.let_in.items() if username in names}
    return meanwhile | {(row["practice_id"], sk.partition("#")[2]) for sk, row in rows if row}


def _invitations(history: History) -> set[tuple[tuple[str, str], str, str]]:
    """(practice, account), sort key and username of every invitation, at the beginning or in the end."""
    return {
        ((pk, row["provider_id"]), sk, row["username"])
        for state in (history.stage.before, history.after)
        for (_, pk, sk), row in state.of("invitation")
        if "username" in row
    }


def _made(request: Request) -> set[tuple[tuple[str, str], str, str]]:
    """The same of those that a request makes, or tries to."""
    rows = [row for call in request.calls if call.is_transaction for row in call.puts]
    return {
        ((row["pk"]["S"], row["provider_id"]["S"]), row["sk"]["S"], row["username"]["S"])
        for row in rows
        if row["sk"]["S"].startswith("invitation#") and "username" in row
    }


def _reaching(practice_id: str | None, history: History) -> set[str]:
    """The usernames that reach an account of a practice, at the beginning or in the end."""
    stage = history.stage
    accounts = (stage.provider_id, stage.cast.provider_id, stage.cast.their_provider_id)
    return {name for account in accounts for name in _usernames(practice_id or "", account, history)}


def _of(practice_id: str, history: History) -> set[str]:
    """The usernames of a practice, and those that reach an account of it."""
    logins = [row for state in (history.stage.before, history.after) for _, row in state.of("username")]
    for_a_time = {
        row["subject"]
        for (_, pk, _), row in history.after.of("event")
        if pk == practice_id and row["type"] == "grant.ended"
    }
    return (
        for_a_time
        | _reaching(practice_id, history)
        | {row["username"] for row in logins if row.get("practice_id") == practice_id}
    )


def _usernames(practice_id: str, provider_id: str, history: History) -> set[str]:
    """The usernames that reach one account, at the beginning, in the end, or that were let in meanwhile."""
    place = ("identity", practice_id, f"account#{provider_id}")
    rows = (state.get(place) for state in (history.stage.before, history.after))
    reaching = {name for row in rows if row for name in row.get("usernames", ())}
    return reaching | history.let_in.get((practice_id, provider_id), set())


def _tenant(pk: str) -> str:
    """Whose a partition is. The vendor is a tenant of its own: a report is its."""
    first = pk.partition("#")[0]
    return {"report": "vendor", "username": pk}.get(first, first)


def every_change_has_its_event(request: Request) -> None:
    """Writes go in transactions with their events; single writes are bookkeeping, and so is a receipt by itself."""
    for call in request.calls:
        writes = call.writes
        events = [sk for _, _, sk, kind in writes if sk.startswith("evt_") and kind == "Put"]
        if call.is_transaction and any(table != "receipts" for table, *_ in writes):
            assert events, f"{request.name} changed something without an event"
            assert len(writes) > len(events), f"{request.name} committed an event of nothing"
            continue
        for table, pk, sk, _ in writes:
            if request.operation.actor:
                bookkeeping = table == "receipts" or sk.startswith(("failures#", "session#", "search#"))
            else:
                bookkeeping = (
                    table == "events" or pk.startswith("report#") or sk.startswith(("upload#", "dormancy", "leaving#"))
                )
            assert bookkeeping, f"{request.name} wrote {sk} outside a transaction"


def _keys(call: Call) -> Iterator[tuple[str, str]]:
    """(pk, sk) of all that the call touches; whose list in an `index`, and whose `secret`. A file's practice is what
    its key names second."""
    for access in named(call):
        if access.table == S3:
            yield access.sk.split("/")[1], access.sk
        else:
            yield access.pk, "index" if "." in access.table else access.sk
    if context := call.arguments.get("EncryptionContext"):
        yield context["practice_id"], "secret"
        yield partition_of(context["username"]), "secret"


# --- What is there in the end -------------------------------------------------------------------------------------


def the_audit_trail_tells_it_all(history: History) -> None:
    """What changed is exactly what the events tell: none is missing, none tells of nothing."""
    before, after = history.stage.before, history.after
    changes = changed(before, after)
    changes.subtract(told(before, after))
    differences = {fact: count for fact, count in changes.items() if count}
    assert not differences, f"what is there differs from what the audit trail tells: {differences}"


def everybody_is_told(history: History) -> None:
    """Each announcement of each committed event arrived, under the event's id, and no other did; but what goes to an
    address that mail is or was stopped to."""
    due: dict[str, str] = {}
    for request in history.requests:
        for call in request.calls:
            if call.is_transaction and call.effects:
                due.update(_announced(call))
    for (_, _, sk), row in history.stage.before.of("event"):
        if "outbox" in row:
            due[sk] = row["outbox"]
    expected = {
        Delivery(event_id, announcement["channel"], announcement.get("to", ""))
        for event_id, outbox in due.items()
        for announcement in parsed(outbox)
    }
    lost = {pk for rows in (history.stage.before, history.after) for (_, pk, _), _ in rows.of("mail")}
    expected = {each for each in expected if each.to not in lost}
    arrived = {each for each in history.stage.lab.inbox if each.to not in lost}
    assert arrived == expected, f"not told: {expected - arrived}; told of nothing: {arrived - expected}"


def _announced(call: Call) -> Iterator[tuple[str, str]]:
    for row in call.puts:
        if "outbox" in row:
            yield row["sk"]["S"], row["outbox"]["S"]
