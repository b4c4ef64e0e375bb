"""Code files and the Copy Codes wizard, in a browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.pages.codes import (
    CheckedImport,
    CodeCopy,
    Codes,
    CopyCodes,
    CopyEntries,
    CopyPreview,
    Import,
    NewCode,
    SendCsv,
)
from tests.browser.test_providers import provider_of, second_provider_of
from tests.e2e.running import Person

DIAGNOSES = {"I10": "Hypertension", "E11.9": "Type 2 diabetes", "Z23": "Encounter for immunization"}


def test_codes_are_added_found_edited_and_deleted(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/access/{provider_of(somebody)['id']}/codes/billing", somebody.token)
    codes = Codes(page)
    codes.says("This file is empty")
    codes.press("Add a billing code")
    NewCode(page).add(code="nonsense", description="Visit")
    expect(codes.main.get_by_role("alert")).to_be_visible()
    NewCode(page).add(code="99213", description="Office visit", modifiers="25 59", fee_cents="120.00")
    codes.lists("Office visit")
    expect(codes.row("99213")).to_contain_text("$120.00")
    codes.search("xyz")
    codes.says("No results")
    codes.main.get_by_role("searchbox").fill("visi")
    codes.edit("99213", description="Long visit")
    codes.lists("Long visit")
    codes.follow("Delete 99213")
    codes.confirm("Delete 99213", "will be removed from the billing codes")
    codes.says("This file is empty")


def test_a_csv_file_is_checked_imported_and_exported(opened: Opened, somebody: Person) -> None:
    page = opened(f"/console/access/{provider_of(somebody)['id']}/codes/diagnosis", somebody.token)
    codes = Codes(page)
    codes.press("Import a CSV file…")
    SendCsv(page).send("code,description\nI10,Hypertension\nnonsense,What\n")
    Import(page).lists("Line 3")
    Import(page).press("Upload another file")
    SendCsv(page).send("code,description\nI10,Hypertension\nZ23,Immunization\n")
    checked = CheckedImport(page)
    checked.shows("Every line is valid")
    checked.lists("Diagnoses")
    checked.press("Import now")
    done = CodeCopy(page)
    done.shows("Import to Ada Byron")
    done.says("2 imported.")
    done.follow("Codes of Ada Byron")
    codes.lists("Hypertension", "Immunization")
    name, text = codes.download("Export as CSV")
    assert name.endswith(".csv")
    assert text.split() == ["code,description", "I10,Hypertension", "Z23,Immunization"]


def test_codes_are_copied_by_choice_after_a_preview_and_the_copy_is_undone(opened: Opened, somebody: Person) -> None:
    source, target = provider_of(somebody)["id"], second_provider_of(somebody)
    for code, description in DIAGNOSES.items():
        somebody.call("POST", f"/providers/{source}/codes/diagnosis", {"code": code, "description": description})
    payer = {"code": "MCR01", "name": "Medicare Part B", "type": "medicare"}
    somebody.call("POST", f"/providers/{source}/codes/payers", payer)
    somebody.call("POST", f"/providers/{target}/codes/diagnosis", {"code": "I10", "description": "High blood pressure"})
    page = opened("/console/copy-codes", somebody.token)
    CopyCodes(page).choose(source, source)
    CopyCodes(page).says("differ")
    CopyCodes.at(page).choose(source, target)
    entries = CopyEntries(page)
    entries.press("Preview the copy")
    expect(entries.main.get_by_role("alert")).to_be_visible()
    entries.main.get_by_label("All of this file (3)").check()
    expect(entries.main.get_by_text("Every entry of this file is included.").first).to_be_visible()
    expect(entries.main.get_by_label("I10")).to_be_hidden()
    entries.choose("All of this file (3)", "MCR01 Medicare Part B")
    preview = CopyPreview(page)
    preview.lists("Diagnoses201", "Payers100")
    preview.says("I10")
    preview.press("Copy now")
    copy = CodeCopy(page)
    copy.says("3 copied.", "Conflicting entries are skipped.")
    copy.lists("Diagnoses2012100", "Payers1001000")
    copy.press("Undo")
    copy.says("3 undone.")
    left = somebody.call("GET", f"/providers/{target}/codes/diagnosis").body["items"]
    assert [each["description"] for each in left] == ["High blood pressure"]
