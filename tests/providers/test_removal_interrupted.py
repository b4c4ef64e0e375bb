"""A trial's data that goes in many commits: what comes between them, and what stops a run."""

from itertools import chain, repeat
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.codes.tables import EntryRow
from chalicelib.due import RESERVE_MILLISECONDS
from chalicelib.licensing.trial_tables import EndedTrialRow
from chalicelib.licensing.usecases import ended_trials
from chalicelib.providers.usecases import removing_trials
from chalicelib.store import Commit
from tests.api import Api
from tests.cast import Cast, new_session
from tests.codes.steps import codes, findings, findings_of_entries
from tests.codes.steps import seeded as codes_seeded
from tests.providers import steps
from tests.providers.removals import bought, days_after_the_end, ended, mails, of_account, swept, with_session
from tests.world import World


def test_a_license_bought_while_it_goes_stops_it_where_it_is(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.seeded(cast, cast.provider_id, 100)  # two transactions
    codes_seeded(cast, 1)
    ended(api, 7)
    remove = ended_trials.remove

    def interrupted(commit: Commit, row: Any, what: dict[str, Any]) -> Any:
        after = remove(commit, row, what)
        if len(what.get("patient_ids", ())) == 10 and row.pk == cast.site_admin.practice_id:
            bought(api, cast, token)
        return after

    monkeypatch.setattr(ended_trials, "remove", interrupted)
    with days_after_the_end(90):
        token = new_session("ada", cast.site_admin.practice_id)
        swept(api)
        (one,) = EndedTrialRow.query(cast.site_admin.practice_id, EndedTrialRow.sk.startswith("ended#"))
        assert one.provider_id == cast.provider_id
    with days_after_the_end(91):
        assert swept(api) == 2  # what is left is kept, and the other practice's is finished
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/providers/{cast.provider_id}/reactivation", None, token).status_code == 200
        assert steps.caseload(cast, cast.provider_id) == len(steps.patients_of(api, with_session(cast))) == 10
        assert codes(api, with_session(cast), "payers") == ["P0000"]
    assert findings() == findings_of_entries()
    assert set(steps.where_patients_are().values()) == {cast.provider_id}


def test_a_run_that_is_killed_is_taken_up_by_the_next(
    api: Api, cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.seeded(cast, cast.provider_id, 100)
    ended(api, 7)
    original = Commit.write
    calls = []

    def killed(self: Commit, answer: Any) -> Any:
        calls.append(self)
        if len(calls) == 3:
            raise SystemExit
        return original(self, answer)

    with days_after_the_end(90):
        with monkeypatch.context() as patched:
            patched.setattr(Commit, "write", killed)
            with pytest.raises(SystemExit):
                api.tick("sweep_expired")
        assert swept(api) <= 1  # what was begun is another's for half a minute
    with days_after_the_end(90, minutes=1):
        swept(api)
    with days_after_the_end(91):
        swept(api)
        assert swept(api) == 0
    for provider_id in (cast.provider_id, cast.their_provider_id):
        assert of_account(world, "PROVIDERS_TABLE", provider_id) == {"roster"}
    assert len(mails(api, world, "was removed")) == 2


def test_a_run_whose_time_is_up_leaves_the_rest_to_the_next(api: Api, cast: Cast) -> None:
    ended(api, 7)
    with days_after_the_end(90):
        assert api.tick("sweep_expired", milliseconds_left=10_000)["done"] == 0
        assert swept(api) == 2


def test_what_was_not_looked_at_for_want_of_time_is_not_said_to_be_gone(api: Api, cast: Cast, world: World) -> None:
    steps.seeded(cast, cast.provider_id, 3)
    ended(api, 7)
    left = chain([RESERVE_MILLISECONDS], repeat(RESERVE_MILLISECONDS - 1))  # just enough to begin with one
    with days_after_the_end(90):
        assert removing_trials.remove_due(clock.now(), "req_1", lambda: next(left)).done == 1
    assert mails(api, world, "was removed") == []
    for days in (91, 92):
        with days_after_the_end(days):
            swept(api)
    assert of_account(world, "PROVIDERS_TABLE", cast.provider_id) == {"roster"}
    assert len(mails(api, world, "was removed")) == 2


def test_what_a_request_under_way_wrote_late_goes_with_the_last_look(api: Api, cast: Cast, world: World) -> None:
    ended(api, 7, 0)
    codes_seeded(cast, 1)
    for days in (91, 92):
        with days_after_the_end(days):
            swept(api)
    assert EntryRow.count(EntryRow.key(f"{cast.site_admin.practice_id}#{cast.provider_id}", "payers", "").pk) == 0
    assert len(mails(api, world, "was removed")) == 2
