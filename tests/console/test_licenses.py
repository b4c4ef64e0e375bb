"""The License Manager."""

from chalicelib import clock
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser, Shown
from tests.console.steps import alert, bought, yes
from tests.licensing.claims import claim_license
from tests.licensing.orders import TOO_LATE
from tests.staff.people import approve, set_note
from tests.world import World


def counts(page: Shown) -> list[list[str]]:
    """Active, in use, available of each type."""
    table = page.root.all("table")[0]
    return [[cell.text for cell in row.all("td")] for row in table.all("tbody")[0].all("tr")]


def test_licenses_are_bought_after_the_agreement_and_cancelled(admin: Browser) -> None:
    page = admin.open("/console/licenses")
    assert counts(page) == [["1", "1", "0"], ["0", "0", "0"]]
    page = admin.press(page, "Add licenses…", physician=2, midlevel=1)
    assert page.heading == "Add 2 physician licenses and 1 midlevel license"
    assert "(30 of 31 days) $248.71" in page.text
    assert "Jul 7, 2026, 10:59 PM CDT" in page.text
    assert "From the next month on $257.00 a month" in page.text
    assert "10:59 PM CDT (end of the day in New York)" in page.text
    page = admin.press(page, "Yes, I agree: buy for $248.71")
    assert "2 physician licenses and 1 midlevel license added." in page.text
    assert counts(page) == [["3", "1", "2"], ["1", "0", "1"]]
    page = admin.follow(page, "Cancel")
    assert page.heading == "Cancel the order of 2 physician licenses and 1 midlevel license?"
    page = admin.press(page, "Cancel the order")
    assert counts(page) == [["1", "1", "0"], ["0", "0", "0"]]
    assert "canceled" in admin.open("/console/licenses/orders").text


def test_two_clicks_on_yes_i_agree_buy_once(admin: Browser, world: World, cast: Cast) -> None:
    page = admin.press(admin.open("/console/licenses"), "Add licenses…", physician=2)
    first, second = (admin.press(page, yes(page)) for _ in range(2))
    assert counts(first) == counts(second) == [["3", "1", "2"], ["0", "0", "0"]]
    assert len(admin.open("/console/licenses/orders").root.all("tbody")[0].all("tr")) == 1


def test_an_order_of_nothing_or_of_too_many_is_refused_in_words(admin: Browser) -> None:
    for physician in (0, 101):
        page = admin.press(admin.open("/console/licenses"), "Add licenses…", physician=physician)
        assert page.status == 422
        assert page.heading == "License Manager"
        assert "100" in page.error("physician")
        assert dict(page.fields("Add licenses…"))["physician"] == str(physician)
    page = admin.press(page, "Add licenses…", physician="1.5", midlevel="2")
    assert page.error("physician")
    assert not page.error("midlevel")
    assert dict(page.fields("Add licenses…")) == {"physician": "1.5", "midlevel": "2"}


def test_a_cancel_that_comes_too_late_says_so(admin: Browser) -> None:
    page = admin.follow(bought(admin, physician=1), "Cancel")
    with clock.frozen(TOO_LATE):
        answer = admin.send("POST", page.path, page.fields("Cancel the order"))
    assert answer.status_code == 303  # the session has ended meanwhile, too
    assert "/console/sign-in" in str(answer.headers["Location"])


def test_licenses_that_are_in_use_are_not_said_to_be_missing(admin: Browser, cast: Cast) -> None:
    page = admin.follow(bought(admin, physician=1), "Cancel")
    claim_license(cast, "prv_second", "physician")
    page = admin.press(page, "Cancel the order")
    assert page.status == 409
    assert alert(page).startswith("Licenses are in use. This takes back licenses that are in use.")


def test_custom_billing_shows_the_note_and_no_price(admin: Browser, api: Api, cast: Cast) -> None:
    set_note(api, cast.site_admin.practice_id, "Invoiced by the quarter")
    assert "Invoiced by the quarter" in admin.open("/console/licenses").text
    page = admin.press(admin.open("/console/licenses"), "Add licenses…", midlevel=3)
    assert "$" not in page.text
    assert "custom billing" in page.text


def test_orders_ledger_and_reconciliation_tell_what_was_bought(admin: Browser) -> None:
    bought(admin, physician=2, midlevel=1)
    assert "2 physician licenses" in admin.open("/console/licenses/orders").text
    ledger = admin.open("/console/licenses/ledger").text
    assert "Ordered +2 +1" in ledger
    assert "Trial license" in ledger
    page = admin.open("/console/licenses/reconciliation")
    assert "Ordered this month 2 1" in page.text
    answer = admin.send("GET", "/console/licenses/reconciliation.csv")
    assert str(answer.headers["Content-Type"]).startswith("text/csv")
    assert "license-reconciliation-2026-07-02.csv" in str(answer.headers["Content-Disposition"])
    assert answer.body.decode().startswith("practice_id,")
    assert admin.send("GET", "/console/licenses/ledger.csv").body.decode().startswith("at,")
    assert admin.open("/console/licenses/reconciliation?as_of=2026-07-03").status == 422


def test_fewer_licenses_are_asked_of_support(admin: Browser) -> None:
    bought(admin, physician=3)
    page = admin.press(admin.open("/console/licenses/fewer"), "Ask Support", physician=2)
    assert "You asked Support to remove 2 physician licenses: ticket 1." in page.text
    assert "requested" in page.text
    page = admin.press(page, "Ask Support", physician=9)
    assert page.status == 409
    assert dict(page.fields("Ask Support"))["physician"] == "9"


def test_fewer_licenses_are_from_the_first_of_a_month_where_they_are_billed(
    admin: Browser, api: Api, cast: Cast
) -> None:
    bought(admin, physician=3)
    admin.press(admin.open("/console/licenses/fewer"), "Ask Support", physician=1)
    assert approve(api, cast.site_admin.practice_id, 1).status_code == 200
    # An hour before the first here, in Chicago, as it begins in New York.
    assert "by ada, from Aug 1, 2026" in admin.open("/console/licenses/fewer").text


def test_a_day_without_a_reconciliation_is_refused_beside_its_field(admin: Browser) -> None:
    for day in ("2099-01-01", "someday"):
        page = admin.open(f"/console/licenses/reconciliation?as_of={day}")
        assert (page.status, page.heading) == (422, "License Manager")
        assert page.root.all("input", name="as_of")[0].attributes["aria-invalid"] == "true"
        assert dict(page.fields("Show"))["as_of"] == day
