"""The scheduled handler `continue_code_copies`: longer copies go on in chunks, whatever stops them."""

from unittest.mock import patch

import pytest

from chalicelib.codes.copy_tables import SelectionRow, WrittenRow
from chalicelib.codes.usecases import copying
from tests.api import Api
from tests.cast import Cast
from tests.codes.copying import HANDLER, copied, counts, shown, theirs, undone
from tests.codes.steps import PAYER, added, findings, findings_of_entries, path, seeded
from tests.identity.steps import later
from tests.killed import killed_in_transaction


def test_a_longer_copy_goes_on_in_chunks_and_shows_its_progress(api: Api, filled: Cast) -> None:
    wanted = seeded(filled, 60)
    with patch.object(copying, "ITEMS", 20):
        copy = copied(api, filled, {"payers": wanted})
        assert copy["status"] == "running"
        assert 0 < copy["processed"] == copy["files"]["payers"]["copied"] < 60
        assert undone(api, filled, copy["id"]).json_body["code"] == "copy_running"
        left = iter([60_000, 60_000, 14_000])
        with patch("tests.api.LambdaContext.get_remaining_time_in_millis", lambda _: next(left)):
            api.tick(HANDLER)
        assert copy["processed"] < shown(api, filled.master, copy["id"])["processed"] < 60
        assert api.tick(HANDLER)["done"] == 0  # perhaps it lives
        with later(seconds=31):
            assert api.tick(HANDLER)["done"] == 1
    done = shown(api, filled.master, copy["id"])
    assert (done["status"], done["processed"], done["files"]["payers"]) == ("done", 60, counts(new=60, copied=60))
    assert len(theirs(api, filled, "payers")) == 25
    assert SelectionRow.count(filled.outsider.practice_id, SelectionRow.sk.startswith("chosen#")) == 0
    assert findings() == findings_of_entries()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_what_a_killed_run_left_is_taken_up_and_so_is_its_undoing(api: Api, filled: Cast, after: bool) -> None:
    wanted = seeded(filled, 12)
    added(
        api,
        filled,
        "payers",
        PAYER | {"code": "P0003", "name": "Mine"},
        filled.master,
        provider_id=filled.their_provider_id,
    )
    before = theirs(api, filled, "payers")
    with patch.object(copying, "ITEMS", 9):
        copy = copied(api, filled, {"payers": wanted}, on_conflict="overwrite")
        with killed_in_transaction(2, after):
            api.tick(HANDLER)
        with later(seconds=31):
            api.tick(HANDLER)
        done = shown(api, filled.master, copy["id"])
        assert (done["status"], done["files"]["payers"]) == (
            "done", counts(new=11, copied=11, conflicting=1, overwritten=1)
        )  # fmt: skip
        answer = undone(api, filled, copy["id"])
        assert (answer.status_code, answer.json_body["status"]) == (202, "undoing")
        with killed_in_transaction(2, after):
            api.tick(HANDLER)
        with later(seconds=31):
            api.tick(HANDLER)
    last = undone(api, filled, copy["id"]).json_body
    assert (last["status"], last["restored"], last["kept"]) == ("undone", 12, 0)
    assert theirs(api, filled, "payers") == [(code, text, version + 2) for code, text, version in before]
    assert WrittenRow.count(filled.outsider.practice_id, WrittenRow.sk.startswith("written#")) == 0
    assert findings() == findings_of_entries()


def test_what_is_deleted_or_edited_while_a_copy_runs_is_counted_and_kept(api: Api, filled: Cast) -> None:
    wanted, there = seeded(filled, 8), filled.their_provider_id
    with patch.object(copying, "ITEMS", 6):
        copy = copied(api, filled, {"payers": wanted})
        api.delete(path(filled, "payers", "P0007"), filled.site_admin.token)
        api.tick(HANDLER)
        assert shown(api, filled.master, copy["id"])["files"]["payers"] == counts(new=7, copied=7, gone=1)
        assert undone(api, filled, copy["id"]).json_body["status"] == "undoing"
        api.patch(path(filled, "payers", "P0006", there), {"name": "Mine now"}, filled.master.token, version=1)
        api.tick(HANDLER)
    last = shown(api, filled.master, copy["id"])
    assert (last["status"], last["restored"], last["kept"]) == ("undone", 6, 1)
    assert theirs(api, filled, "payers") == [("P0006", "Mine now", 2)]
