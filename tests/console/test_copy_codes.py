"""The wizard Copy Codes: two accounts, entries, what that would meet, the copy, and taking it back."""

from typing import Any

import pytest

from chalicelib.console import choices
from chalicelib.console.screens import copy_codes
from chalicelib.identity.model import Privileges
from tests.api import Api
from tests.cast import Cast, give_access
from tests.codes.steps import DIABETES, EXAMPLES, PAYER, VACCINE, added, codes, path
from tests.console.browser import Browser, Shown
from tests.providers.steps import opened

ENTRIES = "/console/copy-codes/entries"


@pytest.fixture
def master(api: Api, cast: Cast) -> Browser:
    """The browser of max, who sees our account's codes and edits those of the other practice's."""
    for file, entry in EXAMPLES.items():
        added(api, cast, file, entry)
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    added(api, cast, "payers", PAYER | {"name": "Green Hill"}, cast.master, provider_id=cast.their_provider_id)
    return Browser(api, cast.master.token)


def choosing(browser: Browser, cast: Cast) -> Shown:
    """The page that offers what our account has."""
    fields = {"from": cast.provider_id, "to": cast.their_provider_id}
    return browser.press(browser.open("/console/copy-codes"), "Choose what to copy", **fields)


def rows(page: Shown) -> list[str]:
    return [row.text for row in page.root.all("tbody")[0].all("tr")]


def preview(browser: Browser, page: Shown, **chosen: Any) -> Shown:
    """What copying these would meet; several are chosen as several fields of one name."""
    fields = [*page.fields("Preview the copy"), *((name.replace("__", "."), value) for name, value in chosen.items())]
    form = page.form("Preview the copy")
    sent: dict[str, list[Any]] = {}
    for name, value in fields:
        sent.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return browser._followed(page.path, browser.send("POST", form.attributes["action"], sent))


def test_chosen_entries_are_previewed_copied_and_taken_back(api: Api, cast: Cast, master: Browser) -> None:
    page = preview(master, choosing(master, cast), entries__diagnosis="E11.9", all=["payers"])
    assert rows(page) == ["Diagnoses 1 0 0", "Payers 0 0 1"]
    assert "Payers: 60054" in page.text
    page = master.press(page, "Copy now", on_conflict="overwrite")
    assert rows(page) == ["Diagnoses 1 0 0 1 0 0 0", "Payers 0 0 1 0 0 1 0"]
    assert "done 2 copied." in page.text
    answer = api.get(path(cast, "payers", provider_id=cast.their_provider_id), cast.master.token)
    assert answer.json_body["items"][0]["name"] == PAYER["name"]
    page = master.press(page, "Undo")
    assert "undone 2 undone." in page.text
    answer = api.get(path(cast, "payers", provider_id=cast.their_provider_id), cast.master.token)
    assert answer.json_body["items"][0]["name"] == "Green Hill"


def test_a_file_of_many_entries_hides_no_other(
    api: Api, cast: Cast, master: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_codes, "_LISTED", 2)
    for number in range(9):
        added(api, cast, "billing", VACCINE | {"code": f"G010{number}"})
    page = choosing(master, cast)
    offered = [box.attributes["value"] for box in page.root.all("input") if box.attributes["type"] == "checkbox"]
    assert offered == ["diagnosis", "E11.9", "billing", "G0008", "G0100", "payers", "60054"]
    assert "The first 2 are listed here" in page.text


def test_a_copy_that_is_pressed_twice_is_one(api: Api, cast: Cast, master: Browser) -> None:
    page = preview(master, choosing(master, cast), all=["diagnosis", "billing", "payers"])
    first, second = master.press(page, "Copy now"), master.press(page, "Copy now")
    assert first.path == second.path
    assert first.path.startswith("/console/code-copies/cpy_")


def test_undoing_is_refused_with_the_codes_that_were_edited_since(api: Api, cast: Cast, master: Browser) -> None:
    done = master.press(preview(master, choosing(master, cast), all="diagnosis"), "Copy now")
    entry = f"/console/access/{cast.their_provider_id}/codes/diagnosis/E11.9"
    master.press(master.open(entry), "Save", description="Changed")
    page = master.press(done, "Undo")
    assert page.status == 409
    assert "Some of its entries were changed since: E11.9." in page.text
    assert "nothing was undone" in page.text


def test_nothing_chosen_is_said_and_what_went_meanwhile_too(api: Api, cast: Cast, master: Browser) -> None:
    page = choosing(master, cast)
    assert "Choose from 1 to 5000 entries." in preview(master, page).text
    page = preview(master, page, all="diagnosis")
    token = cast.site_admin.token
    assert api.request("DELETE", path(cast, "diagnosis", "E11.9"), token=token).status_code == 204
    page = master.press(page, "Copy now")
    assert page.status == 422
    assert "The account’s file has no such codes: E11.9." in page.text.replace("'", "’")


def test_a_site_admin_is_offered_every_account_of_the_practice(admin: Browser, cast: Cast) -> None:
    page = admin.open(f"/console/copy-codes?to={cast.provider_id}")
    options = page.root.all("select", id="to")[0].all("option")
    assert [each.attributes["value"] for each in options if "selected" in each.attributes] == [cast.provider_id]
    page = admin.open(f"{ENTRIES}?from={cast.provider_id}&to={cast.provider_id}")
    assert "Choose two different accounts." in page.text


@pytest.mark.parametrize("action", ["entries", "copy"])
def test_a_form_about_accounts_out_of_reach_is_refused_whatever_its_address_says(
    api: Api, cast: Cast, master: Browser, action: str
) -> None:
    ours, theirs = cast.provider_id, cast.their_provider_id
    token = dict(choosing(master, cast).fields("Preview the copy"))["_token"]
    good = f"/console/copy-codes/{action}?from={ours}&to={theirs}"
    fields = {"_token": token, "from": theirs, "to": ours, "entries.payers": "60054"}
    assert master.send("POST", good, fields).status_code == 403
    # The page that is shown again is for whom its own address lets in.
    bad = f"/console/copy-codes/{action}?from=prv_none&to={theirs}"
    fields = {"_token": token, "from": ours, "to": theirs, "entries.payers": ""}
    assert master.send("POST", bad, fields).status_code == 404
    assert master.open(f"{ENTRIES}?from={theirs}&to={ours}").status == 403
    assert master.open(f"{ENTRIES}?from={ours}").status == 422
    assert codes(api, cast, "payers") == ["60054"]
    assert DIABETES["code"] not in master.open("/console/copy-codes").text


def test_accounts_of_further_pages_of_the_lists_can_be_chosen(
    admin: Browser, master: Browser, api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(api, cast)
    whole = [_sources(each) for each in (admin, master)]
    assert [len(each) for each in whole] == [2, 2]
    monkeypatch.setattr(choices, "PAGE", 1)
    assert [_sources(each) for each in (admin, master)] == whole
    monkeypatch.setattr(choices, "MOST", 1)
    assert len(_sources(admin)) == 1
    assert "There are more than 1: these are the first." in admin.open("/console/copy-codes").text


def _sources(browser: Browser) -> list[str]:
    """The accounts from which somebody may copy."""
    return [each.text for each in browser.open("/console/copy-codes").root.all("select", id="from")[0].all("option")][
        1:
    ]
