"""How many of staff it takes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import Actor, Practice
from chalicelib.support import desk_rules, filing_rules
from chalicelib.support.model import FileTicket, Ticket, TicketRequest

NOW = datetime(2026, 7, 2, 16, 0, tzinfo=UTC)
PRACTICE = Practice("prc_1", "Elm Street Clinic", "America/Chicago", "standard")


def ticket(**asked: str) -> Ticket:
    """A ticket that asks for pat's way back; `asked` is what was noted beside when it was filed."""
    command = FileTicket(
        subject="Back", body="Please.", category="reactivation", priority="high", request=TicketRequest(username="pat")
    )
    return filing_rules.file(command, 1, PRACTICE, Actor("ada", "prc_1"), {}, NOW, asked)[0]


OWNERS = ticket(authorized_by="owner_link")


@pytest.mark.parametrize(("asked", "missing"), [({}, 1), ({"authorized_by": "owner_link"}, 2)])
def test_a_site_admins_wish_takes_one_and_the_owners_two(asked: dict[str, Any], missing: int) -> None:
    assert desk_rules.approvals_missing(ticket(**asked)) == missing


def test_two_are_two_different_people() -> None:
    first = desk_rules.approve(OWNERS, "staff:sam", NOW)
    assert desk_rules.approvals_missing(first) == 1
    with pytest.raises(desk_rules.AnotherPerson):
        desk_rules.approve(first, "staff:sam", NOW)
    second = desk_rules.approve(first, "staff:kim", NOW)
    assert [each.by for each in second.approvals] == ["staff:sam", "staff:kim"]
    assert desk_rules.approvals_missing(second) == 0


def test_the_first_approval_decides_nothing_and_support_hears_of_it() -> None:
    after, event = desk_rules.approved_first(OWNERS, desk_rules.approve(OWNERS, "staff:sam", NOW), NOW)
    assert (after.decision, after.status, after.version) == (None, "new", 2)
    assert (event.type, [each.channel for each in event.announce]) == ("ticket.approved", ["support"])


def test_nothing_is_approved_twice_or_where_nothing_is_asked() -> None:
    decided = desk_rules.decide(OWNERS, "declined", NOW)
    assert desk_rules.approvals_missing(decided) == 0
    with pytest.raises(Conflict, match="declined before"):
        desk_rules.approve(decided, "staff:sam", NOW)
