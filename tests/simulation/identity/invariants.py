"""What must hold of sign-ins, whatever happened."""

import json
from collections import Counter

from tests.simulation.history import History, Request


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
        proved = any(
            request.commits and request.operation.changes in ("session.opened", "password.changed", "totp.started")
            for request in history.requests
            if request.operation.actor == username
        )
        counted = sum(
            row["failures"]
            for (_, pk, sk), row in history.after.items()
            if pk == f"username#{username}" and sk.startswith("failures#")
        )
        assert proved or counted >= count, f"{count} guesses at {username} were refused, {counted} counted"


def _is_refused_guess(request: Request) -> bool:
    return (
        request.answer is not None
        and request.answer.status == 401
        and json.loads(request.answer.body)["code"] == "invalid_credentials"
    )


INVARIANTS = (codes_serve_once, guesses_are_counted)
