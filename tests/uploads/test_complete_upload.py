"""POST /uploads/{id}/complete."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalice.test import HTTPResponse

from chalicelib.providers import rules
from chalicelib.uploads.usecases import checking, storage
from tests.api import Api
from tests.cast import Cast, make_site_admin, new_session, take_role
from tests.identity.steps import later
from tests.logs import logged
from tests.providers.steps import check_directory
from tests.uploads.pictures import animated, picture, png
from tests.uploads.steps import begun, check_files, completed, files, image_of, objects, posted
from tests.world import World


@pytest.fixture(autouse=True)
def _whatever_happens(world: World) -> Any:
    yield
    check_files()
    check_directory()


def complete(api: Api, cast: Cast, upload: dict[str, Any], token: str = "", key: str | None = None) -> HTTPResponse:
    return api.post(f"/uploads/{upload['id']}/complete", token=token or cast.site_admin.token, key=key)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_image_becomes_that_of_its_account(api: Api, cast: Cast, kind: str) -> None:
    upload = begun(api, cast)
    assert posted(upload["upload"], picture(kind)) == 204
    assert image_of(api, cast) is None
    answer = complete(api, cast, upload)
    assert answer.status_code == 200
    assert answer.json_body == {"id": upload["id"], "purpose": "provider_image", "subject": cast.provider_id}
    assert image_of(api, cast) == upload["id"]


def test_what_came_in_is_deleted_and_only_what_was_made_of_it_stays(api: Api, cast: Cast) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    assert objects() == {f"quarantine/{upload['id']}"}
    complete(api, cast, upload)
    assert objects() == files(upload["id"])


def test_the_change_makes_a_new_version_and_one_audit_record(api: Api, cast: Cast) -> None:
    upload_id = completed(api, cast)
    provider = api.get(f"/providers/{cast.provider_id}", cast.site_admin.token).json_body
    assert provider["version"] == 2
    record, started, *_ = api.get("/audit", cast.site_admin.token).json_body["items"]
    assert (record["type"], record["subject"], record["actor"]) == ("provider.image_changed", cast.provider_id, "ada")
    assert (record["before"], record["after"]) == ({"image_id": None}, {"image_id": upload_id})
    assert (started["type"], started["subject"]) == ("upload.started", upload_id)


def test_a_second_image_takes_the_place_of_the_first(api: Api, cast: Cast) -> None:
    first, second = completed(api, cast), completed(api, cast)
    assert image_of(api, cast) == second
    assert objects() == files(first) | files(second)  # links to the first may still be looked at
    with later(minutes=5):
        assert api.tick("sweep_expired")["done"] == 1
    assert objects() == files(second)


# --- Refusals -----------------------------------------------------------------------------------------------------

REFUSED = {
    "a GIF named .png": (picture("GIF"), "not_an_image"),
    "a text": (b"no image at all", "not_an_image"),
    "a truncated JPEG": (picture("JPEG")[:-400], "image_damaged"),
    "a PNG without its end": (picture()[:-20], "image_damaged"),
    "30,000 x 30,000 pixels": (png(30_000, 30_000), "image_too_large"),
    "what moves": (animated("WEBP"), "image_animated"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_acceptable_image_is_refused_and_deleted(api: Api, cast: Cast, world: World, name: str) -> None:
    content, code = REFUSED[name]
    upload = begun(api, cast)
    before = world.everything()
    assert posted(upload["upload"], content) == 204
    answer = complete(api, cast, upload)
    assert (answer.status_code, answer.json_body["code"]) == (422, code)
    assert world.everything() == before
    assert objects() == set()


def test_after_a_refusal_another_file_may_be_posted_with_the_same_form(api: Api, cast: Cast) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture("GIF"))
    assert complete(api, cast, upload).status_code == 422
    posted(upload["upload"], picture())
    assert complete(api, cast, upload).status_code == 200


def test_nothing_that_was_posted_is_nothing_to_complete(api: Api, cast: Cast, world: World) -> None:
    upload = begun(api, cast)
    before = world.everything()
    answer = complete(api, cast, upload)
    assert (answer.status_code, answer.json_body["code"]) == (409, "nothing_uploaded")
    assert world.everything() == before


def test_somebody_elses_upload_is_not_found(api: Api, cast: Cast, world: World) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    before = world.everything()
    for person in (cast.plain_user, cast.support_user, cast.outsider):
        assert complete(api, cast, upload, person.token).status_code == 404
    assert complete(api, cast, {"id": "upl_unknown"}).status_code == 404
    assert complete(api, cast, upload, "nonsense").status_code == 401
    assert world.everything() == before


def test_who_is_no_site_admin_any_more_completes_nothing(api: Api, cast: Cast) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    make_site_admin("sue", cast.site_admin.practice_id)
    take_role("ada", cast.site_admin.practice_id)
    answer = complete(api, cast, upload)
    assert (answer.status_code, answer.json_body["code"]) == (403, "role_required")


def test_it_can_be_completed_for_an_hour(api: Api, cast: Cast) -> None:
    early, late = begun(api, cast), begun(api, cast)
    for upload in (early, late):
        posted(upload["upload"], picture())
    with later(minutes=59, seconds=59):
        assert complete(api, cast, early, new_session("ada", cast.site_admin.practice_id)).status_code == 200
    with later(hours=1):
        answer = complete(api, cast, late, new_session("ada", cast.site_admin.practice_id))
    assert (answer.status_code, answer.json_body["code"]) == (409, "upload_expired")
    assert image_of(api, cast) == early["id"]


def test_a_check_that_fails_is_told_as_such_and_can_be_repeated(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    with monkeypatch.context() as patch:
        patch.setattr("chalicelib.uploads.pictures.remade", lambda _: 1 / 0)
        answer = complete(api, cast, upload)
    assert (answer.status_code, answer.json_body["code"]) == (503, "unavailable")
    assert complete(api, cast, upload).status_code == 200


# --- Repeats and races --------------------------------------------------------------------------------------------


def test_completing_twice_changes_things_once(api: Api, cast: Cast, world: World) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    for key in (None, "a key"):
        first = complete(api, cast, upload, key=key)
        before = world.everything()
        again = complete(api, cast, upload, key=key)
        assert (first.status_code, first.body) == (200, again.body)
        assert world.everything() == before


def test_a_repeat_under_a_key_is_answered_alike(api: Api, cast: Cast) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())
    answers = {complete(api, cast, upload, key="once").body for _ in range(2)}
    assert len(answers) == 1


def test_a_repeat_of_what_found_it_attached_is_answered_alike_whatever_happened_since(api: Api, cast: Cast) -> None:
    first = {"id": completed(api, cast)}
    found = complete(api, cast, first, key="once")
    completed(api, cast)
    again = complete(api, cast, first, key="once")
    assert (again.status_code, again.body) == (200, found.body)


def test_an_image_that_was_replaced_does_not_come_back(api: Api, cast: Cast) -> None:
    first = completed(api, cast)
    second = completed(api, cast)
    answer = complete(api, cast, {"id": first})
    assert (answer.status_code, answer.json_body["code"]) == (409, "upload_discarded")
    assert image_of(api, cast) == second


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Let something happen once, between the reading of the account and the commit."""

    def let(happen: Callable[[], Any]) -> None:
        change = rules.with_image

        def changed(*arguments: Any) -> Any:
            monkeypatch.setattr(rules, "with_image", change)
            happen()
            return change(*arguments)

        monkeypatch.setattr(rules, "with_image", changed)

    return let


