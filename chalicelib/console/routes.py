"""The console's face: every screen, and the files that they are drawn with."""

from importlib import import_module

from chalice.app import Response

from chalicelib.answers import problem_response
from chalicelib.auth import PUBLIC
from chalicelib.console import assets, astray
from chalicelib.console.pages import bp
from chalicelib.serving import Endpoint, declare, serve

__all__ = ["SCREENS", "bp"]

SCREENS = (
    "home",
    "sign_in",
    "sign_up",
    "passwords",
    "recovery",
    "two_factor",
    "me",
    "licenses",
    "providers",
    "endings",
    "sharing",
    "invitations",
    "help",
    "filing",
    "tickets",
    "codes",
    "codes_import",
    "switching",
    "copy_codes",
    "users",
    "practice",
)
for _name in SCREENS:
    import_module(f"chalicelib.console.screens.{_name}")

_ASSET = Endpoint(
    room="console", method="GET", path="/console/assets/{name}", permit=PUBLIC, handler=assets.response, prefetch=None
)


def _asset(parameters: dict[str, str]) -> Response:
    return serve(
        _ASSET,
        bp.current_request,
        lambda _: assets.response(parameters["name"]),
        lambda ctx, problem: problem_response(problem, ctx.request_id),
    )


declare(bp, _ASSET, _asset, [])
astray.lead_to_pages(bp, "console")
astray.take_rest(bp)
