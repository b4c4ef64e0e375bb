"""What must hold of what an ended trial leaves, whatever happened."""

from tests.simulation.history import History
from tests.simulation.laboratory import Place, Row, parsed


def parts(history: History) -> list[tuple[Place, Row]]:
    """The events that tell that something went."""
    return [(place, row) for place, row in history.after.of("event") if row["type"] == "trial.data_removed"]


def who_buys_keeps_what_is_there(history: History) -> None:
    """Nothing goes of a practice that has bought a license, from that commit on."""
    bought = {pk: turn for pk, _, turn in reversed(history.in_turn("license_order.placed"))}
    bought |= {pk: -1 for (_, pk, _), row in history.stage.before.of("pool") if "bought" in row}
    for pk, _, turn in history.in_turn("trial.data_removed"):
        assert pk not in bought or turn < bought[pk], f"something went of {pk}, which has bought a license"


def nothing_goes_before_its_time(history: History) -> None:
    """Data goes when it is due, and not before."""
    for place, row in parts(history):
        if place not in history.stage.before:
            ended = history.stage.before["licensing", place[1], f"ended#{row['subject']}"]
            assert row["at"] >= ended["kept_until"], f"something of {row['subject']} went at {row['at']}"


def what_a_trial_leaves_is_going_to_go(history: History) -> None:
    """The data is due of an account that ended with its trial, in a practice that never bought a license; of none that
    holds one."""
    never = {pk for (_, pk, _), row in history.after.of("pool") if "bought" not in row}
    on_trial = {
        (pk, sk.removeprefix("deactivation#"))
        for (_, pk, sk), row in history.after.of("deactivation")
        if parsed(row["deactivation"])["trial_until"] and pk in never
    }
    due = {(pk, sk.removeprefix("ended#")) for (_, pk, sk), _ in history.after.of("ended")}
    assert on_trial <= due, f"forgotten: {on_trial - due}"
    claimed = {place for place in due if ("licensing", place[0], f"claim#{place[1]}") in history.after}
    assert not claimed, f"due, and active: {claimed}"


def of_what_is_gone_nothing_is_left(history: History) -> None:
    """Once it is told that all went, only the roster and the ledger name the account."""
    # With a lease of no time, as the laboratory has it, a request may be under way when the last look is taken.
    late = any(request.commits for request in history.of("ned adds a code"))
    for _, row in history.made.of("event"):
        if row["type"] == "trial.removal_done":
            left = {
                (table, sk)
                for table, pk, sk in history.after
                if table != "events" and (row["subject"] in pk or row["subject"] in sk)
            }
            assert late or all(sk.startswith("ledger#") for _, sk in left), f"left of {row['subject']}: {left}"


INVARIANTS = (
    who_buys_keeps_what_is_there,
    nothing_goes_before_its_time,
    what_a_trial_leaves_is_going_to_go,
    of_what_is_gone_nothing_is_left,
)
