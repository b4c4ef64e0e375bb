"""The screens of support: the Help Center, filing, tickets as threads, emergencies."""

import pytest

from chalicelib.support.rules import ticket_id
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser, Shown
from tests.console.steps import attached
from tests.identity.steps import later
from tests.staff.people import staff_person

FILED = {"subject": "Printer is on fire", "body": "It burns since noon.", "articles_do_not_help": "true"}


@pytest.fixture
def sue(api: Api, cast: Cast) -> Browser:
    """The support user's browser."""
    return Browser(api, cast.support_user.token)


def file(browser: Browser, **typed: str) -> Shown:
    """File a ticket by the form."""
    return browser.press(browser.open("/console/tickets/new"), "File the ticket", **(FILED | typed))


def test_the_help_center_answers_a_question_and_opens_an_article_beside(sue: Browser) -> None:
    page = sue.press(sue.open("/console/help"), "Search", q="liscense cancel")
    assert "Cancel a license order" in [each.text for each in page.root.all("h2")]
    page = sue.follow(page, "Cancel a license order")
    article = page.root.all("article", id="article")[0]
    assert "business day" in article.text
    links = [each.attributes["href"] for each in article.all("a")]
    assert links
    assert all(sue.open(link).status == 200 for link in links)


def test_a_ticket_is_filed_and_answered_as_a_thread(sue: Browser, api: Api, cast: Cast) -> None:
    page = file(sue)
    assert (page.path, page.status) == ("/console/tickets/1", 200)
    assert "Ticket 1 is filed." in page.text
    assert "It burns since noon." in page.text
    page = sue.press(page, "Send", body="It is out now.")
    assert "It is out now." in page.text
    page = sue.press(page, "Mark as solved")
    assert "solved" in page.text
    page = sue.press(page, "Send", body="It burns again.")
    assert "open" in page.text
    assert "commented" in sue.open("/console/tickets/1/history").text


def test_who_did_what_is_support_whoever_of_them_it_was_or_that_nobody_did(sue: Browser, api: Api, cast: Cast) -> None:
    path = file(sue).path
    desk = Browser(api, staff_person("sam").token)
    staffs = f"/console/staff/tickets/{ticket_id(cast.support_user.practice_id, 1)}"
    desk.press(desk.open(staffs), "Send", body="Solved, we hope.", status="solved")
    with later(days=29):
        api.tick("close_solved_tickets")
    thread, history = sue.open(path), sue.open(f"{path}/history")
    assert "Support · Jul 2" in thread.text
    assert [row.all("td")[1].text for row in history.root.all("tbody")[0].all("tr")][:2] == ["automatically", "Support"]
    assert "sam" not in thread.text + history.text


def test_a_long_thread_opens_at_its_newest_comments(sue: Browser, api: Api, cast: Cast) -> None:
    path = file(sue).path
    token = cast.support_user.token
    for number in range(30):
        assert api.post("/tickets/1/comments", {"body": f"Comment {number:02}."}, token).status_code == 201
    staffs = f"/console/staff/tickets/{ticket_id(cast.support_user.practice_id, 1)}"
    for browser, place in ((sue, path), (Browser(api, staff_person("sam").token), staffs)):
        page = browser.open(place)
        assert said(page) == [FILED["body"], *(f"Comment {number:02}." for number in range(5, 30))]
        page = browser.follow(page, "Earlier comments")
        assert said(page) == [FILED["body"], *(f"Comment {number:02}." for number in range(5))]
        assert said(browser.follow(page, "Newest comments"))[-1] == "Comment 29."
        assert not [each for each in browser.open(page.path).root.all("a") if each.text == "Earlier comments"]


def said(page: Shown) -> list[str]:
    """The texts of a thread."""
    return [each.text for each in page.root.all("div", **{"class": "text"})]


def test_without_a_search_articles_are_shown_first(sue: Browser) -> None:
    page = file(sue, subject="How do I cancel a license order?", articles_do_not_help="false")
    assert page.status == 409
    assert "Cancel a license order" in [each.text for each in page.root.all("a")]
    assert dict(page.fields("File the ticket"))["body"] == FILED["body"]


def test_a_refused_form_has_as_many_fields_for_those_copied_in_as_before(sue: Browser) -> None:
    page = sue.open("/console/tickets/new")
    for _ in range(3):
        page = sue.press(page, "File the ticket", subject="", cc=["", "", ""])
        assert page.status == 422
        assert len(page.root.all("input", name="cc")) == 3
    page = sue.press(page, "File the ticket", cc=["pat", "", "ada", "cleo"])
    assert [each.attributes["value"] for each in page.root.all("input", name="cc")] == ["pat", "ada", "cleo", ""]


