"""What must hold of who manages provider accounts, whatever happened."""

from collections import Counter

import msgspec

from chalicelib.identity.model import Held
from chalicelib.identity.rules import manages
from tests.simulation.history import History
from tests.simulation.laboratory import Rows, parsed


def _managed(rows: Rows) -> set[str]:
    """The accounts that an active username has full access to the profile of, for good."""
    active = {pk for (_, pk, sk), row in rows.of("username") if row["status"] == "active"}
    return {
        sk
        for (_, pk, sk), row in rows.of("grant")
        if pk in active and "due_at" not in row and manages(msgspec.convert(parsed(row["privileges"]), Held))
    }


def an_account_that_is_managed_stays_managed(history: History) -> None:
    """No account loses its last active username with full access to its profile."""
    there = {sk.replace("account#", "grant#") for (_, _, sk), _ in history.after.of("account")}
    left = (_managed(history.stage.before) - _managed(history.after)) & there
    assert not left, f"nobody manages {left} any more"


def guesses_at_other_logins_are_counted_for_good(history: History) -> None:
    """Every refused find stands in the counter of who asked, whatever succeeded since."""
    refused = Counter(
        request.operation.actor
        for request in history.requests
        if request.operation.route == "POST /accounts/find" and request.answer and request.answer.status == 404
    )
    for username, count in refused.items():
        row = history.after.get(("identity", f"username#{username}", "failures#find"), {"failures": 0})
        assert row["failures"] >= count, f"{count} finds of {username} failed, {row['failures']} are counted"


def nobody_has_more_through_a_login_than_that_has(history: History) -> None:
    """A grant that was joined gives what that of the login did by which it was, before or after it was changed."""
    for (_, _, sk), row in history.after.of("grant"):
        if row.get("through"):
            place = "identity", f"username#{row['through']}", sk
            theirs = [there[place]["privileges"] for there in (history.stage.before, history.after) if place in there]
            assert row["privileges"] in theirs, f"{sk} was joined with {row['privileges']}"


def what_has_ended_is_going_to_go(history: History) -> None:
    """A grant that ends is due, and no other is."""
    for (_, _, sk), row in history.after.of("grant"):
        assert ("due_at" in row) == ("due_shard" in row), f"{sk} is forgotten"


def nobody_is_let_in_without_the_accounts_side(history: History) -> None:
    """What was asked for alone lets nobody in."""
    approved = any(request.name == "approve invitation" and request.commits for request in history.requests)
    for request in history.requests:
        if request.name == "accept invitation that is not approved" and request.commits:
            assert approved, "an invitation was taken up that nobody approved"


def an_offered_invitation_shows_to_whom_it_is_addressed(history: History) -> None:
    """Each of them, and nothing else, stands with the username that it is for."""
    rows = history.after.of("invitation")
    offered = {
        (f"username#{row['username']}", sk)
        for (_, _, sk), row in rows
        if row.get("status") == "offered" and row["addressed"]
    }
    shown = {(pk, sk) for (_, pk, sk), row in rows if "status" not in row}
    assert shown == offered, f"only shown: {shown - offered}, only offered: {offered - shown}"


INVARIANTS = (
    an_offered_invitation_shows_to_whom_it_is_addressed,
    what_has_ended_is_going_to_go,
    nobody_is_let_in_without_the_accounts_side,
    an_account_that_is_managed_stays_managed,
    guesses_at_other_logins_are_counted_for_good,
    nobody_has_more_through_a_login_than_that_has,
)
