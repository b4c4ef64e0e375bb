"""What must hold of sign-ins and of grants, whatever happened."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec

from chalicelib import clock
from chalicelib.http import ROUTES
from chalicelib.identity.model import Held
from chalicelib.identity.rules import allows, left_with_nothing, session_ends
from chalicelib.identity.tables import partition_of
from tests.simulation.history import History, Request
from tests.simulation.laboratory import parsed
from tests.simulation.operation import Operation


def codes_serve_once(history: History) -> None:
    """A code of an authenticator, and a recovery code, proves somebody once."""
    uses: Counter[tuple[str, str]] = Counter()
    for request in history.requests:
        username, factor = request.operation.actor, request.operation.factor
        uses[username, factor] += sum(call.effects for call in request.calls if factor and factor in call.sets)
    assert all(count <= 1 for count in uses.values()), f"a code served more than once: {uses}"


def guesses_are_counted(history: History) -> None:
    """Every refused guess is in the counters, unless its login has proved itself since."""
    guesses = Counter(request.operation.actor for request in history.requests if _is_refused_guess(request))
    for username, count in guesses.items():
        proved = any(request.commits and _proved(request.operation) == username for request in history.requests)
        counted = sum(
            row["failures"] for (_, pk, _), row in history.after.of("failures") if pk == partition_of(username)
        )
        assert proved or counted >= count, f"{count} guesses at {username} were refused, {counted} counted"


def _is_refused_guess(request: Request) -> bool:
    return (
        request.answer is not None
        and request.answer.status == 401
        and parsed(request.answer.body)["code"] == "invalid_credentials"
    )


def _proved(operation: Operation) -> str:
    """Which login an operation proves when it is carried out, so that guesses at it are counted anew."""
    if operation.changes == "login.found":
        return operation.proves
    return operation.actor if operation.changes in ("session.opened", "password.changed", "totp.started") else ""


def both_sides_of_every_grant_agree(history: History) -> None:
    """Who reaches an account is written with the username and with the account, and each username counts right."""
    grants: dict[tuple[str, str], set[str]] = {}
    for (_, pk, sk), row in history.after.of("grant"):
        grants.setdefault((row["practice_id"], sk.partition("#")[2]), set()).add(pk.partition("#")[2])
    accounts = {(pk, sk.partition("#")[2]): row for (_, pk, sk), row in history.after.of("account")}
    known = {place: set(row["usernames"]) for place, row in accounts.items() if row.get("usernames")}
    assert known == grants, f"accounts are reached by {known}, granted are {grants}"
    reached = Counter(name for place, names in grants.items() if accounts[place]["active"] for name in names)
    for _, row in history.after.of("username"):
        count = row.get("accounts", 0)
        assert count == reached[row["username"]], f"{row['username']} reaches {reached}, and counts {count}"


def who_is_left_with_nothing_has_no_session(history: History) -> None:
    """Whoever lost the last account was signed out for good; who kept something was not."""
    logins = {pk: row for (_, pk, _), row in history.after.of("username") if row["status"] == "active"}
    for (_, pk, _), session in history.after.of("session"):
        login = logins.get(pk)
        if login and left_with_nothing(login.get("roles", ()), login.get("accounts")):
            _, idle_end = session_ends(session["created_at"], session["last_used_at"])
            # Whose session ended by itself before the last sweep needs none.
            over = session["epoch"] != login["epoch"] or idle_end <= history.swept
            assert over, f"{pk} is left with nothing, and has a session"
    events = [row for _, row in history.made.of("event")]
    for name in (row["subject"] for row in events if row["type"] == "session.ended"):
        lost = _grants_lost(name, history) if "role.removed" not in _told_of(name, events) else math.inf
        before = history.stage.before.get(("identity", partition_of(name), "username")) or {}
        count = before.get("accounts", 0) + _grants_given(name, history)
        assert count <= lost, f"{name} reached {count} accounts, lost {lost} and was signed out"


def _told_of(username: str, events: list[dict[str, Any]]) -> list[str]:
    return [row["type"] for row in events if row["subject"] == username]


def _grants_given(username: str, history: History) -> int:
    return sum(pk == partition_of(username) for (_, pk, _), _ in history.made.of("grant"))


def _grants_lost(username: str, history: History) -> int:
    """How many grants a username lost in the case, or whose account ended in it."""
    events = [row for _, row in history.made.of("event")]
    ended = {row["subject"] for row in events if row["type"] == "provider.deactivated"}
    taken = [what for what in _told_of(username, events) if what in ("grant.taken", "grant.ended")]
    rows = {
        sk for state in (history.stage.before, history.after) for _, pk, sk in state if pk == partition_of(username)
    }
    return len(taken) + len({f"grant#{provider_id}" for provider_id in ended} & rows)


def what_is_changed_on_an_account_is_permitted(history: History) -> None:
    """Who changes something of a section is site admin of the account's practice, or has the privilege by a grant."""
    for request in history.requests:
        permit = _PERMITS.get(request.operation.route)
        if permit is None or permit.section is None or not request.commits:
            continue
        before, actor = history.stage.before, request.operation.actor
        roles = before["identity", f"username#{actor}", "username"].get("roles", ())
        asked = {request.operation.account(history.stage): permit.privilege}
        if permit.source:
            asked[history.stage.cast.provider_id] = "view"
        for provider_id, privilege in asked.items():
            grant = before.get(("identity", f"username#{actor}", f"grant#{provider_id}"))
            held = grant and msgspec.convert(parsed(grant["privileges"]), Held)
            may = "site_admin" in roles or (held and allows(held, permit.section, privilege))
            assert may, f"{request.name} was let in"


