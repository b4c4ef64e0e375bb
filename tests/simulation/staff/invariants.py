"""What must hold of the vendor's own people, whatever happened."""

from tests.simulation.history import History


def who_has_ended_stays_out(history: History) -> None:
    """A login that has ended keeps nothing that could prove it again, and no session of its epoch."""
    for (table, pk, sk), row in history.after.items():
        if pk.startswith("staff#") and sk == "username" and row["status"] != "active":
            left = {"password_hash", "totp_seed", "recovery_codes"} & row.keys()
            assert not left, f"{pk} has ended, and keeps {left}"
            sessions = [
                each for (t, p, s), each in history.after.items() if (t, p) == (table, pk) and "last_used_at" in each
            ]
            assert all(each["epoch"] < row["epoch"] for each in sessions), f"{pk} has ended, and is signed in"


INVARIANTS = (who_has_ended_stays_out,)
