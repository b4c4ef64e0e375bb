"""What the console has: its pages, and the actions of their forms."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.console.answering import Done
from chalicelib.console.visits import is_ours
from chalicelib.serving import Endpoint, Variants


class Page(Endpoint, frozen=True, kw_only=True):
    """What is shown at a path. `on`: the page whose form asks for it; `filters`: its own form does."""

    template: str
    query: type | None
    on: "Page | None"
    filters: bool

    def parameters_of(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """Those that its path has."""
        return {name: parameters[name] for name in re.findall(r"{(\w+)}", self.path)}

    def address(self, parameters: Mapping[str, str]) -> str:
        """Where it is found."""
        return self.path.format_map({name: quote(value, safe="") for name, value in parameters.items()})


class Action(Endpoint, frozen=True, kw_only=True):
    """What a form does. `on`: the page that shows it."""

    on: Page
    then: Callable[..., Done] | None
    template: str
    command: Any
    variants: Variants
    versioned: bool
    keeps_receipt: bool

    @property
    def commands(self) -> tuple[type, ...]:
        """What its form may become."""
        return tuple(self.variants[1].values()) or ((self.command,) if self.command else ())


PAGES: list[Page] = []
ACTIONS: list[Action] = []


def is_page(place: str) -> bool:
    """Whether it is a page of the console, and so where somebody can be sent on to."""
    path = place.partition("?")[0]
    return is_ours(place) and any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", page.path), path) for page in PAGES)
