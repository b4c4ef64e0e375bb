"""What must hold of tickets, whatever happened."""

from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.identity.rules import left_with_nothing
from chalicelib.support.model import Ticket
from chalicelib.support.rules import UNSOLVED
from chalicelib.support.tables import TicketRow
from chalicelib.support.view_tables import copies_of
from tests.simulation.history import History
from tests.simulation.laboratory import parsed

_COPIES = ("shelf#", "term#", "unsolved#")
_HELD = ("summary", "queued")
Place = tuple[str, str]


def _tickets(history: History) -> list[Ticket]:
    return [_ticket(row["ticket"]) for _, row in history.after.of("ticket")]


@lru_cache(1000)  # most rows are the same in every case
def _ticket(text: str) -> Ticket:
    return msgspec.convert(parsed(text), Ticket)


@lru_cache(1000)
def _copies(text: str) -> dict[Place, Any]:
    """What each copy of a ticket should hold."""
    rows = {(key.pk, key.sk): copy.serialize() for key, copy in copies_of(_ticket(text)).items()}
    return {place: [parsed(row[name]["S"]) for name in _HELD if name in row] for place, row in rows.items()}


def numbers_rise_without_a_gap_and_none_is_given_twice(history: History) -> None:
    """A practice's tickets have the numbers from one to the counter's; each has the text that it began with."""
    numbers: dict[str, list[int]] = {}
    for ticket in _tickets(history):
        numbers.setdefault(ticket.practice_id, []).append(ticket.number)
        body = ("support", ticket.practice_id, f"comment#{ticket.number:09d}#body")
        assert body in history.after, f"{ticket.id} lost its text"
    counters = {pk: row["last"] for (_, pk, sk), row in history.after.of("counter")}
    assert {pk: sorted(found) for pk, found in numbers.items()} == {
        pk: list(range(1, last + 1)) for pk, last in counters.items()
    }


def lists_show_every_ticket_as_it_is(history: History) -> None:
    """The copies of tickets are exactly those that the tickets have now."""
    expected: dict[Place, Any] = {}
    for _, row in history.after.of("ticket"):
        expected |= _copies(row["ticket"])
    found = {
        (pk, sk): [parsed(row[name]) for name in _HELD if name in row]
        for (table, pk, sk), row in history.after.items()
        if table == "support" and (sk.startswith(_COPIES) or pk == "queue")
    }
    assert found == expected


def what_is_due_is_what_a_ticket_waits_for(history: History) -> None:
    """A ticket stands in the due index exactly while a schedule has to do something for it."""
    for (_, _, sk), row in history.after.of("ticket"):
        assert (row.get("due_shard"), row.get("due_at")) == _due(row["ticket"]), sk


@lru_cache(1000)
def _due(text: str) -> tuple[str | None, str | None]:
    """Where a ticket should stand in the due index."""
    fresh = TicketRow.new(_ticket(text))
    return fresh.due_shard, fresh.due_at


def its_history_is_told_by_the_same_events(history: History) -> None:
    """Each line of a ticket's history is an event of the audit trail."""
    events = {(pk, sk) for (table, pk, sk) in history.after if table == "events"}
    for _, pk, sk in history.after:
        if sk.startswith("history#"):
            assert (pk, sk.split("#")[2]) in events, f"{sk} has no event"


def no_open_ticket_is_left_with_nobody(history: History) -> None:
    """Who owns an open ticket may answer in it; but for the one that is to be looked after in two hours."""
    logins = {row["username"]: row for _, row in history.after.of("username")}
    due = {sk for (_, _, sk), row in history.after.of("leaving") if "due_shard" in row}
    later = history.stage.tickets["left"] if "leaving#evt_of_leaving" in due else 0
    for ticket in _tickets(history):
        owner = logins.get(ticket.owner or "")
        if ticket.status in UNSOLVED and owner and ticket.number != later:
            nothing = left_with_nothing(owner.get("roles", ()), owner.get("accounts"))
            may = owner["status"] == "active" and not nothing
            assert may, f"{ticket.id} is left with {ticket.owner}"


INVARIANTS = (
    no_open_ticket_is_left_with_nobody,
    numbers_rise_without_a_gap_and_none_is_given_twice,
    lists_show_every_ticket_as_it_is,
    what_is_due_is_what_a_ticket_waits_for,
    its_history_is_told_by_the_same_events,
)
