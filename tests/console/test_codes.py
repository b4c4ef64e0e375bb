"""The screens of code files: searched, added to, edited by two at once, deleted, exported, imported."""

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api
from tests.cast import Cast, give_access
from tests.codes.steps import DIABETES, EXAMPLES, VACCINE, added, seeded
from tests.console.browser import Browser, Shown
from tests.console.steps import send_csv
from tests.uploads.steps import posted


def rows(page: Shown) -> list[str]:
    """The table's rows as they are read."""
    return [row.text for row in page.root.all("tbody")[0].all("tr")]


def place(cast: Cast, file: str = "diagnosis") -> str:
    return f"/console/access/{cast.provider_id}/codes/{file}"


def test_each_file_is_found_from_the_account_searched_and_paged(api: Api, admin: Browser, cast: Cast) -> None:
    for file, entry in EXAMPLES.items():
        added(api, cast, file, entry)
    page = admin.follow(admin.open(f"/console/access/{cast.provider_id}"), "Codes")
    assert rows(page) == ["E11.9 Type 2 diabetes mellitus without complications Edit Delete"]
    assert rows(admin.follow(page, "Billing codes")) == [
        "G0008 Administration of influenza virus vaccine $32.00 Edit Delete"
    ]
    assert rows(admin.follow(page, "Payers")) == ["60054 Blue Ridge Health Plan Commercial Edit Delete"]
    assert len(rows(admin.open(f"{page.path}?q=melli"))) == 1
    assert "No results" in admin.open(f"{page.path}?q=zzz").text
    seeded(cast, 30)
    first = admin.open(place(cast, "payers"))
    assert len(rows(first)) == 25
    assert len(rows(admin.follow(first, "Next page"))) == 6


def test_an_entry_is_added_in_any_spelling_and_what_is_wrong_is_told_beside_the_field(
    admin: Browser, cast: Cast
) -> None:
    page = admin.open(f"{place(cast, 'billing')}/new")
    page = admin.press(page, "Add", code="nothing", description="Vaccine", modifiers="25 toolong", fee_cents="$3.5")
    assert page.status == 422
    assert "CPT code" in page.error("code")
    assert "modifier" in page.error("modifiers")
    assert "in dollars, such as 32 or 32.00" in page.error("fee_cents")
    assert ("fee_cents", "$3.5") in page.fields("Add")
    page = admin.press(page, "Add", code="g0008", modifiers="25 lt", fee_cents="$32.00")
    assert "G0008 is added." in page.text
    assert rows(page) == ["G0008 Vaccine 25 LT $32.00 Edit Delete"]
    page = admin.press(admin.open(f"{place(cast, 'billing')}/new"), "Add", code="G0008", description="Again")
    assert page.status == 409
    assert "The file has this code already." in page.text


def test_two_who_edit_an_entry_see_both_versions(api: Api, admin: Browser, cast: Cast) -> None:
    added(api, cast, "billing", VACCINE)
    path = f"{place(cast, 'billing')}/G0008"
    mine, theirs = admin.open(path), admin.open(path)
    admin.press(theirs, "Save", modifiers="25", fee_cents="")
    page = admin.press(mine, "Save", modifiers="59")
    assert page.status == 412
    assert "Usual modifiers 25 59" in rows(page)
    assert "Fee — 32.00" in rows(page)
    assert "G0008 Administration of influenza virus vaccine 59 $32.00 Edit Delete" in rows(
        admin.press(page, "Save mine")
    )


def test_an_entry_is_deleted_after_asking_and_not_when_somebody_changed_it(
    api: Api, admin: Browser, cast: Cast
) -> None:
    added(api, cast, "diagnosis", DIABETES)
    page = admin.open(f"{place(cast)}/E11.9/delete")
    assert page.heading == "Delete E11.9?"
    admin.press(admin.open(f"{place(cast)}/E11.9"), "Save", description="Diabetes")
    page = admin.press(page, "Delete E11.9")
    assert page.status == 412
    assert "This is what you would delete now. Diabetes will be removed" in page.text
    page = admin.press(page, "Delete E11.9")
    assert "E11.9 is deleted." in page.text
    assert "This file is empty" in page.text


