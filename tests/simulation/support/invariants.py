"""What must hold of tickets, whatever happened."""

import json
from collections.abc import Iterator

import msgspec

from chalicelib.support.model import Ticket
from chalicelib.support.tables import TicketRow
from chalicelib.support.view_tables import copies_of
from tests.simulation.history import History

_COPIES = ("shelf#", "term#", "unsolved#")


def _tickets(history: History) -> Iterator[Ticket]:
    for (_, _, sk), row in history.after.items():
        if sk.startswith("ticket#"):
            yield msgspec.convert(json.loads(row["ticket"]), Ticket)


def numbers_rise_without_a_gap_and_none_is_given_twice(history: History) -> None:
    """A practice's tickets have the numbers from one to the counter's; each has the text that it began with."""
    numbers: dict[str, list[int]] = {}
    for ticket in _tickets(history):
        numbers.setdefault(ticket.practice_id, []).append(ticket.number)
        body = ("support", ticket.practice_id, f"comment#{ticket.number:09d}#body")
        assert body in history.after, f"{ticket.id} lost its text"
    counters = {pk: row["last"] for (_, pk, sk), row in history.after.items() if sk == "counter"}
    assert {pk: sorted(found) for pk, found in numbers.items()} == {
        pk: list(range(1, last + 1)) for pk, last in counters.items()
    }


def lists_show_every_ticket_as_it_is(history: History) -> None:
    """The copies of tickets are exactly those that the tickets have now."""
    expected = {
        (key.pk, key.sk): copy.serialize() for ticket in _tickets(history) for key, copy in copies_of(ticket).items()
    }
    found = {
        (pk, sk): row
        for (table, pk, sk), row in history.after.items()
        if table == "support" and (sk.startswith(_COPIES) or pk.startswith("queue#"))
    }
    assert found.keys() == expected.keys()
    for place, row in found.items():
        for name in {"summary", "queued"} & row.keys():
            assert json.loads(row[name]) == json.loads(expected[place][name]["S"]), place


def what_is_due_is_what_a_ticket_waits_for(history: History) -> None:
    """A ticket stands in the due index exactly while a schedule has to do something for it."""
    for (_, _, sk), row in history.after.items():
        if sk.startswith("ticket#"):
            fresh = TicketRow.new(msgspec.convert(json.loads(row["ticket"]), Ticket))
            assert (row.get("due_shard"), row.get("due_at")) == (fresh.due_shard, fresh.due_at), sk


def its_history_is_told_by_the_same_events(history: History) -> None:
    """Each line of a ticket's history is an event of the audit trail."""
    events = {(pk, sk) for (table, pk, sk) in history.after if table == "events"}
    for _, pk, sk in history.after:
        if sk.startswith("history#"):
            assert (pk, sk.split("#")[2]) in events, f"{sk} has no event"


INVARIANTS = (
    numbers_rise_without_a_gap_and_none_is_given_twice,
    lists_show_every_ticket_as_it_is,
    what_is_due_is_what_a_ticket_waits_for,
    its_history_is_told_by_the_same_events,
)
