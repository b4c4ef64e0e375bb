"""Every screen, and what stands for the parameters in its path. A test holds this to the console's declarations."""

from typing import Any, NamedTuple

from tests.e2e.running import Running, send


class Screen(NamedTuple):
    """A screen as somebody sees it: `path` as its page declares it, with `query`."""

    path: str
    signed_in: bool = True
    query: str = ""


SCREENS = (
    Screen("/console/sign-in", signed_in=False),
    Screen("/console/sign-up", signed_in=False),
    Screen("/console/forgotten-password", signed_in=False),
    Screen("/console/set-password/{token}", signed_in=False),
    Screen("/console/verify-owner/{token}", signed_in=False),
    Screen("/console/two-factor"),
    Screen("/console/me"),
    Screen("/console/session"),
    Screen("/console/licenses"),
    Screen("/console/licenses/agreement", query="?physician=2&midlevel=1"),
    Screen("/console/licenses/orders"),
    Screen("/console/licenses/orders/{order_id}/cancel"),
    Screen("/console/licenses/ledger"),
    Screen("/console/licenses/reconciliation"),
    Screen("/console/licenses/fewer"),
    Screen("/console/access"),
    Screen("/console/access-find"),
    Screen("/console/access/{provider_id}"),
    Screen("/console/access/{provider_id}/new-username"),
    Screen("/console/access/{provider_id}/invitations"),
    Screen("/console/access/{provider_id}/usernames/{username}"),
    Screen("/console/access/{provider_id}/usernames/{username}/remove"),
    Screen("/console/invitations"),
    Screen("/console/users"),
    Screen("/console/new-user"),
    Screen("/console/users/{username}"),
    Screen("/console/users/{username}/deactivate"),
    Screen("/console/users/{username}/reset-two-factor"),
    Screen("/console/practice"),
    Screen("/console/audit"),
)


def place(screen: Screen, system: Running, token: str) -> str:
    """Where the screen is found in the demo practice."""

    def first(path: str) -> Any:
        return send(system.url, "GET", path, None, {"Authorization": f"Bearer {token}"}).body["items"][0]

    path = screen.path.replace("{token}", "x").replace("{username}", "demo.user")
    if "{order_id}" in path:
        path = path.replace("{order_id}", first("/license-orders")["id"])
    return path + screen.query
