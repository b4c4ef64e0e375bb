"""The owner's address: verified through a link, which is mailed at sign-up and again when a site admin asks; and
changed, where staff approve a ticket."""

import msgspec
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.errors import Conflict, NotFound, TooManyRequests
from chalicelib.identity import recovery_rules, rules, sessions
from chalicelib.identity.tables import LinkRow, PracticeRow
from chalicelib.identity.usecases.passwords import Accepted
from chalicelib.model import Actor, Announcement, Event
from chalicelib.store import Commit, Context

ACTOR = "owner:link"
"""Who has opened a link to the owner's address. No username has a colon in it."""


class Mailed(Conflict):
    """A link was mailed a short while ago."""


def mail_verification(ctx: Context) -> Accepted:
    """Mail the owner's address another link to verify it; at most one a minute. Raises Conflict (`owner_verified`),
    TooManyRequests."""
    row = ctx.find(PracticeRow.key(ctx.own_practice.id))
    if row is None or row.owner_verified_at is not None:
        raise Conflict("The owner's address is verified.", code="owner_verified")
    commit = Commit(ctx)
    put_link(commit, row, "owner", int(rules.LINK_PAUSE.total_seconds()))
    announce = (Announcement("email", row.owner_email),)
    commit.record(Event("practice.owner_link_requested", row.pk, announce=announce))
    try:
        return commit.write(Accepted("A link is on its way to the owner's address."))
    except Mailed:
        raise TooManyRequests("A link was just mailed.", retry_after=60) from None


def put_link(commit: Commit, practice: PracticeRow, purpose: str, pause: int) -> None:
    """Add to the commit the link that its event mails to the owner. Refused with Mailed within so many seconds of the
    last one."""
    now = int(commit.ctx.now.timestamp())
    rested = PracticeRow.owner_mailed_at.does_not_exist() | (PracticeRow.owner_mailed_at <= now - pause)
    same = PracticeRow.owner_email == practice.owner_email
    mailed = PracticeRow.owner_mailed_at.set(now)
    commit.update(PracticeRow.key(practice.pk), [mailed], same & rested, otherwise=Mailed())
    add_link(commit, practice.pk, purpose, commit.event_id, int(practice.recoveries))


def add_link(commit: Commit, practice_id: str, purpose: str, event_id: str, epoch: int = 0) -> None:
    """Add to the commit the link that this one of its events mails; `epoch`: the practice's recoveries by then."""
    lasts = {"owner": recovery_rules.VERIFICATION_LINK, "recovery": recovery_rules.LINK}[purpose]
    key = LinkRow.owner_key(practice_id, sessions.secret_hash(sessions.link_secret(event_id)))
    ends = int((commit.ctx.now + lasts).timestamp())
    commit.put(key.row(purpose=purpose, epoch=epoch, expires_at=ends), otherwise=Conflict("This link exists."))


def use_link(commit: Commit, link: LinkRow) -> None:
    """Add to the commit that a link was used. Refused with NotFound when it was before."""
    commit.delete(link.as_key(), LinkRow.pk.exists(), otherwise=dead_link())


def find_link(ctx: Context, token: str, purpose: str) -> LinkRow:
    """The link of a token, with its practice read in the same call. Raises NotFound for one that is wrong, used or
    over, or was mailed to an address that is the owner's no more."""
    practice_id, link_hash = sessions.parse_link(token)
    if not practice_id:
        raise dead_link()
    key = LinkRow.owner_key(practice_id, link_hash)
    ctx.rows.load(key, PracticeRow.key(practice_id))
    link, practice = ctx.find(key), ctx.find(PracticeRow.key(practice_id))
    if link is None or link.purpose != purpose or link.expires_at < ctx.now.timestamp():
        raise dead_link()
    if practice is None or practice.recoveries != (link.epoch or 0):
        raise dead_link()
    return link


def dead_link() -> NotFound:
    """The same for every link that does not work."""
    return NotFound("This link does not work. It was used already, or its time is over.")


def verify(ctx: Context, token: str) -> None:
    """Note that the owner's address is reachable. Raises NotFound for a link that is wrong, used or over."""
    link = find_link(ctx, token, "owner")
    commit = Commit(msgspec.structs.replace(ctx, actor=Actor(ACTOR, link.pk)))
    use_link(commit, link)
    commit.update(
        PracticeRow.key(link.pk),
        [PracticeRow.owner_verified_at.set(clock.to_text(ctx.now)), PracticeRow.version.add(1)],
        PracticeRow.recoveries == int(link.epoch or 0),
        otherwise=dead_link(),
    )
    commit.record(Event("practice.owner_verified", link.pk, {"verified": False}, {"verified": True}))
    commit.write(None)


# --- For staff's decision -----------------------------------------------------------------------------------------


def change_address(commit: Commit, email: str, ticket_id: str) -> None:
    """Add to the commit, for the practice that it acts for, that its owner has another address, which is not verified.

    The old address is told, the new one gets the link to verify it. Links and recoveries that came through the old one
    are over. Raises Conflict (`owner_email_held`); refused with Conflict when the owner's address changed meanwhile.
    """
    ctx = commit.ctx
    row = ctx.find(PracticeRow.key(ctx.own_practice.id))
    if row is None or rules.fold(row.owner_email) == rules.fold(email):
        raise Conflict("This is the owner's address already.", code="owner_email_held")
    actions: list[Action] = [
        PracticeRow.owner_email.set(email),
        PracticeRow.owner_verified_at.remove(),
        PracticeRow.owner_mailed_at.set(int(ctx.now.timestamp())),
        PracticeRow.recoveries.add(1),
        PracticeRow.version.add(1),
    ]
    verified = PracticeRow.owner_verified_at
    as_read = verified.does_not_exist() if row.owner_verified_at is None else verified.exists()
    as_read &= (PracticeRow.owner_email == row.owner_email) & (PracticeRow.recoveries == row.recoveries)
    changed = Conflict("The owner of the practice acted meanwhile. Try again.")
    commit.update(PracticeRow.key(row.pk), actions, as_read, otherwise=changed)
    before = {"owner_email": row.owner_email, "verified": row.owner_verified_at is not None}
    after = {"owner_email": email, "verified": False, "ticket_id": ticket_id}
    told = (Announcement("email", row.owner_email),)
    commit.record(Event("practice.owner_email_changed", row.pk, before, after, told))
    mailed = commit.record(Event("practice.owner_link_requested", row.pk, announce=(Announcement("email", email),)))
    add_link(commit, row.pk, "owner", mailed, int(row.recoveries) + 1)
