"""What people are told about access to provider accounts: who has it learns of which practice and, by the link,
of which account; no other names, neither of people nor of practices."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines, typed

_SENTENCES = {
    "grant.given": "Your username was given access to a provider account.",
    "grant.changed": "What your username may do on a provider account was changed.",
    "grant.ended": "Your username's access to a provider account has ended, as was agreed when it was given.",
    "grant.taken": "Your username's access to a provider account was taken away.",
    "grant.joined": "Your username and password were used to give another username access to your provider accounts.\n"
    "If this was not you, take that access away, change your password, and tell your site admin.",
}
_OFFERED = "You are invited to a provider account. Sign in to accept or to decline."
_ASKED = "Somebody is to be invited to a provider account of your practice. Sign in to approve or to decline."
_ANSWERS = {
    "invitation.approved": _OFFERED,
    "invitation.accepted": "Your invitation to a provider account was accepted.",
    "invitation.declined": "Your invitation to a provider account was declined.",
}


def access_changed(event: EventRow, to: Announcement) -> Text:
    """To the username whose access it is, or by whose login an account was joined."""
    if event.type == "grant.joined":
        return _text("Access to a provider account", _SENTENCES[event.type])
    account = f"/{event.after['provider_id']}" if event.type in ("grant.given", "grant.changed") else ""
    facts = (("Username", event.subject), ("Practice", typed(to.practice) or None))
    return _text("Access to a provider account", _SENTENCES[event.type], *facts, account=account)


def invitation_made(event: EventRow, _: Announcement) -> Text:
    """To who is invited, or to the site admins who are to approve."""
    return _text("Invitation to a provider account", _OFFERED if event.after["status"] == "offered" else _ASKED)


def invitation_answered(event: EventRow, _: Announcement) -> Text:
    """To who is invited, once it is approved; else to who invited."""
    return _text("Invitation to a provider account", _ANSWERS[event.type])


def _text(subject: str, sentence: str, *facts: tuple[str, object], account: str = "") -> Text:
    link = ("Link", f"{config.get('PUBLIC_URL')}/console/access{account}")
    return Text(subject, f"{sentence}\n\n{lines(*facts, link)}")


RENDERERS: dict[str, Renderer] = {
    **dict.fromkeys(_SENTENCES, access_changed),
    **dict.fromkeys(_ANSWERS, invitation_answered),
    "invitation.made": invitation_made,
}