def test_who_may_only_see_codes_is_offered_nothing_else(api: Api, cast: Cast) -> None:
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view"))
    added(api, cast, "diagnosis", DIABETES)
    pat = Browser(api, cast.plain_user.token)
    page = pat.follow(pat.open("/console/access"), "Codes")
    assert rows(page) == ["E11.9 Type 2 diabetes mellitus without complications"]
    assert "Import" not in page.text
    assert pat.open(f"{page.path}/new").status == 403
    assert pat.open(f"{place(cast)}/E11.9").status == 403


def test_a_file_is_exported(api: Api, admin: Browser, cast: Cast) -> None:
    added(api, cast, "diagnosis", DIABETES)
    answer = admin.send("GET", f"{place(cast)}/export.csv")
    assert answer.body.decode() == f"code,description\r\nE11.9,{DIABETES['description']}\r\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="diagnosis.csv"'


def test_a_csv_file_is_checked_imported_and_followed_to_its_end(api: Api, admin: Browser, cast: Cast) -> None:
    added(api, cast, "diagnosis", DIABETES)
    content = b"code,description\nE11.9,Sugar\nI10,Hypertension\n"
    page = send_csv(admin, admin.open(place(cast)), content)
    assert page.heading == "Every line is valid"
    assert rows(page) == ["Diagnoses 1 0 1"]
    assert "Diagnoses: E11.9" in page.text
    page = admin.press(page, "Import now", on_conflict="overwrite")
    assert "0 of 2 so far" in page.text
    api.tick("continue_code_copies")
    page = admin.open(page.path)
    assert rows(page) == ["Diagnoses 1 0 1 1 0 1 0"]
    page = admin.follow(page, "Codes of Ada Byron")
    assert rows(page) == ["E11.9 Sugar Edit Delete", "I10 Hypertension Edit Delete"]


def test_an_import_whose_file_is_replaced_says_that_it_stopped_and_how_far_it_came(
    api: Api, admin: Browser, cast: Cast
) -> None:
    sending = admin.press(admin.open(place(cast)), "Import a CSV file…")
    fields = {name: value for name, value in sending.fields("1. Upload it") if name != "file"}
    form = {"url": sending.form("1. Upload it").attributes["action"], "fields": fields}
    assert posted(form, b"code,description\nI10,Hypertension\n") == 204
    page = admin.press(admin.press(sending, "2. Check it"), "Import now")
    assert posted(form, b"code,description\nE11.9,Diabetes\n") == 204
    api.tick("continue_code_copies")
    page = admin.open(page.path)
    assert "stopped 0 of 1 processed." in page.text
    assert "Import the file again" in page.text
    assert "Undo" not in page.text


@pytest.mark.parametrize(
    ("content", "where"),
    [(b"code,description\nI10,x\nwrong,\n", "Line 3, code"), (b"\xff", "Line 1")],
)
def test_the_bad_lines_of_a_csv_file_are_named_and_nothing_is_imported(
    admin: Browser, cast: Cast, content: bytes, where: str
) -> None:
    page = send_csv(admin, admin.open(place(cast)), content)
    assert page.status == 422
    assert any(row.startswith(where) for row in rows(page))
    assert admin.press(page, "Upload another file").heading == "Import diagnoses"
    assert "This file is empty" in admin.open(place(cast)).text


def test_checking_a_file_that_was_not_sent_says_so(admin: Browser, cast: Cast) -> None:
    page = admin.press(admin.open(place(cast)), "Import a CSV file…")
    page = admin.press(page, "2. Check it")
    assert page.status == 409
    assert "The file is not there." in page.text
    assert admin.open(place(cast, "nothing")).status == 404
