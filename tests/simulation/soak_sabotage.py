"""Every sabotage is caught by the cases and invariants of the simulations."""

from collections.abc import Callable

import pytest

from tests.simulation import invariants
from tests.simulation.hunt import caught
from tests.simulation.sabotages import SABOTAGES
from tests.simulation.stage import Stage


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_sabotage_is_caught(stage: Stage, name: str, record_property: Callable[[str, object], None]) -> None:
    check = caught(stage, SABOTAGES[name])
    assert check, "nothing catches it"
    record_property("caught", f"{name}: {check}")


@pytest.mark.parametrize(
    "name", ["the event outside the transaction", "the receipt after the commit", "the pool after the commit"]
)
def test_a_commit_in_two_parts_is_also_caught_by_what_it_leads_to(
    stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    monkeypatch.setattr(invariants, "every_change_has_its_event", lambda _: None)
    check = caught(stage, SABOTAGES[name])
    assert check, "nothing catches it"
    record_property("caught", f"{name}, by what it leads to: {check}")
