"""GET and POST /tickets/{number}/attachments, and how their uploads end."""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image

from chalicelib.uploads import documents
from chalicelib.uploads.model import Refused
from chalicelib.uploads.rules import ending, refusal
from tests.api import Api
from tests.cast import Cast, Person
from tests.identity.steps import later
from tests.support.documents import BAD, GOOD, PDF, bomb, bomb_of_parts
from tests.support.steps import filed, history_of, shown
from tests.uploads.pictures import encoded, photograph, picture
from tests.uploads.steps import check_files, objects, posted
from tests.world import World, client


def _attached(api: Api, person: Person, number: int, name: str, content: bytes) -> Any:
    upload = api.post(f"/tickets/{number}/attachments", {"name": name}, person.token).json_body
    assert posted(upload["upload"], content) == 204
    return api.post(f"/uploads/{upload['id']}/complete", token=person.token)


def _files(api: Api, person: Person, number: int) -> list[dict[str, Any]]:
    return list(api.get(f"/tickets/{number}/attachments", person.token).json_body["items"])


def test_every_accepted_kind_is_attached_and_comes_back_as_it_was(api: Api, cast: Cast, world: World) -> None:
    number = filed(api, cast.site_admin, cc=["pat"])
    for name, content in GOOD.items():
        assert _attached(api, cast.plain_user, number, name, content).status_code == 200, name
    found = _files(api, cast.site_admin, number)
    assert [each["name"] for each in found] == list(GOOD)
    for each in found:
        parts = urlsplit(each["link"])
        key = "attachments/" + unquote(parts.path).partition("/attachments/")[2]
        kept = client("s3").get_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=key)
        assert kept["Body"].read() == GOOD[each["name"]]
        assert kept["ContentType"] == documents.KINDS[each["kind"]]
        assert each["size"] == len(GOOD[each["name"]])
        query = parse_qs(parts.query)
        assert query["response-content-disposition"] == [f"attachment; filename*=UTF-8''{each['name']}"]
        assert query["X-Amz-Expires"] == ["300"]
    assert not [each for each in objects() if each.startswith("quarantine/")]
    assert history_of(api, cast.site_admin, number)[0]["after"]["attachment_id"] == found[-1]["id"]
    assert b"letter" not in api.get("/audit", cast.site_admin.token).body
    check_files()


def test_a_refused_file_is_nowhere_and_another_may_be_posted_with_the_form(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin)
    upload = api.post(f"/tickets/{number}/attachments", {"name": "scan.png"}, cast.site_admin.token).json_body
    path = f"/uploads/{upload['id']}/complete"
    assert api.post(path, token=cast.site_admin.token).json_body["code"] == "nothing_uploaded"
    assert posted(upload["upload"], PDF) == 204
    refused = api.post(path, token=cast.site_admin.token)
    assert (refused.status_code, refused.json_body["code"]) == (422, "attachment_misnamed")
    assert (objects(), _files(api, cast.site_admin, number)) == (set(), [])
    assert posted(upload["upload"], GOOD["screen.PNG"]) == 204
    assert [api.post(path, token=cast.site_admin.token).status_code for _ in range(2)] == [200, 200]
    assert len(_files(api, cast.site_admin, number)) == 1
    assert shown(api, cast.site_admin, number)["version"] == 2


def test_nobody_reads_or_adds_files_of_a_ticket_that_they_do_not_see(api: Api, cast: Cast) -> None:
    number = filed(api, cast.support_user)
    upload = api.post(f"/tickets/{number}/attachments", {"name": "scan.pdf"}, cast.support_user.token).json_body
    for who in (cast.site_admin, cast.plain_user, cast.outsider):
        assert api.get(f"/tickets/{number}/attachments", who.token).status_code == 404
        assert api.post(f"/tickets/{number}/attachments", {"name": "a.pdf"}, who.token).status_code == 404
        assert api.post(f"/uploads/{upload['id']}/complete", token=who.token).status_code == 404


