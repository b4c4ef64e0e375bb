"""The providers room broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib import due, store
from chalicelib.dynamo import Key, query
from chalicelib.licensing import trial_rules
from chalicelib.licensing.tables import PoolRow
from chalicelib.licensing.usecases import ended_trials, pool, trials
from chalicelib.providers import deactivation_rules
from chalicelib.providers.deactivation_tables import ScheduleRow
from chalicelib.providers.patient_tables import PatientRow, ReassignmentRow
from chalicelib.providers.tables import CaseloadRow, LeftRow, ListingRow, ProviderRow
from chalicelib.providers.usecases import accounts, deactivation, due_deactivations
from chalicelib.store import Commit, changed_meanwhile
from chalicelib.support.usecases import leaving
from tests.simulation import invariants
from tests.simulation.sabotage import always, apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an edit over an edit", "edit", "edit whatever version")
def _(_: Stage) -> list[Any]:
    return [
        without_condition("update", "provider#"),
        without_condition("put", ""),
        without_condition("delete", ""),
    ]


@sabotage("an edit over the end of a schedule", "edit scheduled", "cancel schedule")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "provider#"), without_condition("put", "")]


@sabotage("another practice's tickets, counted", "deactivate unconfirmed")
def _(stage: Stage) -> list[Any]:
    theirs = stage.practices["theirs"]
    return [patch.object(leaving, "query", lambda model, _, *rest, **how: query(model, theirs, *rest, **how))]


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
            commit.put(row, otherwise=changed_meanwhile())

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


@sabotage("a warning given twice", "warn of trials")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "claim#")]


@sabotage("a trial that ends before its time", "warn of trials")
def _(_: Stage) -> list[Any]:
    return [patch.object(trials, "is_over", lambda *_: True)]


@sabotage("an account that outlives its trial", "end trials")
def _(_: Stage) -> list[Any]:
    original = deactivation.end

    def end(commit: Commit, *rest: Any, release: Any = None) -> Any:
        if release is None:
            return original(commit, *rest)
        (held,) = (row for key, row in commit.ctx.rows.items() if key.sk.startswith("claim#"))
        return release(commit, held)

    return [patch.object(deactivation, "end", end)]


@sabotage("a trial whose data is forgotten", "they deactivate theirs")
def _(_: Stage) -> list[Any]:
    return [patch.object(ended_trials, "begin", lambda *_: None)]


@sabotage("data that goes though a license was bought", "ned buys", "remove trial data")
def _(_: Stage) -> list[Any]:
    return [patch.object(PoolRow, "never_bought", staticmethod(lambda: always(PoolRow)))]


@sabotage("a license that was bought and leaves no mark", "ned buys")
def _(_: Stage) -> list[Any]:
    return [patch.object(trial_rules, "makes_available", lambda _: False)]


@sabotage("data that goes before its time", "expire")
def _(_: Stage) -> list[Any]:
    early = due.sweep
    found = ended_trials.key_of
    return [
        patch.object(
            ended_trials, "sweep", lambda handler, index, kind, _, *rest: early(handler, index, kind, "~", *rest)
        ),
        patch.object(ended_trials, "find_due", lambda ctx, *names: ctx.find(found(*names))),
    ]


# --- How an account ends ------------------------------------------------------------------------------------------


def _accounts_without_conditions() -> list[Any]:
    """Whatever holds the account to what was read of it: its version, its directory, its row of what was done."""
    return [without_condition("update", "provider#"), without_condition("put", ""), without_condition("delete", "")]


@sabotage("an account that ends twice", "deactivate without a key", "deactivate")
def _(_: Stage) -> list[Any]:
    return [*_accounts_without_conditions(), _nothing_released()]


@sabotage("a day that ends an account though it was cancelled", "cancel schedule", "deactivate due")
def _(_: Stage) -> list[Any]:
    return _accounts_without_conditions()


@sabotage("a license kept by an account that ends", "deactivate due")
def _(_: Stage) -> list[Any]:
    return [_nothing_released()]


def _nothing_released() -> Any:
    return patch.object(deactivation.end, "__defaults__", (None, lambda *_: None))


@sabotage("a schedule that outlives its deactivation", "deactivate due")
def _(_: Stage) -> list[Any]:
    delete = Commit.delete

    def forgetful(self: Commit, key: Any, *rest: Any, **named: Any) -> None:
        if not key.sk.startswith("schedule#"):
            delete(self, key, *rest, **named)

    return [patch.object(Commit, "delete", forgetful)]


@sabotage("a schedule deleted after the commit", "deactivate due")
def _(_: Stage) -> list[Any]:
    return [apart(ScheduleRow)]


@sabotage("a day that begins before its time", "deactivate due too early")
def _(_: Stage) -> list[Any]:
    early = due.sweep
    return [
        patch.object(
            due_deactivations, "sweep", lambda handler, index, kind, _, *rest: early(handler, index, kind, "~", *rest)
        ),
        patch.object(deactivation_rules, "is_due", lambda *_: True),
        patch.object(deactivation_rules, "in_zone", lambda schedule, _: schedule),
    ]


@sabotage("schedules that stay in the old time zone", "change time zone")
def _(_: Stage) -> list[Any]:
    return [patch.object(due_deactivations, "_move", lambda *_: False)]


@sabotage("an account that comes back without a license", "reactivate")
def _(_: Stage) -> list[Any]:
    return [patch.object(pool, "claim", lambda *_: None)]


@sabotage("a move that is not called off by its undoing", "undo with patients", "continue")
def _(_: Stage) -> list[Any]:
    return [
        patch.object(ReassignmentRow, "calls_off", staticmethod(lambda back: [ReassignmentRow.undone_by.set(back)]))
    ]


@sabotage("a move that goes on after the account came back", "reactivate with patients", "continue")
def _(_: Stage) -> list[Any]:
    becomes = ReassignmentRow.becomes

    def unasked(before: Any, after: Any, due_at: str) -> Any:
        return becomes(before, after, due_at)[0], ReassignmentRow.moved == before.moved

    return [patch.object(ReassignmentRow, "becomes", staticmethod(unasked))]


@sabotage("those left behind, after the commit", "deactivate")
def _(_: Stage) -> list[Any]:
    return [apart(LeftRow)]


def _without(method: str, prefix: str) -> Any:
    """A commit leaves out what it should do with rows whose sk begins so."""
    original = getattr(Commit, method)

    def left_out(self: Commit, row: Any, *rest: Any, **named: Any) -> None:
        if not row.sk.startswith(prefix):
            original(self, row, *rest, **named)

    return patch.object(Commit, method, left_out)


@sabotage("a patient who comes and does not leave", "move two")
def _(_: Stage) -> list[Any]:
    return [_without("delete", "patient#")]


@sabotage("a patient who leaves and does not come", "move two")
def _(_: Stage) -> list[Any]:
    return [_without("put", "patient#")]


@sabotage("a patient who leaves first and comes later", "move two")
def _(_: Stage) -> list[Any]:
    original = store._transact

    def transact(writes: list[Any]) -> None:
        coming = [write for write in writes if isinstance(write.row, PatientRow) and write.kind == "put"]
        original([write for write in writes if write not in coming])
        if coming:
            original(coming)

    return [patch.object(store, "_transact", transact), patch.object(invariants, "every_change_has_its_event", bool)]


@sabotage("patients who come to an inactive account", "move to who takes none")
def _(_: Stage) -> list[Any]:
    return [patch.object(CaseloadRow, "takes", staticmethod(lambda: always(CaseloadRow)))]


@sabotage("a chunk moved twice", "continue")
def _(_: Stage) -> list[Any]:
    return [
        without_condition("update", "reassignment#", "caseload"),
        without_condition("delete", "patient#", "left#"),
        without_condition("put", "patient#"),
    ]


@sabotage("a move whose progress is told apart", "continue")
def _(_: Stage) -> list[Any]:
    return [apart(ReassignmentRow), patch.object(invariants, "every_change_has_its_event", bool)]


@sabotage("a chosen patient forgotten", "move three")
def _(_: Stage) -> list[Any]:
    return [_without("delete", "selection#")]


@sabotage("patients of any practice", "they move ours")
def _(stage: Stage) -> list[Any]:
    ours = stage.practices["ours"]
    key = staticmethod(lambda _, name: Key(ProviderRow, ours, f"provider#{name}"))
    caseload = staticmethod(lambda _, name: Key(CaseloadRow, f"{ours}#{name}", "caseload"))
    return [patch.object(ProviderRow, "key", key), patch.object(CaseloadRow, "key", caseload)]
