"""An owner who asks for somebody to be brought back."""

from typing import Any

from chalice.test import HTTPResponse

from chalicelib import clock
from chalicelib.identity.tables import PracticeRow
from chalicelib.identity.usecases import requests
from chalicelib.model import Actor
from chalicelib.store import Commit, Context
from chalicelib.support.tables import TicketRow
from tests.api import Api
from tests.cast import Cast
from tests.identity.steps import mailed_link
from tests.world import World

OWNER = "owner.ada@clinic.example"


def ask(api: Api, **named: str) -> HTTPResponse:
    return api.post("/recoveries", {"owner_email": OWNER, **named})


def asked(api: Api, world: World) -> str:
    assert ask(api, username="ada").status_code == 202
    return mailed_link(api, world, OWNER)


def ticket(cast: Cast) -> Any:
    """The ticket that was filed last."""
    rows = TicketRow.query(cast.site_admin.practice_id, TicketRow.sk.startswith("ticket#"))
    return max((row.as_ticket() for row in rows), key=lambda each: each.number)


def approved(cast: Cast, request: dict[str, Any]) -> None:
    """Staff approve a ticket with this request."""
    practice_id = cast.site_admin.practice_id
    row = PracticeRow.get(practice_id, "practice", consistent_read=True)
    commit = Commit(Context(Actor("staff:jo", practice_id), clock.now(), "test", practice=row.as_practice()))
    requests.carry_out(commit, request, "tkt_1")
    commit.write(None)


def mails(api: Api, world: World, word: str) -> list[str]:
    api.tick("relay_events")
    return sorted(mail.to for mail in world.emails() if word in mail.subject)