def a_practice_keeps_a_site_admin_and_knows_who(history: History) -> None:
    """Its row names the active site admins, and there is always one."""
    logins = [row for _, row in history.after.of("username")]
    for (_, pk, _), row in history.after.of("practice"):
        mine = [each for each in logins if each.get("practice_id") == pk and "site_admin" in each.get("roles", ())]
        active = {each["username"] for each in mine if each["status"] == "active"}
        assert active, f"{pk} has no active site admin"
        assert row["site_admins"] == active, f"{pk} takes {row['site_admins']} for its site admins, not {active}"


def only_active_usernames_can_become_dormant(history: History) -> None:
    """What may become dormant is looked at again and again; what has is not. Nobody is warned twice at one time."""
    watched = {pk for _, pk, sk in history.after if sk == "dormancy"}
    logins = {pk: row for (_, pk, sk), row in history.after.of("username") if not pk.startswith("staff#")}
    active = {pk for pk, row in logins.items() if row["status"] == "active"}
    assert watched == active, f"watched and not active, or the other way: {watched ^ active}"
    told = Counter(
        (row["subject"], row["at"]) for _, row in history.after.of("event") if row["type"] == "username.unused"
    )
    assert all(count == 1 for count in told.values()), f"warned more than once: {told}"


def who_was_used_lately_is_not_blocked(history: History) -> None:
    """A username is blocked thirty days after it was signed in with, brought back or kept active."""
    blocked = [row for _, row in history.made.of("event") if row["type"] == "username.blocked"]
    for row in blocked:
        watched = history.stage.before["identity", f"username#{row['subject']}", "dormancy"]["since"]
        kept = [
            each["at"]
            for _, each in history.after.of("event")
            if each["subject"] == row["subject"] and each["type"] in _USES and each["at"] < row["at"]
        ]
        unused = clock.from_text(row["at"]) - clock.from_text(max([watched, *kept]))
        assert unused >= timedelta(days=30), f"{row['subject']} was blocked after {unused}"


def an_owner_brings_one_back(history: History) -> None:
    """Of what was asked while nobody had been brought back, one is carried out; one link files one ticket."""
    carried = Counter(pk for (_, pk, _), row in history.after.of("event") if row["type"] == "recovery.carried_out")
    assert all(count == 1 for count in carried.values()), f"brought back: {carried}"
    filed = Counter(pk for (_, pk, _), row in history.made.of("event") if row["type"] == "recovery.filed")
    assert all(count == 1 for count in filed.values()), f"filed with one link: {filed}"


_USES = ("session.opened", "username.kept_active", "username.reactivated")
_PERMITS = {route.name: route.permit for route in ROUTES}
INVARIANTS = (
    codes_serve_once,
    guesses_are_counted,
    both_sides_of_every_grant_agree,
    who_is_left_with_nothing_has_no_session,
    what_is_changed_on_an_account_is_permitted,
    a_practice_keeps_a_site_admin_and_knows_who,
    only_active_usernames_can_become_dormant,
    who_was_used_lately_is_not_blocked,
    an_owner_brings_one_back,
)
