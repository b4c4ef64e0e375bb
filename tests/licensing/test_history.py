"""A practice's licenses over the past year."""

from datetime import timedelta

from chalicelib.clock import to_text
from chalicelib.licensing.history import WEEKS, past_year
from chalicelib.licensing.model import Counts, Pool
from tests.conftest import NOON

BOUGHT = Pool(available=Counts(physician=3))
TAKEN = Pool(available=Counts(physician=-1), in_use=Counts(physician=1))


def test_a_change_counts_from_the_week_after_it_to_the_present() -> None:
    changes = [(to_text(NOON - timedelta(weeks=10)), BOUGHT), (to_text(NOON - timedelta(days=8)), TAKEN)]
    year = past_year(changes, NOON)
    assert len(year) == WEEKS + 1
    assert [each.active.physician for each in year] == [0] * 42 + [3] * 11
    assert [each.in_use.physician for each in year] == [0] * 51 + [1] * 2
    assert year[-1].at == to_text(NOON)


def test_what_was_before_the_year_is_there_from_its_beginning() -> None:
    year = past_year([(to_text(NOON - timedelta(days=900)), BOUGHT)], NOON)
    assert {each.active.physician for each in year} == {3}


def test_without_a_ledger_there_is_nothing() -> None:
    assert {each.active for each in past_year([], NOON)} == {Counts()}
