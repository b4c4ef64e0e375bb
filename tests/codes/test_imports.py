"""`/providers/{id}/code-imports`: CSV files checked line by line, dry runs, imports and what comes of them."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.codes.steps import EXAMPLES, VACCINE, added, codes, findings, findings_of_entries, path
from tests.identity.steps import later
from tests.uploads.steps import posted
from tests.world import World

HANDLER = "continue_code_copies"
GOOD = b"code,description\nE11.9,Diabetes\nI10,Hypertension\n"


def uploaded(api: Api, cast: Cast, content: bytes, token: str = "") -> str:
    """The place of an import whose file is posted."""
    place = f"/providers/{cast.provider_id}/code-imports"
    answer = api.post(place, token=token or cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    assert posted(answer.json_body["upload"], content) == 204
    return f"{place}/{answer.json_body['id']}"


def imported(api: Api, cast: Cast, content: bytes, file: str = "diagnosis", **more: Any) -> Any:
    place = uploaded(api, cast, content)
    return api.post(place, {"file": file, **more}, cast.site_admin.token)


def refusals(answer: Any) -> list[str]:
    assert (answer.status_code, answer.json_body["code"]) == (422, "csv_refused"), answer.json_body
    return [error["field"] for error in answer.json_body["errors"]]


def test_a_file_is_imported_and_the_import_is_seen_and_undone_as_a_copy(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    answer = imported(api, cast, GOOD)
    assert (answer.status_code, answer.json_body["status"], answer.json_body["from"]) == (202, "running", None)
    assert codes(api, cast, "diagnosis") == []
    assert api.tick(HANDLER)["done"] == 1
    done = api.get(f"/code-copies/{answer.json_body['id']}", token).json_body
    assert (done["status"], done["files"]["diagnosis"]["copied"]) == ("done", 2)
    assert codes(api, cast, "diagnosis") == ["E11.9", "I10"]
    assert codes(api, cast, "diagnosis", "hyper") == ["I10"]
    assert findings() == findings_of_entries()
    assert api.post(f"/code-copies/{done['id']}/undo", token=token).json_body["status"] == "undone"
    assert codes(api, cast, "diagnosis") == []


def test_a_dry_run_compares_and_leaves_the_file_for_the_import(api: Api, cast: Cast, world: World) -> None:
    added(api, cast, "billing", VACCINE)
    csv = b"code,description,modifiers,fee_cents\nG0008,Vaccine,25 59,1\nG0009,Other,,\n"
    place = uploaded(api, cast, csv)
    before = world.everything()
    answer = api.post(place, {"file": "billing", "dry_run": True}, cast.site_admin.token)
    assert answer.json_body == {
        "files": {"billing": {"new": 1, "identical": 0, "conflicting": 1}},
        "entries": {"billing": {"G0008": "conflicting", "G0009": "new"}},
    }
    assert world.everything() == before
    answer = api.post(place, {"file": "billing", "on_conflict": "overwrite"}, cast.site_admin.token)
    api.tick(HANDLER)
    vaccine = api.get(path(cast, "billing", "G0008"), cast.site_admin.token).json_body
    assert (vaccine["modifiers"], vaccine["fee_cents"], vaccine["version"]) == (["25", "59"], 1, 2)
    again = api.post(place, {"file": "billing"}, cast.site_admin.token)
    assert (again.status_code, again.json_body["code"]) == (409, "upload_discarded")


def test_what_is_taken_out_is_taken_in_again(api: Api, cast: Cast) -> None:
    texts = ["=1+1", "'=1", "''+", "-", "'", 'say "no", twice', "É; ü"]
    for number, text in enumerate(texts):
        added(api, cast, "billing", {"code": f"G000{number}", "description": text, "modifiers": ["25"], "fee_cents": 7})
    token = cast.site_admin.token
    before = api.get(path(cast, "billing"), token).json_body["items"]
    csv = api.get(f"/providers/{cast.provider_id}/codes.csv?file=billing", token).body
    for number in range(len(texts)):
        api.delete(path(cast, "billing", f"G000{number}"), token)
    assert imported(api, cast, csv, "billing").status_code == 202
    api.tick(HANDLER)
    assert api.get(path(cast, "billing"), token).json_body["items"] == before


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        b'"Description"," CODE "\n"Diabetes",e119\nHypertension , i10\n\n',
    ],
    ids=["BOM", "CRLF", "CR", "quotes, other order, blanks"],
)
def test_files_of_all_programs_are_read(api: Api, cast: Cast, content: bytes) -> None:
    assert imported(api, cast, content, dry_run=True).json_body["entries"] == {
        "diagnosis": {"E11.9": "new", "I10": "new"}
    }


BAD: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"\n", ["line 1, code", "line 1, description"]),
    "header alone": (b"code,description\n", ["file"]),
    "a column too many": (b"code,description,fee\nI10,x,1\n", ["line 1, fee"]),
    "a column missing": (b"code\nI10\n", ["line 1, description"]),
    "a column twice": (b"code,code,description\nI10,I10,x\n", ["line 1, code"]),
    "no header": (
        b"I10,Hypertension\n",
        ["line 1, i10", "line 1, hypertension", "line 1, code", "line 1, description"],
    ),
    "many columns": (b"," * 30 + b"\n", ["line 1"]),
    "semicolons": (b"code;description\nI10;x\n", ["line 1, code;description", "line 1, code", "line 1, description"]),
    "a cell too many": (b"code,description\nI10,Hypertension, essential\n", ["line 2"]),
    "a cell missing": (b"code,description\nI10,x\nI11\n", ["line 3"]),
    "no code": (b"code,description\n,x\n", ["line 2, code"]),
    "an empty text": (b"code,description\nI10,\n", ["line 2, description"]),
    "bad cells": (
        b"code,description\nI10,x\n10,x\nE11.9999999,\nI11,y\n",
        ["line 3, code", "line 4, code", "line 4, description"],
    ),
    "the same code twice": (b"code,description\nE11.9,x\nE119,x\n", ["line 3, code"]),
    "an open quotation mark": (b'code,description\nI10,"x\nI11,y\n', ["line 3"]),
    "a quotation mark inside": (b'code,description\nI10,"x"y\n', ["line 2"]),
    "Latin 1": (b"code,description\nI10,M\xe9ni\xe8re\n", ["line 2"]),
    "UTF-16": ("code,description\nI10,x\n".encode("utf-16"), ["line 1"]),
    "a NUL": (b"code,description\nI10,x\x00y\n", ["line 2, description"]),
    "a line break in a cell": (b'code,description\nI10,"x\ny"\n', ["line 3, description"]),
    "an image": (b"\x89PNG\r\n\x1a\n", ["line 1"]),
    "10,001 lines": (b"code,description\n" + b"I10,x\n" * 10_001, ["file"]),
    "a giant cell": (b"code,description\nI10," + b"x" * 200_000, ["line 2"]),
}


def test_one_bad_cell_refuses_a_file_and_names_its_line(api: Api, cast: Cast, world: World) -> None:
    place = f"/providers/{cast.provider_id}/code-imports"
    form = api.post(place, token=cast.site_admin.token).json_body
    before = world.everything()
    for name, (content, fields) in BAD.items():
        assert posted(form["upload"], content) == 204, name
        answer = api.post(f"{place}/{form['id']}", {"file": "diagnosis"}, cast.site_admin.token)
        assert refusals(answer) == fields, name
        assert all(error["message"].endswith(".") for error in answer.json_body["errors"]), name
    assert world.everything() == before


def test_a_hundred_bad_cells_are_named_and_all_are_counted(api: Api, cast: Cast) -> None:
    answer = imported(api, cast, b"code,description\n" + b"x,y\n" * 150)
    assert len(refusals(answer)) == 100
    assert answer.json_body["error_count"] == 150


def test_cells_of_each_file_are_checked(api: Api, cast: Cast) -> None:
    billing = b"code,description,modifiers,fee_cents\nG0008,x,25 1 59,1.5\nG0009,x,1A 2A 3A 4A 5A,-1\nG0010,x,,32.00\n"
    assert refusals(imported(api, cast, billing, "billing")) == [
        "line 2, modifiers", "line 2, fee_cents", "line 3, modifiers", "line 3, fee_cents", "line 4, fee_cents"
    ]  # fmt: skip
    payers = b"code,name,type\n1,x,other\n22,x,club\n"
    assert refusals(imported(api, cast, payers, "payers")) == ["line 2, code", "line 3, type"]


def test_a_file_over_20_mb_is_not_taken_by_s3(api: Api, cast: Cast) -> None:
    form = api.post(f"/providers/{cast.provider_id}/code-imports", token=cast.site_admin.token).json_body["upload"]
    assert posted(form, b"x" * (20 * 1024 * 1024 + 1)) == 400


def test_an_import_is_whoever_began_its_and_for_that_account(api: Api, cast: Cast) -> None:
    place = uploaded(api, cast, GOOD)
    body = {"file": "diagnosis"}
    assert api.post(place, body, cast.clinician.token).status_code == 404
    theirs = place.replace(cast.provider_id, cast.their_provider_id)
    assert api.post(theirs, body, cast.master.token).status_code == 404
    complete = f"/uploads/{place.rpartition('/')[2]}/complete"
    assert api.post(complete, token=cast.site_admin.token).status_code == 404
    image = api.post(f"/providers/{cast.provider_id}/image", token=cast.site_admin.token).json_body["id"]
    assert api.post(f"{place.rpartition('/')[0]}/{image}", body, cast.site_admin.token).status_code == 404
    missing = api.post(f"/providers/{cast.provider_id}/code-imports", token=cast.site_admin.token).json_body["id"]
    nothing = api.post(f"{place.rpartition('/')[0]}/{missing}", body, cast.site_admin.token)
    assert (nothing.status_code, nothing.json_body["code"]) == (409, "nothing_uploaded")


def test_a_master_username_imports_into_another_practice(api: Api, cast: Cast) -> None:
    place = uploaded(api, cast, GOOD, cast.master.token)
    assert api.post(place, {"file": "diagnosis"}, cast.master.token).status_code == 202
    api.tick(HANDLER)
    assert codes(api, cast, "diagnosis") == ["E11.9", "I10"]


def test_the_file_of_an_import_is_deleted_a_day_later(api: Api, cast: Cast, world: World) -> None:
    assert imported(api, cast, GOOD).status_code == 202
    with later(hours=2):
        assert api.tick("sweep_expired")["done"] == 0
    with later(hours=25):
        assert api.tick("sweep_expired")["done"] == 1


def test_examples_of_each_file_can_be_imported(api: Api, cast: Cast) -> None:
    for file, entry in EXAMPLES.items():
        cells = {name: value for name, value in entry.items() if name != "modifiers"}
        content = ",".join(cells) + "\n" + ",".join(map(str, cells.values())) + "\n"
        assert imported(api, cast, content.encode(), file, dry_run=True).status_code == 200
