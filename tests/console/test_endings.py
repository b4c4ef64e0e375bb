"""Providers: how an account ends and comes back."""

from typing import Any

import pytest

from chalicelib.providers import deactivation_rules
from tests.api import Api, calls_recorded
from tests.cast import Cast, new_session
from tests.console.browser import Browser
from tests.console.steps import account, alert, bought, deactivated, names
from tests.identity.steps import later
from tests.providers.steps import licensed, opened, registered, seeded


def test_who_takes_the_patients_and_is_gone_before_is_told(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    ending = {"date": "2026-07-05", "confirm": True}
    assert api.post(f"/providers/{other['id']}/deactivation", ending, cast.site_admin.token).status_code == 202
    choice = {"when": "date", "date": "2026-07-06", "reassign_to": other["id"]}
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
    assert "Ann Johnson is to be deactivated on Jul 5, 2026" in page.text
    page = admin.press(page, "Schedule deactivation")
    assert "Ann Johnson , who is to be deactivated on Jul 5, 2026 : unless that changes" in page.text
    assert "Deactivate…" not in page.text
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice | {"date": "2026-07-04"})
    assert "is to be deactivated" not in page.text


def test_an_account_ends_after_its_consequences_are_told_and_is_undone(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", when="now", reassign_to=other["id"])
    assert page.heading == "Deactivate Ada Byron now?"
    for said in ("trial license ends", "1 patient moves to Ann Johnson", "cleo", "undo this within 24 hours"):
        assert said in page.text, said
    page = admin.press(page, "Deactivate Ada Byron")
    assert page.heading == "Moving patients to Ann Johnson"
    page = admin.open(account(cast))
    assert "inactive" in page.text
    assert "Byron , Ada" in names(admin.open("/console/providers?status=inactive"))
    page = admin.press(page, "Undo deactivation")
    assert "Ada Byron is active as before. The patients are coming back." in page.text


def test_an_account_ends_on_a_day_to_come_which_can_be_cancelled(admin: Browser, cast: Cast) -> None:
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", when="date", date="")
    assert "Choose the day" in page.text
    page = deactivated(admin, account(cast), when="date", date="2026-07-20")
    assert "will be deactivated." in page.text
    assert "ends Jul 20, 2026" in page.text
    assert "ends Jul 20, 2026" in admin.open("/console/providers").text
    assert "stays" in admin.press(page, "Cancel deactivation").text


def test_a_scheduled_account_says_its_last_day_and_who_gets_its_patients_and_is_changed(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast)
    other = opened(api, cast, first_name="Ann", last_name="Johnson")
    seeded(cast, cast.provider_id, 3)
    choice = {"when": "date", "date": "2026-07-20", "reassign_to": other["id"]}
    page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
    assert "Its last day is Jul 19, 2026" in page.text
    assert "after that you have 24 hours to undo it" in page.text
    admin.press(page, "Schedule deactivation")
    with calls_recorded() as calls:
        page = admin.open(account(cast))
    assert len(calls) <= 3
    assert (
        "Last day: Jul 19, 2026 . Deactivated at the start of Jul 20, 2026 . 3 patients go to Ann Johnson" in page.text
    )
    page = admin.follow(page, "Change")
    assert dict(page.fields("Show what will happen")) == choice
    deactivated(admin, account(cast), when="date", date="2026-07-21")
    assert "Last day: Jul 20, 2026" in admin.open(account(cast)).text
    assert "3 patients stay where they are" in admin.open(account(cast)).text
    assert "Last day" not in admin.press(admin.open(account(cast)), "Cancel deactivation").text


def test_a_day_on_which_an_account_cant_end_is_refused_beside_its_field_before_anything_is_told(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    for day, said in (
        ("", "Choose the day"),
        ("2020-01-01", "This must be after 2026-07-02"),
        ("2026-07-02", "This must be after 2026-07-02"),
        ("2040-01-01", "at the latest"),
    ):
        choice = {"when": "date", "date": day, "reassign_to": other["id"]}
        page = admin.press(admin.open(f"{account(cast)}/end"), "Show what will happen", **choice)
        assert page.heading == "Deactivate Ada Byron"
        assert said in page.error("date")
        assert dict(page.fields("Show what will happen")) == choice
    page = admin.press(page, "Show what will happen", when="date", date="2026-07-03", reassign_to="")
    assert page.heading == "Deactivate Ada Byron on Jul 3, 2026 ?"


def test_when_an_account_ends_is_chosen_and_a_day_that_is_typed_is_never_passed_over(
    admin: Browser, cast: Cast
) -> None:
    fresh = admin.open(f"{account(cast)}/end")
    assert "when" not in dict(fresh.fields("Show what will happen"))
    page = admin.press(fresh, "Show what will happen")
    assert (page.heading, page.error("date")) == ("Deactivate Ada Byron", "Choose now, or a day.")
    page = admin.press(fresh, "Show what will happen", when="now", date="2026-07-20")
    assert "You chose now, and a day." in page.error("date")
    assert dict(page.fields("Show what will happen")) == {"when": "now", "date": "2026-07-20"}
    page = admin.press(fresh, "Show what will happen", date="2026-07-20")
    assert page.heading == "Deactivate Ada Byron on Jul 20, 2026 ?"
    page = admin.follow(page, "Change the selection")
    assert dict(page.fields("Show what will happen")) == {"when": "date", "date": "2026-07-20"}


def test_who_decided_later_is_asked_to_reassign_and_sees_the_progress(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    seeded(cast, cast.provider_id, 60)
    page = deactivated(admin, account(cast))
    assert "60 patients are still on this inactive account" in page.text
    left = admin.open("/console/providers/left-behind")
    assert "Byron , Ada 60 See and reassign them" in left.text
    assert admin.follow(left, "See and reassign them").path == page.path
    page = admin.press(page, "Reassign 60 patients", to=other["id"])
    assert "0 of 60 patients" in page.text
    api.tick("continue_reassignments")
    assert "60 of 60 patients moved. Done." in admin.open(page.path).text


def test_it_can_be_reactivated_without_its_patients_while_it_could_be_undone(
    admin: Browser, api: Api, cast: Cast
) -> None:
    licensed(api, cast, physician=2)
    other = opened(api, cast)
    registered(api, cast)
    deactivated(admin, account(cast), reassign_to=other["id"])
    api.tick("continue_reassignments")
    page = admin.press(admin.open(account(cast)), "Reactivate")
    assert "Ada Byron is active again." in page.text
    assert "no patients" in admin.open(f"{account(cast)}/patients").text.casefold()


def test_what_is_no_day_is_refused_beside_its_field(admin: Browser, cast: Cast) -> None:
    page = admin.open(f"{account(cast)}/end/confirm?when=date&date=07/20/2026")
    assert (page.status, page.heading) == (422, "Deactivate Ada Byron")
    assert page.error("date")
    assert dict(page.fields("Show what will happen")) == {"when": "date", "date": "07/20/2026"}


def test_who_cant_take_the_patients_is_refused_beside_the_choice(admin: Browser, api: Api, cast: Cast) -> None:
    licensed(api, cast)
    other = opened(api, cast)
    registered(api, cast)
    page = admin.open(f"{account(cast)}/end/confirm?when=now&reassign_to={other['id']}")
    page = admin.press(page, "Deactivate Ada Byron", reassign_to=cast.provider_id)
    assert (page.status, page.heading) == (422, "Deactivate Ada Byron")
    assert page.error("reassign_to")
    (why,) = page.root.all("div", role="alert")
    assert why.all("a")[0].attributes["href"].removeprefix("#") in page.root.ids


def test_no_other_word_is_taken_for_now(admin: Browser, cast: Cast) -> None:
    page = admin.open(f"{account(cast)}/end/confirm?when=at+once")
    assert page.heading == "Deactivate Ada Byron"
    assert "Choose now, or a day." in page.text


def test_a_day_later_it_can_only_be_reactivated_with_a_license(admin: Browser, api: Api, cast: Cast) -> None:
    deactivated(admin, account(cast))
    with later(hours=25):
        fresh = Browser(api, new_session("ada", cast.site_admin.practice_id))
        page = fresh.open(account(cast))
        assert "Undo deactivation" not in page.text
        page = fresh.press(page, "Reactivate")
        assert (page.status, "No physician license is available." in alert(page)) == (409, True)
        bought(fresh, physician=1)
        assert "Ada Byron is active again." in fresh.press(fresh.open(account(cast)), "Reactivate").text


@pytest.mark.parametrize(("button", "rule"), [("Deactivate Ada Byron", "check"), ("Reactivate", "reactivate")])
def test_who_is_overtaken_is_told_that_nothing_is_done(
    admin: Browser, api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch, button: str, rule: str
) -> None:
    licensed(api, cast)
    if button == "Reactivate":
        deactivated(admin, account(cast))
    path, decide = f"/providers/{cast.provider_id}", getattr(deactivation_rules, rule)
    version = api.get(path, cast.site_admin.token).json_body["version"]

    def overtaken(*arguments: Any) -> Any:
        assert api.patch(path, {"first_name": "Adele"}, cast.site_admin.token, version).status_code == 200
        return decide(*arguments)

    page = admin.open(f"{account(cast)}/end/confirm?when=now" if rule == "check" else account(cast))
    monkeypatch.setattr(deactivation_rules, rule, overtaken)
    page = admin.press(page, button)
    assert page.status == 409
    assert "Somebody else changed this at the same time, and nothing of yours is done." in alert(page)


def test_nothing_is_promised_that_will_be_refused(admin: Browser, api: Api, cast: Cast) -> None:
    taker = str(opened(api, cast)["id"])
    deactivated(admin, f"/console/providers/{taker}")
    for target in (taker, cast.provider_id):
        page = admin.open(f"{account(cast)}/end/confirm?when=now&reassign_to={target}")
        assert page.status == 422
        assert not [each for each in page.root.all("button") if "Deactivate" in each.text]
