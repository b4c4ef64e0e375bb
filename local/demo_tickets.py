"""The demo practice's tickets: twenty of them, in every status, with what was said. They were filed in the past, so
they are made by the use cases with the clock put back, rather than through the API."""

from datetime import timedelta
from typing import NamedTuple

from chalicelib import clock, ids
from chalicelib.dynamo import Rows
from chalicelib.identity.tables import PracticeRow, UsernameRow
from chalicelib.model import Actor
from chalicelib.store import Commit, Context
from chalicelib.support import desk_rules, due_rules, rules
from chalicelib.support.model import Category, FileTicket, Priority, Status, Ticket, TicketRequest
from chalicelib.support.usecases import filing, tickets
from local.logins import USER

_STAFF = "staff:demo.support"


class _Told(NamedTuple):
    """A ticket: what it is about, how many days ago it was filed, where it stands, what Support answered."""

    subject: str
    body: str
    category: Category
    priority: Priority
    days: int
    status: Status
    answer: str = ""
    request: TicketRequest | None = None
    follow_up_of: int | None = None


_TICKETS = [
    _Told("Statements print without our logo", "Since the move to the new office.", "problem", "low", 90, "closed",
          "The logo is set again. Print one to see."),
    _Told("How do I add a second location?", "We open in Oak Park in May.", "question", "normal", 75, "closed",
          "Each provider has a default location in the configuration."),
    _Told("Invoice of March", "It lists three midlevel licenses, we have two.", "billing", "normal", 60, "closed",
          "One was bought on the 4th; the ledger shows the order."),
    _Told("Fax number on letters", "It is still the old one.", "problem", "low", 45, "closed", "It is changed."),
    _Told("Statements print without our logo again", "Same as before.", "problem", "normal", 20, "solved",
          "A template was left. It is mended, too.", follow_up_of=1),
    _Told("Training for new staff", "Is there a course?", "question", "low", 15, "solved", "Every Tuesday at ten."),
    _Told("Report of visits is slow", "It takes minutes.", "problem", "normal", 12, "solved", "It is quick now."),
    _Told("Who may see the ledger?", "Our accountant asks.", "question", "normal", 10, "solved", "Site admins."),
    _Told("Wrong time on reminders", "They come an hour late.", "problem", "high", 6, "waiting_on_you",
          "Which time zone do your practice's settings say?"),
    _Told("Messages from the portal", "Some arrive twice.", "problem", "normal", 5, "waiting_on_you",
          "Can you send us the time of one?"),
    _Told("Purchase order on invoices", "Can it be printed?", "billing", "low", 5, "waiting_on_you",
          "Yes. What is the number?"),
    _Told("Codes of 2027", "When do they come?", "question", "low", 4, "open", "We look into it."),
    _Told("Labels come out blank", "The printer is fine.", "problem", "normal", 3, "open", "We look into it."),
    _Told("Export for the auditor", "By the end of the month, please.", "problem", "high", 2, "open", "Begun."),
    _Told("Discount for many licenses", "We plan to grow.", "billing", "low", 2, "open", "Sales will call you."),
    _Told("Make the demo user a support user", "She was trained.", "role_change", "normal", 1, "new",
          request=TicketRequest(username=USER, role="support_user", action="add")),
    _Told("The schedule of tomorrow is empty", "It was full this morning.", "problem", "high", 0, "new"),
    _Told("Is there a dark theme?", "Some of us work at night.", "question", "low", 0, "new"),
    _Told("Receipt of the last order", "It did not come.", "billing", "normal", 0, "new"),
]  # fmt: skip


def seed(practice_id: str, username: str) -> None:
    """File them all, as that site admin. The twentieth is the caller's: an emergency, over the public form."""
    rows = Rows()
    practice, login = rows.find(PracticeRow.key(practice_id)), rows.find(UsernameRow.key(username))
    if practice is None or login is None:
        raise LookupError(username)
    actor = Actor(username, practice_id, login.email, frozenset(login.roles or ()))  # type: ignore[arg-type]
    for each in _TICKETS:
        at = clock.now() - timedelta(days=each.days, minutes=20)
        ctx = Context(actor, at, "demo", practice=practice.as_practice())
        _answer(ctx, _file(ctx, each), each)


def _file(ctx: Context, told: _Told) -> Ticket:
    command = FileTicket(
        subject=told.subject,
        body=told.body,
        category=told.category,
        priority=told.priority,
        request=told.request,
        follow_up_of=told.follow_up_of,
        articles_do_not_help=True,
    )

    def file(commit: Commit, number: int) -> Ticket:
        return commit.write(filing.file(commit, number, command, {}))

    return filing.numbered(ctx, ctx.own_practice.id, file)


def _answer(ctx: Context, ticket: Ticket, told: _Told) -> None:
    """Support answer after ten minutes; what is closed was solved then for 28 days."""
    if told.status == "new":
        return
    act: dict[Status, rules.Act] = {"open": "take", "waiting_on_you": "ask"}
    staff = Actor(_STAFF, ticket.practice_id)
    at = ctx.now + timedelta(minutes=10)
    acting = Context(staff, at, "demo")
    after, said, event = desk_rules.answer(
        ticket, act.get(told.status, "resolve"), ids.new("cmt", at), told.answer, staff, at
    )
    commit = Commit(acting)
    tickets.replace(commit, ticket, after, event)
    tickets.put_comment(commit, after, said)
    commit.write(None)
    if told.status == "closed":
        at += due_rules.CLOSED_AFTER
        closed, event = due_rules.close(after, at)
        commit = Commit(Context(Actor("system:close_solved_tickets", ticket.practice_id), at, "demo"))
        tickets.replace(commit, after, closed, event)
        commit.write(None)
