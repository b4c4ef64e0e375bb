"""`/providers/{id}/codes/{file}`: entries added, seen, edited, deleted."""

import json
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import answers
from chalicelib.identity.model import Privileges
from tests.api import Api, if_match
from tests.cast import Cast, give_access
from tests.codes.steps import DIABETES, EXAMPLES, PAYER, VACCINE, added, codes, findings, findings_of_entries, path
from tests.world import World, client

CHANGES: dict[str, dict[str, Any]] = {
    "diagnosis": {"description": "Diabetes, type 2"},
    "billing": {"modifiers": ["25", "gt"], "fee_cents": None},
    "payers": {"name": "Red Ridge", "type": "medicare"},
}


@pytest.mark.parametrize("file", EXAMPLES)
def test_an_entry_is_added_edited_and_deleted(api: Api, cast: Cast, world: World, file: str) -> None:
    token, place = cast.site_admin.token, path(cast, file, EXAMPLES[file]["code"])
    entry = added(api, cast, file, EXAMPLES[file])
    assert EXAMPLES[file].items() <= entry.items()
    shown = api.get(place, token)
    assert (shown.json_body, shown.headers["ETag"]) == (entry, '"1"')
    edited = api.patch(place, CHANGES[file], token, version=1)
    assert edited.json_body == entry | CHANGES[file] | {"version": 2} | (
        {"modifiers": ["25", "GT"]} if file == "billing" else {}
    )
    assert api.get(place, token).json_body == edited.json_body
    assert findings() == findings_of_entries() != set()
    assert api.delete(place, token).status_code == 204
    assert api.get(place, token).status_code == 404
    assert findings() == set()
    types = [event["type"]["S"] for event in world.rows("EVENTS_TABLE") if event["type"]["S"].startswith("code.")]
    assert types == ["code.created", "code.edited", "code.deleted"]


@pytest.mark.parametrize(
    ("file", "typed", "kept"),
    [
        ("diagnosis", "e119", "E11.9"),
        ("diagnosis", "i10", "I10"),
        ("diagnosis", "s72.001A", "S72.001A"),
        ("diagnosis", "c4a10", "C4A.10"),
        ("billing", "g0008", "G0008"),
        ("billing", "0503f", "0503F"),
        ("payers", "ab-1", "AB-1"),
    ],
)
def test_a_code_is_kept_in_one_form_and_found_in_any(api: Api, cast: Cast, file: str, typed: str, kept: str) -> None:
    assert added(api, cast, file, EXAMPLES[file] | {"code": typed})["code"] == kept
    for spelled in (typed, kept, kept.lower()):
        assert api.get(path(cast, file, spelled), cast.site_admin.token).json_body["code"] == kept
        again = api.post(path(cast, file), EXAMPLES[file] | {"code": spelled}, cast.site_admin.token)
        assert (again.status_code, again.json_body["code"]) == (409, "code_exists")
    assert api.get(path(cast, file), cast.site_admin.token).json_body["items"][0]["code"] == kept


def test_an_entry_is_found_by_the_beginnings_of_its_code_and_its_words(api: Api, cast: Cast) -> None:
    added(api, cast, "diagnosis", DIABETES)
    added(api, cast, "diagnosis", {"code": "H81.01", "description": "Ménière's disease, right ear"})
    added(api, cast, "diagnosis", {"code": "E10.9", "description": "Type 1 diabetes mellitus without complications"})
    for q, found in {
        "E11": ["E11.9"],
        "e11.9": ["E11.9"],
        "e119": ["E11.9"],
        "e1": ["E10.9", "E11.9"],
        "diab": ["E10.9", "E11.9"],
        "TYPE%202": ["E11.9"],
        "mellitus%20without": ["E10.9", "E11.9"],
        "meniere": ["H81.01"],
        "M%C3%89NI%C3%88RES%20dis": ["H81.01"],
        "ear": ["H81.01"],
        "abetes": [],
        "without": [],
        "of%20": [],
    }.items():
        assert codes(api, cast, "diagnosis", q) == found, q
    assert codes(api, cast, "diagnosis") == ["E10.9", "E11.9", "H81.01"]
    assert codes(api, cast, "diagnosis", "..%20-") == ["E10.9", "E11.9", "H81.01"]
    assert codes(api, cast, "payers") == []


def test_pages_show_each_entry_once(api: Api, cast: Cast) -> None:
    for number in range(5):
        added(api, cast, "payers", {"code": f"P{number}", "name": "Plan plan plane", "type": "other"})
    for q in ("", "pl", "p"):
        seen, cursor = [], ""
        while cursor is not None:
            place = f"{path(cast, 'payers')}?limit=2&q={q}" + (f"&cursor={cursor}" if cursor else "")
            answer = api.get(place, cast.site_admin.token).json_body
            seen += [each["code"] for each in answer["items"]]
            cursor = answer["next_cursor"]
        assert seen == ["P0", "P1", "P2", "P3", "P4"], q
        first = api.get(f"{path(cast, 'payers')}?limit=2&q={q}", cast.site_admin.token).json_body["next_cursor"]
        other = api.get(f"{path(cast, 'billing')}?limit=2&q={q}&cursor={first}", cast.site_admin.token)
        assert other.status_code == 422


