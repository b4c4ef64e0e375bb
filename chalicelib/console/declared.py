"""What the console has: its pages, and the actions of their forms."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.console.visits import is_ours
from chalicelib.serving import Commanded, Endpoint


class Done(NamedTuple):
    """Where to go on, and what to tell there. `session`: the token that the browser is to keep from now on; an empty
    one ends its session."""

    to: str
    said: str = ""
    session: str | None = None


class Page(Endpoint, frozen=True, kw_only=True):
    """What is shown at a path. `on`: the page whose form asks for it; `filters`: its own form does."""

    template: str
    query: type | None
    on: "Page | None"
    filters: bool

    def parameters_of(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """Those that its path has."""
        return {name: parameters[name] for name in self.holes}


class Action(Commanded, frozen=True, kw_only=True):
    """What a form does. `on`: the page that shows it. `before`: reads what `then` is to know of how it was."""

    on: Page
    then: Callable[..., Done] | None
    before: Callable[..., Any] | None
    template: str
    versioned: bool


PAGES: list[Page] = []
ACTIONS: list[Action] = []
_BY_NAME: dict[tuple[str, str], Endpoint] = {}


def keep(declared: Endpoint) -> None:
    """Have forms and links find a page or action by its handler's name. Raises ValueError where its room has another
    of this name."""
    name = declared.handler.__name__
    if _BY_NAME.setdefault((declared.room, name), declared) is not declared:
        raise ValueError(f"{declared.name} is called {name}, as {_BY_NAME[declared.room, name].name} is")


def called(room: str, name: str) -> Endpoint:
    """The room's page or action with this handler. Raises KeyError."""
    return _BY_NAME[room, name]


def is_page(place: str) -> bool:
    """Whether it is a page of the console, and so where somebody can be sent on to."""
    path = place.partition("?")[0]
    return is_ours(place) and any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", page.path), path) for page in PAGES)
