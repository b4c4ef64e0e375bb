"""Billing notes and reconciliation, as staff see them."""

import pytest

from chalicelib import answers, clock
from chalicelib.licensing.usecases import reconciliation
from chalicelib.support.rules import ticket_id
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser
from tests.console.desk import QUEUE


def test_a_practices_billing_note_is_set_and_removed(sam: Browser, admin: Browser, cast: Cast) -> None:
    practice_id = cast.site_admin.practice_id
    page = sam.press(sam.open("/console/staff/billing-notes"), "Show its note", practice_id=practice_id)
    assert page.heading == "Billing note of Elm Street Clinic"
    page = sam.press(page, "Save", billing_note="Billed by the group")
    assert "Nothing is quoted now." in page.text
    assert "Billed by the group" in admin.open("/console/licenses/agreement?physician=1").text
    page = sam.press(page, "Save", billing_note="")
    assert "prices are quoted" in page.text
    assert sam.open("/console/staff/billing-notes/prc_none").status == 404


def test_a_call_for_help_from_nobody_known_leads_to_no_billing_note(api: Api, sam: Browser, cast: Cast) -> None:
    call = {"subject": "Locked out", "body": "All of us.", "contact_email": "who@clinic.example", "contact_name": "Who"}
    for username in ("nobody", "ada"):
        assert api.post("/emergency-tickets", call | {"username": username}).status_code == 202
    assert "Billing note" not in sam.open(f"{QUEUE}/tkt_public_1").text
    ours = sam.open(f"{QUEUE}/{ticket_id(cast.site_admin.practice_id, 1)}")
    assert sam.follow(ours, "Billing note").status == 200


def test_a_note_page_shows_nothing_else_of_the_practice(sam: Browser, cast: Cast) -> None:
    text = sam.open(f"/console/staff/billing-notes/{cast.site_admin.practice_id}").text
    for hidden in ("ada", "Byron", "@clinic.example", "America/"):
        assert hidden not in text


def test_accounting_downloads_a_months_reconciliation(acc: Browser, cast: Cast) -> None:
    page = acc.open("/console/staff")
    assert page.heading == "Reconciliation"
    month = dict(page.fields("Download the CSV"))["month"]
    missing = acc.press(page, "Download the CSV")
    assert missing.status == 404
    assert missing.heading == "Reconciliation"
    assert "There is no report for this month." in missing.text
    nonsense = acc.press(page, "Download the CSV", month="July")
    assert nonsense.error("month")
    assert dict(nonsense.fields("Download the CSV"))["month"] == "July"
    day = reconciliation.last_month_end(clock.now())
    reconciliation.make_report(day, clock.now(), "test", "test", lambda: 60_000)
    answer = acc.send("GET", f"/console/staff/reconciliation.csv?month={month}")
    assert answer.status_code == 200
    assert str(answer.headers["Content-Type"]).startswith("text/csv")


def test_the_form_may_lead_on_to_where_a_large_report_is(
    acc: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconciliation.make_report(reconciliation.last_month_end(clock.now()), clock.now(), "test", "test", lambda: 60_000)
    monkeypatch.setattr(answers, "MOST_ANSWERED", 100)
    policy = str(acc.send("GET", "/console/staff/reconciliation").headers["Content-Security-Policy"])
    month = dict(acc.open("/console/staff/reconciliation").fields("Download the CSV"))["month"]
    answer = acc.send("GET", f"/console/staff/reconciliation.csv?month={month}")
    assert answer.status_code == 303
    scheme, _, host, *_ = str(answer.headers["Location"]).split("/")
    assert f"form-action 'self' {scheme}//{host};" in policy