def test_an_edit_in_between_loses_neither_the_edit_nor_the_upload(
    api: Api, cast: Cast, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    upload, token = begun(api, cast), cast.site_admin.token
    posted(upload["upload"], picture())
    path = f"/providers/{cast.provider_id}"
    meanwhile(lambda: api.patch(path, {"last_name": "Lovelace"}, token, version=1))
    assert complete(api, cast, upload).status_code == 200
    provider = api.get(path, token).json_body
    assert (provider["last_name"], provider["image_id"], provider["version"]) == ("Lovelace", upload["id"], 3)


def test_of_twins_at_once_both_are_answered_and_one_changes_something(
    api: Api, cast: Cast, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    upload, twins = begun(api, cast), []
    posted(upload["upload"], picture())
    meanwhile(lambda: twins.append(complete(api, cast, upload)))
    twins.append(complete(api, cast, upload))
    assert [twin.status_code for twin in twins] == [200, 200]
    changes = [each["type"] for each in api.get("/audit", cast.site_admin.token).json_body["items"]]
    assert changes.count("provider.image_changed") == 1


def test_a_twin_that_finds_the_file_deleted_by_the_other_is_answered_like_it(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, twins, require = begun(api, cast), [], checking.require_image
    posted(upload["upload"], picture())

    def late(*arguments: Any) -> None:
        monkeypatch.setattr(checking, "require_image", require)
        twins.append(complete(api, cast, upload))
        require(*arguments)

    monkeypatch.setattr(checking, "require_image", late)
    twins.append(complete(api, cast, upload))
    assert [(twin.status_code, twin.json_body["id"]) for twin in twins] == [(200, upload["id"])] * 2


def test_what_comes_in_stays_until_the_bucket_deletes_it_where_that_fails_at_once(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(api, cast)
    posted(upload["upload"], picture())

    def failing(*_: str) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObjects")

    monkeypatch.setattr(storage, "delete", failing)
    with logged() as lines:
        assert complete(api, cast, upload).status_code == 200
    assert [line["upload"] for line in lines if line["message"] == "upload not deleted"] == [upload["id"]]
