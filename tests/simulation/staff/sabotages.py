"""Staff's part broken on purpose."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from chalicelib import clock
from chalicelib.identity.tables import PracticeRow
from chalicelib.licensing.tables import DecreaseRow
from chalicelib.support import desk_rules
from chalicelib.support.model import Approval, Ticket
from chalicelib.support.usecases import redaction
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("a login that is proved again after its end", "end sam", "staff sign in")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username"), without_condition("put", "session#")]


@sabotage("a link that outlives its login", "end staff", "set staff password")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username"), without_condition("delete", "link#")]


@sabotage("a name of staff given out twice", "add staff")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "username", "link#")]


@sabotage("a decision that overlooks another", "approve", "decline")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "ticket#", "decrease#"), without_condition("delete", "")]


@sabotage("a deed apart from its decision", "approve without a key")
def _(_: Stage) -> list[Any]:
    return [apart(DecreaseRow)]


@sabotage("a mark on a text that is still there", "redact")
def _(_: Stage) -> list[Any]:
    return [patch.object(redaction, "_take_out", lambda *_: None)]


@sabotage("one person who counts for two", "one more approval by sid")
def _(_: Stage) -> list[Any]:
    def approve(ticket: Ticket, by: str, now: datetime) -> Ticket:
        return replace(ticket, approvals=[*ticket.approvals, Approval(by, clock.to_text(now))])

    return [patch.object(desk_rules, "approve", approve)]


@sabotage("another owner apart from the decision", "approve another owner")
def _(_: Stage) -> list[Any]:
    return [apart(PracticeRow)]


@sabotage("an old owner's link that verifies the new one's address", "verify owner", "approve another owner")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "practice")]