def test_an_edit_or_deletion_of_an_earlier_version_is_refused(api: Api, cast: Cast) -> None:
    token, place = cast.site_admin.token, path(cast, "billing", "G0008")
    added(api, cast, "billing", VACCINE)
    assert api.patch(place, {"fee_cents": 1}, token).status_code == 428
    assert api.patch(place, {"fee_cents": 1}, token, version=1).json_body["version"] == 2
    late = api.patch(place, {"fee_cents": 2}, token, version=1)
    assert (late.status_code, late.json_body["code"]) == (412, "stale_version")
    assert api.request("DELETE", place, token=token, headers=if_match(1)).status_code == 412
    assert api.patch(place, {"fee_cents": 1}, token, version=2).json_body["version"] == 2  # changes nothing
    assert api.request("DELETE", place, token=token, headers=if_match(2)).status_code == 204


def test_a_master_username_works_on_the_files_of_another_practice_as_its_grant_says(api: Api, cast: Cast) -> None:
    added(api, cast, "payers", PAYER, cast.master)
    assert codes(api, cast, "payers") == ["60054"]
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(codes="view", profile="full"))
    assert api.get(path(cast, "payers"), cast.master.token).json_body["items"][0]["code"] == "60054"
    refused = api.delete(path(cast, "payers", "60054"), cast.master.token)
    assert (refused.status_code, refused.json_body["code"]) == (403, "privilege_required")


def test_the_audit_trail_names_fields_and_holds_no_typed_text(api: Api, cast: Cast, world: World) -> None:
    added(api, cast, "diagnosis", DIABETES | {"description": "Ask Jane Roe"})
    api.patch(path(cast, "diagnosis", "E11.9"), {"description": "Jane Roe again"}, cast.site_admin.token, version=1)
    api.delete(path(cast, "diagnosis", "E11.9"), cast.site_admin.token)
    added(api, cast, "billing", VACCINE)
    api.patch(path(cast, "billing", "G0008"), {"fee_cents": 1}, cast.site_admin.token, version=1)
    assert "Roe" not in str(world.rows("EVENTS_TABLE"))
    items = api.get("/audit", cast.site_admin.token).json_body["items"]
    assert [(each["type"], each["subject"], each["before"], each["after"]) for each in items[:2]] == [
        ("code.edited", "G0008", {"fee_cents": 3200},
         {"provider_id": cast.provider_id, "file": "billing", "fields": ["fee_cents"], "fee_cents": 1}),
        ("code.created", "G0008", {},
         {"provider_id": cast.provider_id, "file": "billing", "modifiers": [], "fee_cents": 3200}),
    ]  # fmt: skip
    assert items[3]["after"]["fields"] == ["description"]


def test_an_added_entry_stands_where_its_location_says_and_once_under_a_key(api: Api, cast: Cast) -> None:
    token, place = cast.site_admin.token, path(cast, "diagnosis")
    first, second = (api.post(place, DIABETES, token, key="k") for _ in range(2))
    assert (first.status_code, first.body, first.headers["Location"]) == (201, second.body, second.headers["Location"])
    assert api.get(str(first.headers["Location"]), token).json_body == first.json_body


def test_a_file_is_taken_out_as_csv_without_formulas(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", 'He said "no", twice', "É"]
    for number, text in enumerate(texts):
        added(api, cast, "billing", {"code": f"G000{number}", "description": text, "modifiers": ["25", "59"]})
    answer = api.get(f"/providers/{cast.provider_id}/codes.csv?file=billing", token)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="billing.csv"'
    assert answer.body.decode().split("\r\n") == [
        "code,description,modifiers,fee_cents",
        "G0000,'=1+1,25 59,",
        "G0001,'+1,25 59,",
        "G0002,'-1,25 59,",
        "G0003,'@SUM(A1),25 59,",
        "G0004,''=1,25 59,",
        'G0005,"He said ""no"", twice",25 59,',
        "G0006,É,25 59,",
        "",
    ]


def test_a_file_that_is_too_large_for_an_answer_is_given_out_by_a_link(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(api, cast, "billing", {"code": "G0001", "description": "É" * 250})
    place, token = f"/providers/{cast.provider_id}/codes.csv?file=billing", cast.site_admin.token
    whole = api.get(place, token)
    as_lambda_sends_it = len(json.dumps(whole.body.decode()))
    monkeypatch.setattr(answers, "MOST_ANSWERED", as_lambda_sends_it)
    assert api.get(place, token).status_code == 200
    monkeypatch.setattr(answers, "MOST_ANSWERED", as_lambda_sends_it - 1)
    answer = api.get(place, token)
    assert (answer.status_code, answer.body) == (303, b"")
    link = urlsplit(answer.headers["Location"])
    # The bucket stands in the host's name, on the second engine in the path.
    key = link.path[1:].removeprefix(f"{os.environ['UPLOADS_BUCKET']}/")
    assert key.startswith(f"exports/{cast.site_admin.practice_id}/exp_")
    signed = parse_qs(link.query)
    assert signed["X-Amz-Expires"] == ["300"]
    assert signed["response-content-disposition"] == ["attachment; filename*=UTF-8''billing.csv"]
    found = client("s3").get_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=key)
    assert found["Body"].read() == whole.body
