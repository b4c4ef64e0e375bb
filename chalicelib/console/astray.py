"""Where a browser comes that asks for what is no page: an action's address leads to its page, any other says so.

The gateway answers by itself where it knows no method or path, and not for people: so it is told of these.
"""

from collections.abc import Callable

from chalice.app import Blueprint, Response

from chalicelib import errors
from chalicelib.auth import PUBLIC
from chalicelib.console.answering import html_response, redirect
from chalicelib.console.declared import ACTIONS, PAGES, Done
from chalicelib.console.visits import Visit
from chalicelib.serving import Endpoint, declare, serve
from chalicelib.store import Context

REST = "/console/{unknown+}"
"""To the gateway: whatever else begins so, however long."""


class NoSuchPage(errors.NotFound):
    """Nothing of the console is there."""

    title = "There is no such page"


def lead_to_pages(blueprint: Blueprint, room: str) -> None:
    """Let the addresses of a room's actions lead to their pages: those of answers that a browser still shows."""
    pages = {page.path for page in PAGES}
    for action in ACTIONS:
        if action.room == room and action.path not in pages:
            _declare(blueprint, room, action.path, action.on.address)


def take_rest(blueprint: Blueprint) -> None:
    """Let every address that nothing stands at tell so."""

    def nowhere(_: dict[str, str]) -> str:
        raise NoSuchPage("Its address is mistyped, or what was there has moved.")

    _declare(blueprint, "console", REST, nowhere)


def _declare(blueprint: Blueprint, room: str, path: str, leads: Callable[[dict[str, str]], str]) -> None:
    endpoint = Endpoint(room=room, method="GET", path=path, permit=PUBLIC, handler=leads)

    def view(parameters: dict[str, str]) -> Response:
        request = blueprint.current_request
        visit = Visit(request, parameters, signed_in=False)

        def refusal(ctx: Context, problem: errors.Problem) -> Response:
            return html_response(problem.status, "problem.html", ctx, visit, {"problem": problem}, endpoint)

        return serve(endpoint, request, lambda _: redirect(visit, leads(parameters), Done("")), refusal)

    declare(blueprint, endpoint, view, [])
