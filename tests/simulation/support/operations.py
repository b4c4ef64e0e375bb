"""Tickets: filed, talked about, edited, solved. Of ours, ada owns all, and cleo reads two along."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.support.tables import BREACH, CLOSE, PASS_ON
from tests.simulation.operation import event, request
from tests.simulation.stage import Stage
from tests.support.steps import ticket_body

_FILE, _FILED = "POST /tickets", "ticket.filed"
_EDIT, _EDITED = "PATCH /tickets/{number}", "ticket.edited"
_SAY, _SAID = "POST /tickets/{number}/comments", "ticket.commented"


def _ticket(**changes: Any) -> Callable[[Stage], Any]:
    return lambda _: ticket_body(**changes)


def _number(name: str) -> Callable[[Stage], str]:
    return lambda stage: str(stage.tickets[name])


request("file", _FILE, _ticket(cc=["cleo"]), actor="ada", names=("cleo",), keyed=True, changes=_FILED)
request("file without a key", _FILE, _ticket(), actor="ada", changes=_FILED)
_role = {"username": "tom", "role": "site_admin", "action": "add"}
request(
    "file for a role",
    _FILE,
    _ticket(category="role_change", request=_role),
    actor="ada",
    names=("tom",),
    changes=_FILED,
)
_owner = {"owner_email": "another.owner@clinic.example"}
request(
    "file for another owner",
    _FILE,
    _ticket(category="owner_change", request=_owner),
    actor="ada",
    keyed=True,
    changes=_FILED,
)
_fewer = _ticket(category="license_decrease", request={"midlevel": 1})
request("file for fewer licenses", _FILE, _fewer, actor="ada", keyed=True, changes=_FILED)
request("they file", _FILE, _ticket(), actor="eve", keyed=True, changes=_FILED)
request("file without the right", _FILE, _ticket(), actor="cleo")

_comment = {"body": "It prints again."}
request("comment", _SAY, lambda _: _comment, parameter=_number("new"), actor="cleo", keyed=True, changes=_SAID)
request("comment without a key", _SAY, lambda _: _comment, parameter=_number("new"), actor="ada", changes=_SAID)
request("comment on a solved one", _SAY, lambda _: _comment, parameter=_number("solved"), actor="cleo", changes=_SAID)
request(
    "comment on one of who has left",
    _SAY,
    lambda _: _comment,
    parameter=_number("left solved"),
    actor="cleo",
    changes=_SAID,
)
request("they comment on ours", _SAY, lambda _: _comment, parameter=_number("new"), actor="eve")

_edit = {"subject": "Scanner scans nothing", "priority": "high", "cc": ["tom"]}
request(
    "edit ticket",
    _EDIT,
    lambda _: _edit,
    parameter=_number("new"),
    version='"1"',
    actor="ada",
    names=("tom",),
    changes=_EDITED,
)
request(
    "solve whatever version",
    _EDIT,
    lambda _: {"status": "solved"},
    parameter=_number("new"),
    version="*",
    actor="ada",
    quiet=True,
    changes=_EDITED,
)
request(
    "reopen whatever version",
    _EDIT,
    lambda _: {"status": "open"},
    parameter=_number("solved"),
    version="*",
    actor="ada",
    quiet=True,
    changes=_EDITED,
)

request(
    "begin attachment",
    "POST /tickets/{number}/attachments",
    lambda _: {"name": "screen.png"},
    parameter=_number("new"),
    actor="cleo",
    changes="upload.started",
)
_COMPLETE = "POST /uploads/{upload_id}/complete"
request(
    "complete attachment",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["attachment"],
    actor="ada",
    keyed=True,
    quiet=True,
    changes="ticket.attached",
)
request(
    "complete attachment without a key",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["attachment"],
    actor="ada",
    quiet=True,
    changes="ticket.attached",
)
_call = {"subject": "Nobody gets in", "body": "Since this morning.", "contact_email": "o@x.example", "username": "ada"}
_HELP = "POST /emergency-tickets"
request("call for help", _HELP, lambda _: _call, actor="ada", signed_in=False, keyed=True, changes=_FILED)
request("call for help without a key", _HELP, lambda _: _call, actor="ada", signed_in=False, changes=_FILED)

# Of ina, who is inactive, a ticket is to be passed on in two hours. The next afternoon a promise is broken; a month
# later what was solved closes.
_AFTERNOON, _MONTH = timedelta(hours=16), timedelta(days=29)
event("pass on", "check_sla", ahead=timedelta(hours=3), waiting=PASS_ON)
event("check promises", "check_sla", ahead=_AFTERNOON, waiting=BREACH)
event("check promises too early", "check_sla")
event("close solved", "close_solved_tickets", ahead=_MONTH, waiting=CLOSE)
event("close solved too early", "close_solved_tickets")
