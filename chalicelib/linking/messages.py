"""What people are told about access to provider accounts: no names, neither of people nor of practices."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines

_SENTENCES = {
    "grant.given": "Your username was given access to a provider account.",
    "grant.changed": "What your username may do on a provider account was changed.",
    "grant.taken": "Your username's access to a provider account was taken away.",
    "grant.joined": "Your username and password were used to give another username access to your provider accounts.\n"
    "If this was not you, take that access away, change your password, and tell your site admin.",
}


def access_changed(event: EventRow, _: Announcement) -> Text:
    """To the username whose access it is, or by whose login an account was joined."""
    link = lines(("Link", f"{config.get('PUBLIC_URL')}/console/access"))
    return Text(f"Access to a provider account ({event.sk})", f"{_SENTENCES[event.type]}\n\n{link}")


RENDERERS: dict[str, Renderer] = dict.fromkeys(_SENTENCES, access_changed)
