"""Identity broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict
from chalicelib.identity import reach, rules, sessions, standing_rules
from chalicelib.identity.tables import AccountRow, GrantRow, UsernameRow
from chalicelib.identity.usecases import attempts, grants, people, roles, second_factor, standing
from chalicelib.model import Event
from chalicelib.store import Commit
from tests.simulation.sabotage import apart, free_notes, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("a username given out twice", "sign up", "create user")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "username", "dormancy")]


@sabotage("a link that works twice", "verify owner")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "link#")]


@sabotage("a code that works twice", "sign in with code")
def _(_: Stage) -> list[Any]:
    return [_careless("prove")]


@sabotage("a recovery code that works twice", "sign in with recovery code")
def _(_: Stage) -> list[Any]:
    return [_careless("_prove_recovery")]


def _careless(function: str) -> Any:
    original = getattr(second_factor, function)

    def prove(*arguments: Any) -> Any:
        proof = original(*arguments)
        return proof and second_factor.Proof(proof.actions, UsernameRow.pk.exists(), proof.recovery_codes_left)

    return patch.object(second_factor, function, prove)


@sabotage("a change of password on an old epoch", "set password", "change password")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username")]


@sabotage("a touch that brings a session back", "sign out", "look")
def _(_: Stage) -> list[Any]:
    return [free_notes(sessions)]


@sabotage("guesses that overwrite each other's count", "guess")
def _(_: Stage) -> list[Any]:
    return [free_notes(attempts)]


@sabotage("a grant apart from its account", "let in")
def _(_: Stage) -> list[Any]:
    return [apart(GrantRow)]


@sabotage("a username that is let in twice", "let in", "let in as well")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "grant#")]


@sabotage("a privilege that nobody asks for", "clinician configures")
def _(_: Stage) -> list[Any]:
    return [patch.object(rules, "allows", lambda *_: True)]


@sabotage("a grant that serves everybody", "they configure ours")
def _(_: Stage) -> list[Any]:
    return [patch.object(GrantRow, "key", staticmethod(lambda _, name: Key(GrantRow, "username#max", f"grant#{name}")))]


@sabotage("a change through a grant in the audit trail at home", "master registers")
def _(_: Stage) -> list[Any]:
    original = reach.enter

    def enter(ctx: Any, *arguments: Any) -> Any:
        return ctx.actor, original(ctx, *arguments)[1]

    return [patch.object(reach, "enter", enter)]


@sabotage("a newcomer whom an account that ends forgets", "let in", "deactivate without a key")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "account#")]


@sabotage("sessions that wait for an account to come back", "deactivate without a key")
def _(_: Stage) -> list[Any]:
    return [patch.object(standing, "end_sessions", lambda *_: None)]


@sabotage("everybody signed out whom an account that ends lets go", "deactivate without a key")
def _(_: Stage) -> list[Any]:
    def everybody(ctx: Any, usernames: list[str]) -> dict[str, str]:
        return dict.fromkeys(usernames, ctx.actor.practice_id)

    def ends(ctx: Any, username: str) -> None:
        commit = Commit(ctx)
        commit.update(
            UsernameRow.key(username), [UsernameRow.epoch.add(1)], UsernameRow.pk.exists(), otherwise=Conflict()
        )
        commit.record(Event("session.ended", username))
        commit.write(None)

    return [patch.object(people, "left", everybody), patch.object(standing, "end_sessions", ends)]


@sabotage("counts written as they were read", "deactivate without a key", "they deactivate theirs")
def _(_: Stage) -> list[Any]:
    update = Commit.update

    def careless(self: Commit, key: Any, actions: list[Any], *rest: Any, **named: Any) -> None:
        row = self.ctx.find(key) if key.sk == "username" else None
        if isinstance(row, UsernameRow) and row.accounts:
            actions = [UsernameRow.accounts.set(row.accounts - 1)]
        update(self, key, actions, *rest, **named)

    return [patch.object(Commit, "update", careless)]


@sabotage("usernames that an account that ends does not tell", "deactivate")
def _(_: Stage) -> list[Any]:
    original = grants.set_active

    def silent(commit: Commit, *arguments: Any) -> Any:
        with patch.object(AccountRow, "usernames", None):
            return original(commit, *arguments)

    return [patch.object(grants, "set_active", silent)]


@sabotage("two site admins who end each other", "ada deactivates abe", "abe deactivates ada")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "practice")]


@sabotage("a site admin who is lowered while the other is ended", "ada deactivates abe", "ada is site admin no more")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "practice")]


@sabotage("a site admin whom the practice does not count", "pat becomes site admin")
def _(_: Stage) -> list[Any]:
    return [patch.object(roles, "gain", lambda *_: None)]


@sabotage("a username that is blocked while it is kept active", "block dormant", "keep pat active")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "dormancy"), without_condition("put", "dormancy")]


@sabotage("a username that is back and never looked at", "reactivate ina")
def _(_: Stage) -> list[Any]:
    return [patch.object(standing, "begin", lambda *_: None)]


@sabotage("usernames blocked before their time", "block dormant")
def _(_: Stage) -> list[Any]:
    return [patch.object(standing_rules, "is_dormant", lambda *_: True)]


@sabotage("a username deleted while it is let in", "delete pat", "let in")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "username")]


@sabotage("two site admins brought back by one owner", "max is brought back", "eve is brought back")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "practice")]


@sabotage("a link of the owner's that files twice", "owner appoints max", "owner resets eve's totp")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "link#")]
