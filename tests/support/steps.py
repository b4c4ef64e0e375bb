"""Shared by the tests of tickets."""

from typing import Any

from tests.api import Api
from tests.cast import Person


def ticket_body(**changes: Any) -> dict[str, Any]:
    """A valid ticket; `...` leaves a field out."""
    good = {
        "subject": "The printer of room 2 prints nothing",
        "body": "It is on, and it has paper.\nWhat else can we try?",
        "category": "problem",
        "priority": "normal",
        "articles_do_not_help": True,
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def filed(api: Api, person: Person, **changes: Any) -> int:
    """The number of a ticket that somebody files."""
    answer = api.post("/tickets", ticket_body(**changes), person.token)
    assert answer.status_code == 201, answer.body
    return int(answer.json_body["number"])


def shown(api: Api, person: Person, number: int) -> dict[str, Any]:
    """A ticket as somebody sees it."""
    answer = api.get(f"/tickets/{number}", person.token)
    assert answer.status_code == 200, answer.body
    return dict(answer.json_body)


def history_of(api: Api, person: Person, number: int) -> list[dict[str, Any]]:
    """A ticket's history, newest first."""
    return list(api.get(f"/tickets/{number}/history?limit=100", person.token).json_body["items"])


def said_on(api: Api, person: Person, number: int) -> list[str]:
    """What was said on a ticket."""
    return [each["body"] for each in api.get(f"/tickets/{number}/comments", person.token).json_body["items"]]


def listed(api: Api, person: Person, query: str = "") -> list[int]:
    """The numbers of one page of a list."""
    answer = api.get(f"/tickets?{query}", person.token)
    assert answer.status_code == 200, answer.body
    return [each["number"] for each in answer.json_body["items"]]
