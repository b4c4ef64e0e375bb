"""Roles: parts of the commits in which staff apply a ticket. `site_admins` on the practice's row names the active site
admins, so that "never the last one" is a condition of the transaction, whoever else is being ended at the same time."""

from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from chalicelib.errors import Conflict
from chalicelib.identity import standing_rules
from chalicelib.identity.tables import PracticeRow, UsernameRow
from chalicelib.identity.usecases import logins
from chalicelib.model import Announcement, Event, Role
from chalicelib.store import Commit
from chalicelib.support.usecases import leaving


def add(commit: Commit, username: str, role: Role, ticket_id: str) -> None:
    """Add to the commit that an active username of the practice has a role. A new site admin without two-factor can
    only set it up. Raises NotFound, Conflict (`username_not_active`, `role_held`)."""
    login = logins.find(commit.ctx, username)
    if login.status != "active":
        raise Conflict("This username is not active.", code="username_not_active")
    if role in (login.roles or ()):
        raise Conflict("This username has the role already.", code="role_held")
    commit.update(
        UsernameRow.key(login.username),
        [UsernameRow.roles.add({role})],
        _as_read(login, role),
        otherwise=logins.overtaken(),
    )
    if role == "site_admin":
        gain(commit, login)
    _record(commit, login, "role.added", sorted({*(login.roles or ()), role}), ticket_id)


def remove(commit: Commit, username: str, role: Role, ticket_id: str) -> None:
    """Add to the commit that a username of the practice has a role no more. Raises NotFound, Conflict
    (`role_not_held`); refused with LastSiteAdmin."""
    login = logins.find(commit.ctx, username)
    if role not in (login.roles or ()):
        raise Conflict("This username does not have the role.", code="role_not_held")
    commit.update(
        UsernameRow.key(login.username),
        [UsernameRow.roles.delete({role})],
        _as_read(login, role),
        otherwise=logins.overtaken(),
    )
    leaving.look_after(commit, login.practice_id, [login.username])  # who may have had nothing else
    if role == "site_admin" and login.status == "active":
        lose(commit, login)
    _record(commit, login, "role.removed", sorted(set(login.roles or ()) - {role}), ticket_id)


def _record(commit: Commit, login: UsernameRow, what: str, roles: list[str], ticket_id: str) -> None:
    # Of who is active nothing needs saying; of others, that the practice's site admins are the same as before.
    standing = {} if login.status == "active" else {"status": login.status}
    before = {"roles": sorted(login.roles or ()), **standing}
    after = {"roles": roles, **standing, "ticket_id": ticket_id}
    commit.record(Event(what, login.username, before, after, (Announcement("email", login.email),)))


def as_read(login: UsernameRow) -> Condition:
    """The condition that a username is still active or not, and site admin or not."""
    return _as_read(login, "site_admin")


def _as_read(login: UsernameRow, role: Role) -> Condition:
    has: Condition = UsernameRow.roles.contains(role)
    same = has if role in (login.roles or ()) else UsernameRow.roles.does_not_exist() | ~has
    condition: Condition = (UsernameRow.status == login.status) & same
    return condition


def gain(commit: Commit, login: UsernameRow) -> None:
    """The practice has one active site admin more."""
    actions: list[Action] = [PracticeRow.site_admins.add({login.username}), PracticeRow.version.add(1)]
    commit.update(PracticeRow.key(login.practice_id), actions, PracticeRow.pk.exists(), otherwise=logins.overtaken())


def lose(commit: Commit, login: UsernameRow) -> None:
    """The practice has one active site admin less, and at least one. Refused with LastSiteAdmin."""
    actions: list[Action] = [PracticeRow.site_admins.delete({login.username}), PracticeRow.version.add(1)]
    others = size(PracticeRow.site_admins) >= standing_rules.ENOUGH_SITE_ADMINS
    refusal = standing_rules.last_site_admin()
    commit.update(PracticeRow.key(login.practice_id), actions, others, otherwise=refusal)
