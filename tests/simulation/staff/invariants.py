"""What must hold of the vendor's own people, whatever happened."""

import msgspec

from chalicelib.support.desk_rules import REDACTED
from chalicelib.support.model import Ticket
from tests.simulation.history import History
from tests.simulation.laboratory import parsed
from tests.simulation.script import NEW_OWNER


def who_has_ended_stays_out(history: History) -> None:
    """A login that has ended keeps nothing that could prove it again, and no session of its epoch."""
    for (table, pk, _), row in history.after.of("username"):
        if pk.startswith("staff#") and row["status"] != "active":
            left = {"password_hash", "totp_seed", "recovery_codes"} & row.keys()
            assert not left, f"{pk} has ended, and keeps {left}"
            sessions = [
                each for (t, p, s), each in history.after.items() if (t, p) == (table, pk) and "last_used_at" in each
            ]
            assert all(each["epoch"] < row["epoch"] for each in sessions), f"{pk} has ended, and is signed in"


def what_is_taken_out_is_gone(history: History) -> None:
    """Where a mark says that a text was taken out, it is; that lists show tickets as they are, support's pages say."""
    for (table, pk, sk), row in history.after.of("ticket"):
        ticket = msgspec.convert(parsed(row["ticket"]), Ticket)
        for field in {field for mark in ticket.redactions for field in mark.fields}:
            comment = (table, pk, f"comment#{sk.partition('#')[2]}#{field}")
            text = ticket.subject if field == "subject" else parsed(history.after[comment]["comment"])["body"]
            assert text == REDACTED, f"{field} of {ticket.id} is still there"


def a_decided_ticket_and_its_deed_agree(history: History) -> None:
    """What a ticket for fewer licenses asks for is decided with it, and as it is."""
    decreases = {sk: row["status"] for (_, _, sk), row in history.after.of("decrease")}
    for _, row in history.after.of("ticket"):
        ticket = parsed(row["ticket"])
        if ticket.get("category") == "license_decrease":
            status = decreases[f"decrease#{ticket['request']['decrease_id']}"].replace("applied", "approved")
            assert status == (ticket.get("decision") or "requested"), f"{ticket['id']}: {status}"


def it_takes_two_to_grant_what_an_owner_asks_for(history: History) -> None:
    """What the owner's link alone vouches for is granted by two different people, and tim is site admin only then."""
    granted = False
    for _, row in history.after.of("ticket"):
        ticket = parsed(row["ticket"])
        if ticket.get("decision") == "approved" and "authorized_by" in ticket["request"]:
            approvals = {each["by"] for each in ticket["approvals"]}
            assert len(approvals) > 1, f"{ticket['id']} was granted by {approvals}"
            granted = granted or ticket["request"]["username"] == "tim"
    by_owner = any(
        row["type"] == "recovery.carried_out" and row["subject"] == "tim" for _, row in history.after.of("event")
    )
    assert by_owner == granted, "tim came in otherwise"


def the_owner_is_who_staff_approved(history: History) -> None:
    """The owner has the address of the approved ticket, which nobody has verified, or the one of before."""
    for (_, pk, _), row in history.after.of("ticket"):
        ticket, practice = parsed(row["ticket"]), history.after.get(("identity", pk, "practice"), {})
        if ticket["category"] == "owner_change" and ticket["request"]["owner_email"] == NEW_OWNER:
            changed = practice["owner_email"] == NEW_OWNER
            assert changed == (ticket.get("decision") == "approved"), f"the owner is {practice['owner_email']}"
            assert not (changed and "owner_verified_at" in practice), "nobody has verified this address"


INVARIANTS = (
    the_owner_is_who_staff_approved,
    who_has_ended_stays_out,
    what_is_taken_out_is_gone,
    a_decided_ticket_and_its_deed_agree,
    it_takes_two_to_grant_what_an_owner_asks_for,
)
