"""The owner's recovery: a link to the registered address, a ticket that it files, and what staff carry out of it."""

from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.update import Action as Update

from chalicelib import clock
from chalicelib.dynamo import Key
from chalicelib.errors import invalid
from chalicelib.identity import recovery_rules, rules
from chalicelib.identity.recovery_rules import Action
from chalicelib.identity.tables import PracticeRow, UsernameRow
from chalicelib.identity.usecases import logins, owners, people, roles, second_factor, standing
from chalicelib.identity.usecases.passwords import Accepted
from chalicelib.model import Actor, Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.support.model import FileTicket, TicketRequest
from chalicelib.support.usecases import filing
from chalicelib.validation import Email

OWNER_LINK = recovery_rules.OWNER_LINK


class AskRecovery(msgspec.Struct, frozen=True):
    """Whose owner asks: the practice's id, or a username of it; and the owner's address."""

    owner_email: Email
    practice_id: Annotated[str, Meta(max_length=64)] | None = None
    username: Annotated[str, Meta(max_length=256)] | None = None


class Recover(msgspec.Struct, frozen=True):
    """Whom to bring back as site admin: `reactivate` one who is inactive or dormant, `reset_totp` of one who can't sign
    in, or `appoint` another username."""

    action: Action
    username: Annotated[str, Meta(max_length=256)]


def ask(ctx: Context, command: AskRecovery) -> Accepted:
    """Mail the owner a link, if that is the practice's verified address; at most one in 15 minutes. The same answer,
    after the same time, whatever there is. Raises Invalid unless either a practice or a username is named."""
    if (command.practice_id is None) == (command.username is None):
        message = "Name either the practice or a username of it."
        raise invalid(("practice_id", message), ("username", message))
    clock.answer_in(rules.ANSWER_SECONDS, lambda: _mail_owner(ctx, command))
    return Accepted("If this is the verified address of the practice's owner, a link is on its way to it.")


def _mail_owner(ctx: Context, command: AskRecovery) -> None:
    practice = _practice(ctx, command)
    if practice is not None and practice.owner_verified_at and _is_owner(practice, command.owner_email):
        _mail_link(ctx, practice)


def _practice(ctx: Context, command: AskRecovery) -> PracticeRow | None:
    if command.practice_id is not None:
        return ctx.find(PracticeRow.key(command.practice_id)) if command.practice_id else None
    login = next((ctx.find(key) for key in logins.keys(command.username or "")), None)
    # A username that was deleted has left nothing but its name.
    return ctx.find(PracticeRow.key(login.practice_id)) if login and login.practice_id else None


def _is_owner(practice: PracticeRow, typed: str) -> bool:
    return rules.fold(practice.owner_email) == rules.fold(typed)


def _mail_link(ctx: Context, practice: PracticeRow) -> None:
    # Anybody can ask: the audit trail does not say that it was the owner.
    commit = Commit(msgspec.structs.replace(ctx, actor=Actor(ctx.actor.name, practice.pk)))
    owners.put_link(commit, practice, "recovery", int(recovery_rules.PAUSE.total_seconds()))
    announce = (Announcement("email", practice.owner_email),)
    commit.record(Event("recovery.link_requested", practice.pk, announce=announce))
    try:
        commit.write(None)
    except owners.Mailed:
        return


def file(ctx: Context, token: str, command: Recover) -> Accepted:
    """File the ticket with which staff bring one site admin back. It uses the link. Raises NotFound for a link that is
    wrong, used or over; Invalid for a username that the practice does not have, or that the action does not suit: then
    the link stays good."""
    link = owners.find_link(ctx, token, "recovery")
    practice = ctx.find(PracticeRow.key(link.pk))
    if practice is None:
        raise owners.dead_link()
    ctx = msgspec.structs.replace(
        ctx, actor=Actor(owners.ACTOR, practice.pk, practice.owner_email), practice=practice.as_practice()
    )
    keys: list[Key[UsernameRow]] = logins.keys(command.username)
    ctx.rows.load(*filing.rows(practice.pk), *keys)
    login = next((ctx.find(key) for key in keys), None)
    if login is None or login.practice_id != practice.pk:
        raise invalid(("username", "The practice has no such username."))
    if refusal := recovery_rules.refusal(command.action, login.status, login.roles or ()):
        raise invalid(("username", refusal))
    ticket = _ticket(command.action, login.username)
    asked = recovery_rules.asked(command.action, int(practice.recoveries))
    emails = people.site_admins(practice.pk).values()

    def write(commit: Commit, number: int) -> Accepted:
        owners.use_link(commit, link)
        filed = filing.file(commit, number, ticket, {}, **asked)
        facts = {"action": command.action, "username": login.username, "ticket_id": filed.id}
        commit.record(Event("recovery.filed", practice.pk, after=facts, announce=_to(practice.owner_email, *emails)))
        return commit.write(Accepted("Support has a ticket now. You are told by email when it is decided."))

    return filing.numbered(ctx, practice.pk, write)


def _ticket(action: Action, username: str) -> FileTicket:
    appoint = action == "appoint"
    role = TicketRequest(username=username, role="site_admin", action="add")
    return FileTicket(
        subject=recovery_rules.subject(action),
        body=recovery_rules.body(action, username),
        category="role_change" if appoint else "reactivation",
        priority="high",
        request=role if appoint else TicketRequest(username=username),
    )


def _to(*emails: str) -> tuple[Announcement, ...]:
    return tuple(Announcement("email", email) for email in dict.fromkeys(emails))


# --- For staff's decision -----------------------------------------------------------------------------------------


def carry_out(commit: Commit, username: str, action: Action, recoveries: int, ticket_id: str) -> None:
    """Add to the commit, for the practice that it acts for, that one username is an active site admin, who has no
    session and sets up two-factor anew. The owner, the username and the site admins are told.

    `action` and `recoveries` are those of the ticket's request. Raises RecoveryOutdated when the username has changed
    so that the action does not suit it; refused with it when another recovery was carried out since.
    """
    ctx = commit.ctx
    login = logins.find(ctx, username)
    practice = ctx.find(PracticeRow.key(login.practice_id))
    if practice is None or recovery_rules.refusal(action, login.status, login.roles or ()):
        raise recovery_rules.RecoveryOutdated()
    back: list[Update] = [
        UsernameRow.status.set("active"),
        UsernameRow.roles.add({"site_admin"}),
        UsernameRow.epoch.add(1),
        *second_factor.without_totp(),
    ]
    commit.update(UsernameRow.key(login.username), back, roles.as_read(login), otherwise=logins.overtaken())
    begin = standing.begin_anew if login.status == "active" else standing.begin
    begin(commit, login.username)
    counted: list[Update] = [
        PracticeRow.site_admins.add({login.username}),
        PracticeRow.recoveries.add(1),
        PracticeRow.version.add(1),
    ]
    as_asked = PracticeRow.recoveries == recoveries
    commit.update(practice.as_key(), counted, as_asked, otherwise=recovery_rules.RecoveryOutdated())
    before = {"status": login.status, "roles": sorted(login.roles or ())}
    after = {"status": "active", "roles": sorted({*before["roles"], "site_admin"}), "action": action}
    announce = _to(practice.owner_email, login.email, *people.site_admins(practice.pk).values())
    commit.record(Event("recovery.carried_out", login.username, before, {**after, "ticket_id": ticket_id}, announce))
