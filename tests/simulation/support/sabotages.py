"""Tickets broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.support.tables import CommentRow, HistoryRow, TicketRow
from chalicelib.support.usecases import leaving, tickets
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("a number given twice", "file", "file without a key")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "counter"), without_condition("put", "")]


@sabotage("an edit of a ticket over a comment", "edit ticket", "comment")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "ticket#"), without_condition("put", "")]


@sabotage("a comment apart from its ticket", "comment")
def _(_: Stage) -> list[Any]:
    return [apart(CommentRow)]


@sabotage("a history that is not written", "comment")
def _(_: Stage) -> list[Any]:
    def note(commit: Any, ticket: Any, event: Any) -> None:
        commit.record(event)

    return [patch.object(tickets, "_note", note)]


@sabotage("a history after the commit", "comment")
def _(_: Stage) -> list[Any]:
    return [apart(HistoryRow)]


@sabotage("a ticket after its lists", "edit ticket")
def _(_: Stage) -> list[Any]:
    return [apart(TicketRow)]


@sabotage("tickets of who is deactivated, which nobody takes", "abe deactivates ada")
def _(_: Stage) -> list[Any]:
    return [patch.object(leaving, "look_after", lambda *_: None)]


@sabotage("a ticket of who has left, opened again", "comment on one of who has left")
def _(_: Stage) -> list[Any]:
    return [patch.object(leaving, "look_after", lambda *_: None)]
