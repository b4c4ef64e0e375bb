"""What must hold of mail, whatever happened."""

from tests.simulation.history import History
from tests.simulation.laboratory import parsed
from tests.simulation.mail.operations import OLD


def nothing_is_sent_where_mail_is_stopped(history: History) -> None:
    """An address that nobody allowed again got nothing."""
    resumed = {row["subject"] for _, row in history.after.of("event") if row["type"] == "mail.resumed"}
    stopped = {pk for (_, pk, sk), row in history.stage.before.of("mail") if "reason" in row}
    sent = {delivery.to.lower() for delivery in history.stage.lab.inbox}
    assert not sent & (stopped - resumed), f"mailed though stopped: {sent & (stopped - resumed)}"


def an_old_mail_stops_nothing_again(history: History) -> None:
    """What is told again, or of a mail from before an address was allowed, makes no change."""
    for _, row in history.after.of("event"):
        if row["type"] == "mail.stopped":
            assert parsed(row["after"])["event_id"] != OLD, f"{row['subject']} was stopped again"


INVARIANTS = (nothing_is_sent_where_mail_is_stopped, an_old_mail_stops_nothing_again)
