"""All pages of staff: for whom they are, what they cost, hostile text on them."""

import re

import pytest

from chalicelib.console.declared import ACTIONS, PAGES
from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.console.browser import Browser, parsed
from tests.console.desk import GIVE, file
from tests.console.test_everybody import HOSTILE

STAFFS = [page for page in PAGES if page.permit.staff]


def test_staff_open_no_page_of_customers(sam: Browser, acc: Browser) -> None:
    for page in PAGES:
        if page.permit.signed_in and not page.permit.staff:
            for visitor in (sam, acc):
                answer = visitor.send("GET", re.sub(r"{(\w+)}", "x_1", page.path))
                assert answer.status_code == 303, page.name
                assert str(answer.headers["Location"]).startswith("/console/sign-in"), page.name


@pytest.mark.parametrize("role", ["support", "accounting"])
def test_each_page_and_action_is_for_the_roles_of_its_permit(sam: Browser, acc: Browser, role: str) -> None:
    visitor = sam if role == "support" else acc
    for each in [*STAFFS, *(action for action in ACTIONS if action.permit.staff)]:
        status = visitor.send(each.method, re.sub(r"{(\w+)}", "x_1", each.path), {"_token": "x"}).status_code
        if role not in each.permit.staff:
            assert status == 403, each.name
        else:
            assert status in ((200, 303, 404, 422) if each.method == "GET" else (403, 404)), each.name


def test_pages_of_staff_make_few_calls_and_show_hostile_text_as_text(
    sam: Browser, acc: Browser, api: Api, cast: Cast
) -> None:
    for text in HOSTILE:
        path = file(api, cast, subject=text, body=text, category="role_change", request=GIVE)
        ids = {"ticket_id": path.rpartition("/")[2], "practice_id": cast.site_admin.practice_id}
        seen = 0
        for page in STAFFS:
            visitor = sam if "support" in page.permit.staff else acc
            with calls_recorded() as calls:
                answer = visitor.send("GET", page.path.format(**ids))
            assert answer.status_code in (200, 303, 422), page.name
            assert len(calls) <= 3, (page.name, calls)
            if "text/html" in str(answer.headers.get("Content-Type")):
                shown = parsed(answer.body.decode())
                shown.check_inert()
                seen += shown.text.count(" ".join(text.split()))
        assert seen >= 4
