"""The screens of the practice itself and of its audit trail."""

from typing import Any

from chalicelib.console import words
from chalicelib.console.screens.practice import KINDS
from chalicelib.identity.tables import PracticeRow
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser
from tests.console.steps import alert
from tests.simulation.rooms import of_each_room


def test_the_practice_is_renamed_and_moved_to_another_time_zone(admin: Browser) -> None:
    page = admin.open("/console/practice")
    page = admin.press(page, "Save", name="Elm Street & Sons", time_zone="America/Denver")
    assert "Changes saved." in page.text
    assert page.heading == "Elm Street & Sons"
    page = admin.press(page, "Save", name="Elm Street Clinic")
    assert "MDT" in admin.open("/console/audit").text


def test_the_link_to_verify_the_owners_address_is_mailed_again(admin: Browser, cast: Cast) -> None:
    practice = PracticeRow.key(cast.site_admin.practice_id).row()
    practice.update(actions=[PracticeRow.owner_verified_at.remove()])
    page = admin.press(admin.open("/console/practice"), "Mail the link again")
    assert "A link is on its way to the owner's address." in page.text
    page = admin.press(page, "Mail the link again")
    assert (page.status, "A link was just mailed." in alert(page)) == (429, True)
    practice.update(actions=[PracticeRow.owner_verified_at.set("2026-07-02T12:00:00.000Z")])
    assert "Mail the link again" not in admin.open("/console/practice").html


def test_a_zone_that_is_none_is_refused_beside_its_field(admin: Browser) -> None:
    page = admin.press(admin.open("/console/practice"), "Save", time_zone="Mars/Olympus")
    assert page.status == 422
    assert page.error("time_zone")
    assert dict(page.fields("Save"))["time_zone"] == "Mars/Olympus"


def test_a_save_over_somebody_elses_shows_both(admin: Browser, api: Api, cast: Cast) -> None:
    page = admin.open("/console/practice")
    api.patch("/practice", {"name": "Their name"}, cast.site_admin.token, version=1)
    page = admin.press(page, "Save", name="My name")
    assert page.status == 412
    assert "Now it is Their name, America/Chicago." in page.text
    page = admin.press(page, "Save")
    assert page.heading == "My name"


def test_the_trail_shows_what_changed_and_is_narrowed(admin: Browser) -> None:
    admin.press(admin.open("/console/practice"), "Save", name="Elm Street & Sons")
    admin.press(admin.open("/console/users/pat/deactivate"), "Deactivate pat")
    page = admin.open("/console/audit")
    assert "practice: edited" in page.text
    assert "name: Elm Street Clinic Elm Street & Sons" in page.text
    page = admin.press(page, "Show", type="username.", subject="pat")
    assert "practice: edited" not in page.text
    assert "username: deactivated" in page.text
    assert "No changes found" in admin.press(page, "Show", subject="nobody").text
    bad = admin.press(page, "Show", type="username.", since="yesterday", until="2026-13-01")
    assert (bad.status, bad.heading) == (422, "Audit trail")
    assert bad.error("since")
    assert bad.error("until")
    assert dict(bad.fields("Show")) | {"since": "yesterday", "type": "username."} == dict(bad.fields("Show"))
    assert "practice: edited" not in bad.text  # what is right of it still holds
    assert "before" in admin.press(page, "Show", since="2026-02-01", until="2026-01-01").error("until")


def test_the_trail_can_be_narrowed_to_every_kind_of_change_of_a_practice() -> None:
    told = {what for room in of_each_room("audit") for what in room.TOLD}
    others = ("staff.", "reconciliation.", "license.")  # the vendor's; and the simulations' own, of parts of a change
    assert {what for what in told if not what.startswith((*KINDS, *others))} == set()


def test_a_change_is_told_in_words_and_a_long_list_in_short() -> None:
    before: dict[str, Any] = {"decision": None, "cc": ["ann"], "open": False, "gone": "x"}
    after: dict[str, Any] = {"decision": None, "cc": [], "open": True, "codes": {"billing": list("abcdefg")}}
    assert words.changes(before, after) == [
        ("cc", "ann", ""),
        ("open", "no", "yes"),
        ("gone", "x", ""),
        ("codes", "", "billing: a, b, c, d, e and 2 more"),
    ]


def test_amounts_and_times_of_a_change_are_told_as_people_read_them() -> None:
    after = {"total_cents": 8827, "cancel_until": "2026-07-08T03:59:59Z", "since": "2026-07-08"}
    assert words.changes({}, after, "America/Chicago") == [
        ("total", "", "$88.27"),
        ("cancel until", "", "Jul 7, 2026, 10:59 PM CDT"),
        ("since", "", "2026-07-08"),
    ]


def test_what_was_typed_and_only_looks_like_a_time_is_told_as_it_is() -> None:
    for text in ("2026-12-31T24:00:00Z", "2026-99-99T00:00:00Z", "0001-01-01T00:00:00Z"):
        assert words.changes({}, {"location": text}, "America/Chicago") == [("location", "", text)]
