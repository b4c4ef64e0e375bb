"""Every screen, and what stands for the parameters in its path. A test holds this to the console's declarations."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from chalicelib.model import StaffRole
from tests.e2e.running import Running, send


class Screen(NamedTuple):
    """A screen as somebody sees it: `path` as its page declares it, with `query`; `of`: which account it is about;
    `staff`: whose of the vendor's people."""

    path: str
    signed_in: bool = True
    staff: StaffRole | None = None
    query: str = ""
    of: str = "provider_id"


SCREENS = (
    Screen("/console/sign-in", signed_in=False),
    Screen("/console/sign-up", signed_in=False),
    Screen("/console/forgotten-password", signed_in=False),
    Screen("/console/set-password/{token}", signed_in=False),
    Screen("/console/verify-owner/{token}", signed_in=False),
    Screen("/console/recovery", signed_in=False),
    Screen("/console/recovery/{token}", signed_in=False),
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
    Screen("/console/providers"),
    Screen("/console/providers", query="?q=nobody-at-all"),
    Screen("/console/providers/new"),
    Screen("/console/providers/left-behind"),
    Screen("/console/providers/{provider_id}"),
    Screen("/console/providers/{provider_id}", of="inactive"),
    Screen("/console/providers/{provider_id}/end"),
    Screen("/console/providers/{provider_id}/end/confirm", query="?when=now"),
    Screen("/console/providers/{provider_id}/patients", of="inactive"),
    Screen("/console/providers/{provider_id}/patients"),
    Screen("/console/providers/{provider_id}/patients/new"),
    Screen("/console/providers/{provider_id}/moves/{reassignment_id}", of="source"),
    Screen("/console/access"),
    Screen("/console/accounts", query="?q=a&on=/console/access/{provider_id}"),
    Screen("/console/access-find"),
    Screen("/console/access/{provider_id}"),
    Screen("/console/access/{provider_id}/new-username"),
    Screen("/console/access/{provider_id}/invitations"),
    Screen("/console/access/{provider_id}/usernames/{username}"),
    Screen("/console/access/{provider_id}/usernames/{username}/remove"),
    Screen("/console/access/{provider_id}/codes/{file}"),
    Screen("/console/access/{provider_id}/codes/{file}", query="?q=nothing-at-all"),
    Screen("/console/access/{provider_id}/codes/{file}/new"),
    Screen("/console/access/{provider_id}/codes/{file}/import/{upload_id}"),
    Screen("/console/access/{provider_id}/codes/{file}/{code}"),
    Screen("/console/access/{provider_id}/codes/{file}/{code}/delete"),
    Screen("/console/copy-codes"),
    Screen("/console/copy-codes/entries", query="?from={provider_id}&to={source}"),
    Screen("/console/code-copies/{copy_id}"),
    Screen("/console/invitations"),
    Screen("/console/help", query="?q=cancel+order&open=cancel-a-license-order"),
    Screen("/console/help/{slug}"),
    Screen("/console/tickets"),
    Screen("/console/tickets/new"),
    Screen("/console/tickets/suggestions", query="?subject=cancel+order"),
    Screen("/console/tickets/{number}"),
    Screen("/console/tickets/{number}/edit"),
    Screen("/console/tickets/{number}/history"),
    Screen("/console/tickets/{number}/attach"),
    Screen("/console/emergency", signed_in=False),
    Screen("/console/users"),
    Screen("/console/new-user"),
    Screen("/console/users/{username}"),
    Screen("/console/users/{username}/deactivate"),
    Screen("/console/users/{username}/reset-two-factor"),
    Screen("/console/users/{username}/email"),
    Screen("/console/users/{username}/delete"),
    Screen("/console/practice"),
    Screen("/console/audit"),
    Screen("/console/staff/sign-in", signed_in=False),
    Screen("/console/staff/set-password/{token}", signed_in=False),
    Screen("/console/staff/two-factor", staff="support"),
    Screen("/console/staff/session", staff="support"),
    Screen("/console/staff/tickets", staff="support"),
    Screen("/console/staff/tickets/{ticket_id}", staff="support"),
    Screen("/console/staff/tickets/{ticket_id}/history", staff="support"),
    Screen("/console/staff/tickets/{ticket_id}/approve", staff="support"),
    Screen("/console/staff/tickets/{ticket_id}/decline", staff="support"),
    Screen("/console/staff/tickets/{ticket_id}/redact", staff="support"),
    Screen("/console/staff/billing-notes", staff="support"),
    Screen("/console/staff/billing-notes/{practice_id}", staff="support"),
    Screen("/console/staff/reconciliation", staff="accounting"),
)


def usual(text: str, _: int) -> str:
    """A text as it is."""
    return text


def furnished(
    system: Running, token: str, username: str = "looked.at", say: Callable[[str, int], str] = usual
) -> dict[str, str]:
    """The ids of what the screens show in a practice of several accounts, some of it made for them. `say` makes of a
    usual text, and the most characters that its field takes, the one that is written."""
    headers = {"Authorization": f"Bearer {token}"}

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = send(system.url, method, path, body, headers)
        assert answer.status < 300, answer
        return answer.body

    active, other = (each["id"] for each in ask("GET", "/providers?status=active&limit=2")["items"])
    gone = ask("GET", "/providers?status=inactive")["items"][0]["id"]
    new = {"username": username, "email": "looked.at@elm-street.example"}
    ask("POST", f"/providers/{active}/usernames", new)
    asked: dict[str, Any] = {
        "subject": say("The printer prints nothing", 200),
        "body": say("Since noon.", 10_000),
        "category": "problem",
    }
    ticket = ask("POST", "/tickets", {**asked, "priority": "normal", "articles_do_not_help": True})
    ask("POST", f"/tickets/{ticket['number']}/comments", {"body": say("It is a new one.", 10_000)})
    code = {"code": "99213", "description": say("Office visit", 250), "modifiers": ["25"], "fee_cents": 12000}
    ask("POST", f"/providers/{active}/codes/billing", code)
    copy = {"from": active, "to": other, "entries": {"billing": ["99213"]}}
    request = {"username": username, "role": "support_user", "action": "add"}
    asked |= {"category": "role_change", "request": request}
    wish = ask("POST", "/tickets", {**asked, "priority": "high", "articles_do_not_help": True})
    return {
        "ticket_id": wish["id"],
        "practice_id": ask("GET", "/practice")["id"],
        "token": "x",
        "file": "billing",
        "code": "99213",
        "upload_id": "x",
        "copy_id": ask("POST", "/code-copies", copy)["id"],
        "slug": "buy-licenses",
        "number": str(ticket["number"]),
        "username": quote(username),
        "order_id": ask("GET", "/license-orders")["items"][0]["id"],
        "provider_id": active,
        "inactive": gone,
        "source": other,
        "reassignment_id": ask("POST", f"/providers/{other}/patients/reassign", {"to": active})["id"],
    }


def place(screen: Screen, ids: dict[str, str]) -> str:
    """Where the screen is found."""
    named = {**ids, "provider_id": ids[screen.of]}
    return re.sub(r"{(\w+)}", lambda name: named[name[1]], screen.path + screen.query)
