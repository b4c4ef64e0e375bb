"""What staff carry out of a decided ticket about a username, or the owner's address: a part of the commit that decides
it."""

from typing import Any

import msgspec

from chalicelib.dynamo import Key
from chalicelib.identity.recovery_rules import Action
from chalicelib.identity.tables import PracticeRow
from chalicelib.identity.usecases import logins, owners, recoveries, roles, standing
from chalicelib.model import Role
from chalicelib.store import Commit


class UsernameRequest(msgspec.Struct, frozen=True):
    """A ticket's request about a username: a `role` with its `action`, or neither for a reactivation. Where it
    came through the owner's link, `recovery` is what the owner asked for, when there had been so many `recoveries`."""

    username: str
    role: Role | None = None
    action: str = ""
    recovery: Action = "reactivate"
    recoveries: int = 0


def by_owner(request: dict[str, Any]) -> bool:
    """Whether the practice's owner authorized it by a mailed link, and not one of its site admins."""
    return request.get("authorized_by") == recoveries.OWNER_LINK


def keys(practice_id: str, request: dict[str, Any]) -> list[Key[Any]]:
    """What is read to carry out a site admin's request."""
    return [PracticeRow.key(practice_id)] if "owner_email" in request else [*logins.keys(request["username"])]


def carry_out(commit: Commit, request: dict[str, Any], ticket_id: str) -> None:
    """Add to the commit, for the practice that it acts for, what a ticket of the category `role_change`,
    `reactivation` or `owner_change` asks for. The audit row names the ticket. Raises NotFound, Conflict (LastSiteAdmin,
    RecoveryOutdated and others)."""
    if "owner_email" in request:
        owners.change_address(commit, request["owner_email"], ticket_id)
        return
    asked = msgspec.convert(request, UsernameRequest, strict=False)
    if by_owner(request):
        recoveries.carry_out(commit, asked.username, asked.recovery, asked.recoveries, ticket_id)
    elif asked.role is not None:
        change = roles.add if asked.action == "add" else roles.remove
        change(commit, asked.username, asked.role, ticket_id)
    else:
        login = logins.find(commit.ctx, asked.username)
        standing.bring_back(commit, login)
        commit.record(standing.event_of(login, "username.reactivated", "active", ticket_id=ticket_id))