def test_a_ticket_takes_ten_files_whose_names_end_in_what_is_accepted(api: Api, cast: Cast) -> None:
    number = filed(api, cast.site_admin)
    path = f"/tickets/{number}/attachments"
    for name in (
        "run.exe",
        "archive.zip",
        "pdf",
        "a.html",
        "a.svg",
        "a.docm",
        "a.png.",
        "x" * 101,
        "../../a.pdf",
        "C:\\a.pdf",
    ):
        refused = api.post(path, {"name": name}, cast.site_admin.token)
        assert (refused.status_code, refused.json_body["errors"][0]["field"]) == (422, "name"), name
    late = api.post(path, {"name": "late.pdf"}, cast.site_admin.token).json_body
    for _ in range(10):
        assert _attached(api, cast.site_admin, number, "scan.pdf", PDF).status_code == 200
    assert api.post(path, {"name": "scan.pdf"}, cast.site_admin.token).json_body["code"] == "too_many_attachments"
    assert posted(late["upload"], PDF) == 204
    refused = api.post(f"/uploads/{late['id']}/complete", token=cast.site_admin.token)
    assert (refused.status_code, refused.json_body["code"]) == (409, "too_many_attachments")
    for hours in (2, 3):  # given up by one run, deleted by the next
        with later(hours=hours):
            api.tick("sweep_expired")
    assert len(objects()) == 10
    assert posted(late["upload"], b"x" * (20 * 1024**2 + 1)) == 400


def test_a_name_that_seems_to_tell_of_a_patient_is_warned_of(api: Api, cast: Cast, world: World) -> None:
    path = f"/tickets/{filed(api, cast.site_admin)}/attachments"
    before = world.everything()
    for name, kind in (
        ("123-45-6789.pdf", "ssn"),
        ("Smith_MRN_00451288.pdf", "mrn"),
        ("SSN123456789.pdf", "ssn"),
        ("DOB-04-12-1961.pdf", "date_of_birth"),
        ("smith DOB 1961-12-04.jpg", "date_of_birth"),
    ):
        warned = api.post(path, {"name": name}, cast.site_admin.token)
        assert (warned.status_code, warned.json_body["code"]) == (409, "patient_data_found"), name
        assert warned.json_body["findings"] == [{"field": "name", "kinds": [kind]}]
        assert name[:9].encode() not in warned.body
    assert world.everything() == before
    kept = {"name": "123-45-6789.pdf", "contains_patient_data": True}
    assert api.post(path, kept, cast.site_admin.token).status_code == 201
    assert api.post(path, {"name": "2026-07-02_report_12.pdf"}, cast.site_admin.token).status_code == 201


@pytest.mark.parametrize("name", BAD)
def test_what_nobody_should_get_is_refused(name: str) -> None:
    called, content, code = BAD[name]
    with pytest.raises(Refused) as refused:
        documents.kind_of(content, called)
    assert refusal(refused.value.reason).code == code


@pytest.mark.parametrize("made", [bomb, bomb_of_parts], ids=lambda made: made.__name__)
def test_a_bomb_is_refused(made: Callable[[], bytes]) -> None:
    with pytest.raises(Refused) as refused:
        documents.kind_of(made(), "a.docx")
    assert refusal(refused.value.reason).code == "attachment_unpacks_too_large"


def test_what_programs_really_write_is_accepted() -> None:
    """Telephones put more behind a JPEG's end; pictures come progressive, with a palette, with comments."""
    for name, content in {
        "a.jpg": photograph() + b"SEFT and more",
        "b.jpg": picture("JPEG", progressive=True, comment=b"x"),
        "padded.jpg": photograph()[:2] + b"\xff" * 1000 + photograph()[2:],
        "c.png": encoded(Image.new("P", (3, 3)), "PNG"),
        "d.png": picture(dpi=(300, 300)),
        "e.pdf": PDF + PDF[9:],
        "f.pdf": encoded(Image.new("RGB", (3, 3)), "PDF"),
        "g.txt": b"\xef\xbb\xbfWith a mark\r\n",
    }.items():
        assert documents.kind_of(content, name) == ending(name), name


def test_what_a_name_says() -> None:
    names = {"a.PDF": "pdf", "b.jpeg": "jpg", "c.tar.csv": "csv", "docx": None, "a.": None, "a.exe": None, "": None}
    assert {name: ending(name) for name in names} == names
