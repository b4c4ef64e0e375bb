"""The form for those who can't get in: a ticket that is marked unverified, whoever they are.

Whatever the form names changes neither its answer nor how many calls to AWS that takes. So nobody but a network is ever
refused, and whatever was answered with thanks is filed.
"""

from typing import Final

from msgspec.structs import replace
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, Problem, TooManyRequests, invalid
from chalicelib.identity.rules import network_of
from chalicelib.identity.usecases import people
from chalicelib.model import Actor, Practice
from chalicelib.store import Commit, Context
from chalicelib.support import filing_rules
from chalicelib.support.model import EmergencyTaken, FileEmergency
from chalicelib.support.tables import CounterRow, ThrottleRow
from chalicelib.support.usecases import filing, patient_warning

_FROM_ONE_NETWORK: Final = 5
_FOR_ONE_PRACTICE: Final = 10
_HOUR: Final = 3600
_VENDORS: Final = "public"
"""In place of a practice's id: the tickets that the vendor alone sees."""
_TAKEN: Final = "Thank you. Support look into it and write to the address that you gave."
_PATIENTS: Final = " What you wrote looks as if it told of a patient. Support are told to take that out."


class _Full(Conflict):
    """The practice had its ten of this hour."""


def file(ctx: Context, command: FileEmergency) -> EmergencyTaken:
    """Open a ticket for the practice that the form names. What names none is the vendor's own to look into, and so is
    what comes for a practice that had its ten of this hour, lest strangers fill its lists.

    The answer is the same in all these cases. What looks like patient data does not hold it up: an emergency can't
    wait for a second click. Raises Invalid where nothing is named; TooManyRequests after five from one network within
    an hour.
    """
    if command.username is None and command.practice_id is None:
        message = "Name your username or your practice."
        raise invalid(("username", message), ("practice_id", message))
    named = people.practice_named(ctx, command.username, command.practice_id)
    practice = named or Practice(_VENDORS, "unknown", config.get("BILLING_TIME_ZONE"), "")
    used = _used(ctx, f"practice#{practice.id}")
    ctx.rows.load(used, CounterRow.key(practice.id), CounterRow.key(_VENDORS))
    row, vendors = ctx.find(used), replace(practice, id=_VENDORS)
    if row and row.used >= _FOR_ONE_PRACTICE:
        return _open(ctx, command, vendors)
    try:
        return _open(ctx, command, practice)
    except _Full:  # others came at this very instant
        return _open(ctx, command, vendors)


def _open(ctx: Context, command: FileEmergency, practice: Practice) -> EmergencyTaken:
    found = patient_warning.found_in(
        subject=command.subject, body=command.body, contact_name=command.contact_name or ""
    )
    answer = EmergencyTaken(_TAKEN + _PATIENTS * bool(found), found)
    acting = replace(ctx, actor=Actor(ctx.actor.name, practice.id), practice=practice)

    def put(commit: Commit, number: int) -> EmergencyTaken:
        ticket, event = filing_rules.file_emergency(command, number, practice, found, ctx.now)
        seconds = _HOUR - int(ctx.now.timestamp()) % _HOUR
        too_many = TooManyRequests("Too many of these came from your network. Wait, or call.", retry_after=seconds)
        _count(commit, f"network#{network_of(ctx.source_ip)}", _FROM_ONE_NETWORK, too_many)
        if practice.id != _VENDORS:
            _count(commit, f"practice#{practice.id}", _FOR_ONE_PRACTICE, _Full())
        filing.put(commit, ticket, command.body, event)
        return commit.write(answer)

    return filing.numbered(acting, practice.id, put)


def _count(commit: Commit, what: str, most: int, otherwise: Problem) -> None:
    hour = int(commit.ctx.now.timestamp()) // _HOUR
    actions: list[Action] = [ThrottleRow.used.add(1), ThrottleRow.expires_at.set((hour + 2) * _HOUR)]
    free = ThrottleRow.used.does_not_exist() | (ThrottleRow.used < most)
    commit.update(_used(commit.ctx, what), actions, free, otherwise=otherwise)


def _used(ctx: Context, what: str) -> Key[ThrottleRow]:
    return ThrottleRow.key(what, str(int(ctx.now.timestamp()) // _HOUR))