def test_what_looks_like_patient_data_is_asked_about(sue: Browser) -> None:
    page = file(sue, body="The patient with SSN 219-09-9999 is missing")
    assert page.status == 409
    assert "This looks like patient data: the text has a Social Security number." in page.text
    assert sue.press(page, "File the ticket", contains_patient_data="true").path == "/console/tickets/1"


def test_a_change_of_roles_is_asked_for_by_its_link(admin: Browser) -> None:
    page = admin.follow(admin.open("/console/users/pat"), "ask Support to add it")
    fields = FILED | {"subject": "Role", "body": "She runs the front desk now."}
    page = admin.press(page, "File the ticket", **fields)
    assert page.path == "/console/tickets/1"
    assert "username: pat" in page.text
    assert "action: add" in page.text


def test_who_may_not_file_is_told_whom_to_ask(api: Api, cast: Cast) -> None:
    page = Browser(api, cast.plain_user.token).open("/console/tickets/new")
    assert page.heading == "Who to ask"
    assert [each.text for each in page.root.all("li") if each.text in ("ada", "sue")] == ["ada", "sue"]


def test_who_is_only_copied_in_gets_no_form_to_edit(sue: Browser, api: Api, cast: Cast) -> None:
    path = file(sue, cc="pat").path
    pat = Browser(api, cast.plain_user.token)
    assert "Edit" in [each.text for each in sue.open(path).root.all("a")]
    assert "Edit" not in [each.text for each in pat.open(path).root.all("a")]
    page = pat.open(f"{path}/edit")
    assert (page.status, page.heading) == (403, "You may not do this")
    assert "Its owner and the practice's support users edit a ticket." in page.text


def test_the_form_offers_what_one_may_ask_for(sue: Browser, admin: Browser) -> None:
    plain = ["Question", "Problem", "Billing"]
    more = [*plain, "Role change", "Reactivation", "Owner’s new address", "Fewer licenses"]
    for browser, labels in ((sue, plain), (admin, more)):
        tabs = browser.open("/console/tickets/new").root.all("nav", **{"class": "tabs"})[0]
        assert [each.text for each in tabs.all("a")] == labels


def test_views_are_narrowed_and_those_copied_in_read_along(sue: Browser, api: Api, cast: Cast) -> None:
    file(sue, cc="pat")
    file(sue, subject="Another thing")
    page = sue.press(sue.open("/console/tickets"), "Show", q="print")
    assert [row.all("a")[0].text for row in page.root.all("tbody")[0].all("tr")] == ["Printer is on fire"]
    pat = Browser(api, cast.plain_user.token)
    assert "Printer is on fire" in pat.open("/console/tickets?view=cc").text
    assert "Another thing" not in pat.open("/console/tickets?view=cc").text
    assert pat.open("/console/tickets/2").status == 404
    assert pat.open("/console/tickets?view=team").status == 403


def test_an_edit_over_somebody_elses_shows_both(sue: Browser, admin: Browser) -> None:
    file(sue)
    mine = sue.open("/console/tickets/1/edit")
    sue.press(sue.open("/console/tickets/1/edit"), "Save", priority="high")
    page = sue.press(mine, "Save", subject="Printer is out")
    assert page.status == 412
    assert "Now it is: Printer is on fire (question, high, new)." in page.text
    assert sue.press(page, "Save").heading == "1 Printer is out"


def test_a_file_that_is_no_accepted_kind_is_refused_by_its_name(sue: Browser) -> None:
    file(sue)
    page = sue.press(sue.open("/console/tickets/1/attach"), "Continue", name="virus.exe")
    assert page.status == 422
    assert "must end in pdf" in page.error("name")
    page = sue.press(page, "Continue", name="scan.pdf")
    assert "practice-admin-uploads" in page.form("1. Upload it").attributes["action"]


def test_a_file_is_attached_and_shown_by_a_link(sue: Browser) -> None:
    page = attached(sue, file(sue).path, "words.txt", b"It burns.")
    assert "The file is attached." in page.text
    assert [each.text for each in page.root.all("section")[0].all("a")] == ["words.txt"]


def test_a_file_whose_content_is_something_else_is_refused_in_words(sue: Browser) -> None:
    page = attached(sue, file(sue).path, "scan.pdf", b"It burns.")
    assert page.status == 422
    assert page.root.all("div", role="alert")


def test_an_emergency_is_taken_from_anybody(browser: Browser) -> None:
    fields = {"username": "ada", "contact_email": "ada@home.example", "subject": "Locked out", "body": "All of us."}
    page = browser.press(browser.open("/console/emergency"), "Send to Support", **fields)
    assert "Thank you." in page.text
    page = browser.press(browser.open("/console/emergency"), "Send to Support", **(fields | {"username": ""}))
    assert page.status == 422
    assert page.error("username")
