"""Linking broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.identity.tables import GrantRow, UsernameRow
from chalicelib.identity.usecases import accesses, attempts, grants, second_factor
from chalicelib.store import Commit
from tests.simulation.sabotage import apart, free_notes, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("managers who lower each other", "they lower max", "max lowers eve")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "account#")]


@sabotage("managers who take each other off", "they take max off", "max takes eve off")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "account#")]


@sabotage("a last manager who may leave", "the last manager leaves")
def _(_: Stage) -> list[Any]:
    return [patch.object(accesses, "_require_another_manager", lambda *_: None)]


@sabotage("a count apart from the grant that ends", "take off")
def _(_: Stage) -> list[Any]:
    return [apart(UsernameRow)]


@sabotage("a find_token that works twice", "join without a key")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "found#"), without_condition("put", "grant#")]


@sabotage("a code that finds twice", "find with code")
def _(_: Stage) -> list[Any]:
    original = second_factor.prove

    def prove(*arguments: Any) -> Any:
        proof = original(*arguments)
        return proof and second_factor.Proof(proof.actions, UsernameRow.pk.exists())

    return [patch.object(second_factor, "prove", prove)]


@sabotage("finds that overwrite each other's count", "guess at another login")
def _(_: Stage) -> list[Any]:
    return [free_notes(attempts)]


@sabotage("a success that clears who guesses", "guess at another login", "find")
def _(_: Stage) -> list[Any]:
    original = attempts.kept

    def kept(commit: Commit, attempt: attempts.Attempt) -> None:
        forget = attempts.succeeded if attempt.failures else original
        forget(commit, attempt)

    return [patch.object(attempts, "kept", kept)]


@sabotage("a join with everything", "join")
def _(_: Stage) -> list[Any]:
    return [patch.object(GrantRow, "held", lambda _: "full")]


@sabotage("an invitation accepted and declined", "accept invitation without a key", "decline invitation")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "invitation#")]


@sabotage("an invitation taken back and accepted", "accept invitation without a key", "withdraw invitation")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "invitation#")]


@sabotage("an invitation apart from the grant that it becomes", "accept invitation without a key")
def _(_: Stage) -> list[Any]:
    return [apart(GrantRow)]


@sabotage("access taken away twice", "expire", "take off who reaches it for a time")
def _(_: Stage) -> list[Any]:
    return [without_condition("delete", "grant#"), without_condition("update", "account#")]


@sabotage("an end that is not written down", "expire")
def _(_: Stage) -> list[Any]:
    return [patch.object(grants, "facts", lambda grant: {"provider_id": "prv_none", "version": grant.version})]
