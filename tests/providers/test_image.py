"""GET, POST and DELETE /providers/{id}/image."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import clock
from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import Cast, give_access
from tests.clouds import LIVE
from tests.conftest import NOON
from tests.identity.steps import later
from tests.uploads.pictures import opened, photograph, picture
from tests.uploads.steps import begun, check_files, completed, files, image_of, objects, posted, shown
from tests.world import World


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/providers/{cast.provider_id}/image"


# --- POST ---------------------------------------------------------------------------------------------------------


def test_an_upload_begins_with_a_form_that_leads_into_the_quarantine(api: Api, cast: Cast, path: str) -> None:
    answer = api.post(path, token=cast.site_admin.token)
    upload = answer.json_body
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/uploads/{upload['id']}/complete")
    assert upload["expires_at"] == clock.to_text(NOON.replace(minute=10))
    assert upload["upload"]["fields"]["key"] == f"quarantine/{cast.site_admin.practice_id}/{upload['id']}"
    assert posted(upload["upload"], picture()) == 204
    assert objects() == {f"quarantine/{upload['id']}"}


@pytest.mark.parametrize(("size", "status"), [(0, 400), (1, 204), (5 * 1024**2, 204), (5 * 1024**2 + 1, 400)])
def test_s3_itself_takes_files_up_to_5_mb_and_no_empty_ones(api: Api, cast: Cast, size: int, status: int) -> None:
    assert posted(begun(api, cast)["upload"], b"x" * size) == status
    assert len(objects()) == (status == 204)


def test_the_form_is_good_for_its_own_key_alone(api: Api, cast: Cast) -> None:
    form = begun(api, cast)["upload"]
    for key in ("images/x/y.webp", form["fields"]["key"] + "x"):
        assert posted(form | {"fields": form["fields"] | {"key": key}}, picture()) == 403
    assert objects() == set()


def test_beginning_changes_nothing_of_the_account(api: Api, cast: Cast) -> None:
    before = api.get(f"/providers/{cast.provider_id}", cast.site_admin.token).json_body
    begun(api, cast)
    assert api.get(f"/providers/{cast.provider_id}", cast.site_admin.token).json_body == before


def test_each_form_is_an_upload_of_its_own_whatever_the_key(api: Api, cast: Cast, path: str) -> None:
    # A form is a secret, so it is not kept with a receipt.
    first, second = (api.post(path, token=cast.site_admin.token, key="same").json_body["id"] for _ in range(2))
    assert first != second


def test_another_practices_account_is_not_found(api: Api, cast: Cast, path: str, world: World) -> None:
    before = world.everything()
    for method in ("GET", "POST", "DELETE"):
        assert api.request(method, path, token=cast.outsider.token).status_code == 404
        assert api.request(method, "/providers/prv_unknown/image", token=cast.site_admin.token).status_code == 404
    assert world.everything() == before


def test_only_site_admins_change_it(api: Api, cast: Cast, path: str) -> None:
    for method in ("POST", "DELETE"):
        assert api.request(method, path, token=cast.clinician.token).status_code == 403


# --- GET ----------------------------------------------------------------------------------------------------------


def test_an_account_without_an_image_has_none_to_show_or_remove(api: Api, cast: Cast, path: str) -> None:
    for method in ("GET", "DELETE"):
        answer = api.request(method, path, token=cast.site_admin.token)
        assert (answer.status_code, answer.json_body["code"]) == (404, "no_image")


def test_who_may_open_the_profile_sees_it_and_nobody_else(api: Api, cast: Cast, path: str) -> None:
    image_id = completed(api, cast)
    for who in (cast.clinician, cast.master):
        answer = api.get(path, who.token)
        assert (answer.status_code, answer.json_body["id"]) == (200, image_id)
    assert opened(shown(answer.json_body["thumbnail"])).size[0] == 128
    give_access("pat", cast.site_admin.practice_id, cast.provider_id, Privileges(patients="full"))
    assert [api.get(path, who.token).status_code for who in (cast.plain_user, cast.support_user)] == [403, 404]


def test_the_links_show_image_and_thumbnail_for_five_minutes(api: Api, cast: Cast, path: str) -> None:
    image_id = completed(api, cast, photograph(orientation=6))
    with calls_recorded() as calls:
        answer = api.get(path, cast.site_admin.token).json_body
    assert calls == ["dynamodb:BatchGetItem"]
    assert (answer["id"], answer["expires_at"]) == (image_id, clock.to_text(NOON.replace(minute=5)))
    assert opened(shown(answer["image"])).size == (200, 300)
    assert opened(shown(answer["thumbnail"])).size == (128, 128)
    assert b"Somebody" not in shown(answer["image"])
    for name in ("image", "thumbnail"):
        assert parse_qs(urlsplit(answer[name]).query)["X-Amz-Expires"] == ["300"]


def test_links_and_forms_go_to_the_buckets_own_address(api: Api, cast: Cast, path: str) -> None:
    completed(api, cast)
    link = api.get(path, cast.site_admin.token).json_body["image"]
    for url in (link, begun(api, cast)["upload"]["url"]):
        host = urlsplit(url).netloc
        assert host == "practice-admin-uploads.s3.amazonaws.com" or LIVE


# --- DELETE -------------------------------------------------------------------------------------------------------


def test_a_removed_image_is_gone_at_once_and_its_files_with_the_next_sweep(api: Api, cast: Cast, path: str) -> None:
    image_id, token = completed(api, cast), cast.site_admin.token
    assert api.delete(path, token).status_code == 204
    assert image_of(api, cast) is None
    assert api.get(path, token).status_code == 404
    check_files()
    record = api.get("/audit", token).json_body["items"][0]
    assert (record["type"], record["before"], record["after"]) == (
        "provider.image_changed",
        {"image_id": image_id},
        {"image_id": None},
    )
    assert objects() == files(image_id)
    with later(minutes=5):
        assert api.tick("sweep_expired")["done"] == 1
    assert objects() == set()


def test_the_version_that_others_edit_has_changed(api: Api, cast: Cast) -> None:
    completed(api, cast)
    stale = api.patch(f"/providers/{cast.provider_id}", {"last_name": "B"}, cast.site_admin.token, version=1)
    assert stale.status_code == 412
