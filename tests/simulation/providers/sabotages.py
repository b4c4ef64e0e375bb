"""The providers room broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib.dynamo import Key
from chalicelib.licensing.usecases import pool
from chalicelib.providers.tables import CaseloadRow, ListingRow, ProviderRow
from chalicelib.providers.usecases import accounts
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an edit over an edit", "edit", "edit whatever version")
def _(_: Stage) -> list[Any]:
    return [
        without_condition("update", "provider#"),
        without_condition("put", ""),
        without_condition("delete", ""),
    ]


@sabotage("an account opened without a license", "open account")
def _(_: Stage) -> list[Any]:
    return [patch.object(pool, "claim", lambda *_: None)]


@sabotage("a license kept when the type changes", "edit type")
def _(_: Stage) -> list[Any]:
    return [patch.object(pool, "change_type", lambda *_: None)]


@sabotage("the directory after the commit", "open account without a key")
def _(_: Stage) -> list[Any]:
    return [apart(ListingRow)]


@sabotage("an old name that stays in the directory", "edit")
def _(_: Stage) -> list[Any]:
    def relist(commit: Any, practice_id: str, before: Any, after: Any) -> None:
        for row in ListingRow.all_of(practice_id, after).values():
            commit.put(row, otherwise=accounts.changed_meanwhile(None))

    return [patch.object(accounts, "_relist", relist)]


@sabotage("a roster line left out", "edit type")
def _(_: Stage) -> list[Any]:
    return [patch.object(accounts, "_enrol", lambda *_: None)]


@sabotage("a configuration over a configuration", "configure", "configure whatever version")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "configuration#")]


@sabotage("an account of any practice", "they edit ours")
def _(stage: Stage) -> list[Any]:
    ours = stage.practices["ours"]
    return [patch.object(ProviderRow, "key", staticmethod(lambda _, name: Key(ProviderRow, ours, f"provider#{name}")))]


@sabotage("a patient who is not counted", "register without a key")
def _(_: Stage) -> list[Any]:
    return [apart(CaseloadRow)]
