"""GET /staff/reconciliation.csv."""

from datetime import timedelta

import pytest

from chalicelib import answers, clock
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.licensing.orders import FIRST_OF_AUGUST, placed
from tests.staff.people import staff_person

PATH = "/staff/reconciliation.csv"


def test_accounting_downloads_a_months_report(api: Api, cast: Cast) -> None:
    placed(api, cast, 2, 1)
    with clock.frozen(FIRST_OF_AUGUST):
        api.tick("reconcile_month")
        answer = api.get(f"{PATH}?month=2026-07", staff_person("kim", "accounting").token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reconciliation-2026-07-31.csv"'
    rows = answer.body.decode().splitlines()
    assert rows[0].startswith("practice_id,practice_name,day,currency,license_type,")
    assert len(rows) == 1 + 2 * 2


def test_a_report_that_is_too_large_for_an_answer_is_given_out_by_a_link(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_ANSWERED", 100)
    with clock.frozen(FIRST_OF_AUGUST):
        api.tick("reconcile_month")
        answer = api.get(f"{PATH}?month=2026-07", staff_person("kim", "accounting").token)
    assert (answer.status_code, answer.body) == (303, b"")
    assert "/reconciliation/2026-07-31.csv?" in answer.headers["Location"]


def test_a_day_that_was_reported_by_command_is_found_too(api: Api, cast: Cast) -> None:
    with clock.frozen(NOON + timedelta(days=1)):
        assert api.staff("make_report", day="2026-07-02")["finished"]
        answer = api.get(f"{PATH}?day=2026-07-02", staff_person("kim", "accounting").token)
    assert ",2026-07-02,USD," in answer.body.decode()


def test_a_report_that_was_not_made_is_missing(api: Api, cast: Cast) -> None:
    token = staff_person("kim", "accounting").token
    for query in ("month=2026-06", "month=2999-12", "day=2026-07-01", "day=0001-01-01"):
        answer = api.get(f"{PATH}?{query}", token)
        assert (answer.status_code, answer.json_body["code"]) == (404, "report_not_made"), query


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"month"}),
        ("?month=2026-07&day=2026-07-31", {"month"}),
        ("?month=2026-13", {"month"}),
        ("?month=0000-01", {"month"}),
        ("?month=2026-07%0A", {"month"}),
        ("?day=yesterday", {"day"}),
        ("?day=2026-02-30", {"day"}),
        ("?month=../../x&practice=prc_1", {"month", "practice"}),
    ],
)
def test_what_names_no_report_is_refused(api: Api, query: str, fields: set[str]) -> None:
    answer = api.get(PATH + query, staff_person("kim", "accounting").token)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json_body["errors"]} == fields
