"""Who is who, for other rooms."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.dynamo import Key
from chalicelib.errors import Forbidden, Problem
from chalicelib.identity import rules
from chalicelib.identity.tables import PracticeRow, UsernameRow
from chalicelib.model import Practice, Role
from chalicelib.store import Commit, Context


class Member(NamedTuple):
    """A username of the practice."""

    username: str
    email: str


def site_admins(practice_id: str) -> dict[str, str]:
    """A practice's active site admins: email address by username, in their order; eventually consistent."""
    rows = UsernameRow.by_practice.query(practice_id)
    return {row.username: row.email for row in rows if row.status == "active" and "site_admin" in (row.roles or ())}


def names_of_site_admins(ctx: Context) -> list[str]:
    """The usernames of the own practice's active site admins, in their order, by its row."""
    row = ctx.find(PracticeRow.key(ctx.own_practice.id))
    return sorted(row.site_admins or ()) if row else []


def with_roles(practice_id: str) -> tuple[list[str], list[str]]:
    """A practice's active site admins and its active support users, in their order; eventually consistent."""
    active = [row for row in UsernameRow.by_practice.query(practice_id) if row.status == "active"]
    admins = [row.username for row in active if "site_admin" in (row.roles or ())]
    return admins, [row.username for row in active if "support_user" in rules.in_force(row.roles or (), row.accounts)]


def keys(typed: Iterable[str]) -> list[Key[UsernameRow]]:
    """What `find` reads: for who reads ahead. Nothing for what can be no username."""
    folded = (rules.fold(name) for name in typed)
    return [UsernameRow.key(name) for name in folded if not rules.username_error(name)]


def find(ctx: Context, typed: str, *, active: bool = True) -> Member | None:
    """A username of the own practice, however it is spelled; unless `active` is False, only an active one."""
    for key in keys([typed]):
        row = ctx.find(key)
        if row is not None and row.practice_id == ctx.own_practice.id and (row.status == "active" or not active):
            return Member(row.username, row.email)
    return None


def practice_named(ctx: Context, typed: str | None, practice_id: str | None) -> Practice | None:
    """The practice of a username, however it is spelled, or of an id; None for what names none. That takes as many
    calls as the others, so that nobody learns from the time of an answer which usernames there are."""
    for key in keys([typed] if typed is not None else []):
        row = ctx.find(key)
        practice_id = row.practice_id if row is not None else practice_id
    if practice_id is None or not re.fullmatch(r"prc_[0-9a-z]{26}", practice_id):
        practice_id = "prc_nobodys"
    found = ctx.find(PracticeRow.key(practice_id))
    return found.as_practice() if found else None


def left(ctx: Context, usernames: Iterable[str]) -> dict[str, str]:
    """Those of the usernames that reach nothing any more, or are inactive: the home practice of each. A deleted one has
    none any more; it was of the practice that the context acts for."""
    found = [row for key in keys(usernames) if (row := ctx.find(key))]
    return {
        row.username: row.practice_id or ctx.actor.practice_id
        for row in found
        if row.status != "active" or rules.left_with_nothing(row.roles or (), row.accounts)
    }


def require_still(commit: Commit, role: Role) -> None:
    """Let the commit be refused where the actor has lost a role, or all access, meanwhile."""
    lost = Forbidden(f"Only a {role.replace('_', ' ')} of your practice may do this.", code="role_required")
    commit.check(UsernameRow.key(commit.ctx.actor.name), _holds(role), otherwise=lost)


def require_role(commit: Commit, username: str, role: Role, otherwise: Problem, *, checked: bool = True) -> None:
    """Let the commit be refused, by `otherwise`, unless a username is active and has a role. `checked` False: the
    commit itself needs its row to be as it was read."""
    key = UsernameRow.key(username)
    row = commit.ctx.find(key)
    if row is None or row.status != "active" or role not in (row.roles or ()):
        raise otherwise
    if checked:
        commit.check(key, _holds(role), otherwise=otherwise)


def _holds(role: Role) -> Condition:
    condition: Condition = UsernameRow.roles.contains(role) & (UsernameRow.status == "active")
    if role == "support_user":  # whose role rests without any account
        condition &= UsernameRow.reaches_something()
    return condition


def address_of(ctx: Context, username: str) -> str | None:
    """The email address of a username that may sign in; None for any other."""
    login = ctx.find(UsernameRow.key(username))
    return login.email if login is not None and login.status == "active" else None
