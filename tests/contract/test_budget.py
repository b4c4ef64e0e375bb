"""What an operation may cost, counted: see `benchmarks/operations.py` for the budget and what exceeds it."""

import re

import pytest

from benchmarks import document
from benchmarks.operations import CHECKED, OVER_BUDGET, SWEEPS, Operation
from benchmarks.world import measured_world
from chalicelib.dynamo import Rows
from chalicelib.http import ROUTES
from chalicelib.identity.tables import UsernameRow
from deploy.functions import FUNCTIONS

pytestmark = pytest.mark.moto("counts calls, which are the same on both")


def test_no_operation_makes_more_aws_calls_than_its_budget(operations: list[Operation]) -> None:
    spent = {each.name: len(each.counted) for each in operations}
    assert {each.name: spent[each.name] for each in operations if spent[each.name] > each.allowed} == {}
    assert {name: spent[name] for name in OVER_BUDGET} == {name: calls for name, (calls, _) in OVER_BUDGET.items()}
    assert {route.name for route in ROUTES} | SWEEPS.keys() <= spent.keys()


def test_every_scheduled_handler_has_a_budget() -> None:
    scheduled = {name for name, function in FUNCTIONS.items() if function.room == "none"}
    assert scheduled - {"check_image", "staff_command", "ses_feedback"} == SWEEPS.keys()


def test_what_is_measured_hashes_passwords_at_their_full_cost() -> None:
    with measured_world() as (_, cast, _world):
        row = Rows().find(UsernameRow.key(cast.site_admin.username))
    assert row is not None
    assert str(row.password_hash).startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_nothing_is_scanned_and_only_what_changes_is_written(operations: list[Operation]) -> None:
    for each in operations:
        assert not [call for call in each.calls if call.name.endswith("Scan")], each.name
    assert {each.name for each in operations if each.units.idle} == CHECKED.keys()


def test_the_performance_document_lists_every_operation_with_its_calls(operations: list[Operation]) -> None:
    part = document.PATH.read_text().partition("## AWS calls")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)`[^|]*\| (\d+) \|", part, re.MULTILINE)
    written, counted = {name: int(calls) for name, calls in rows}, {each.name: len(each.counted) for each in operations}
    assert written == counted, "due: .venv/bin/python -m benchmarks calls"
