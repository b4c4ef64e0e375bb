"""PUT /staff/practices/{practice_id}/billing-note."""

from typing import Any

import pytest

from chalicelib.identity.usecases import practices
from chalicelib.store import Context, staff_context
from tests.api import Api
from tests.cast import Cast
from tests.licensing.test_reconciliation import reconciled
from tests.staff.people import staff_person
from tests.world import World

NOTE = {"billing_note": "billed by hand"}


def test_a_note_stands_until_it_is_removed_and_accounting_hears_of_both(api: Api, cast: Cast, world: World) -> None:
    practice_id, token = cast.site_admin.practice_id, staff_person("sam").token
    path = f"/staff/practices/{practice_id}/billing-note"
    assert api.put(path, NOTE, token).json_body == NOTE
    assert api.get("/licenses", cast.site_admin.token).json_body["billing_note"] == "billed by hand"
    assert api.put(path, {"billing_note": None}, token).json_body == {"billing_note": None}
    assert api.get("/licenses", cast.site_admin.token).json_body["billing_note"] is None
    api.tick("relay_events")
    told = [message.body for message in world.topic_messages("accounting")]
    assert ["Note: billed by hand" in told[-2], "Note: none any more" in told[-1]] == [True, True]


def test_the_practices_trail_names_who_set_it(api: Api, cast: Cast) -> None:
    path = f"/staff/practices/{cast.site_admin.practice_id}/billing-note"
    api.put(path, NOTE, staff_person("sam").token)
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["actor"]) == ("practice.billing_note_set", "staff:sam")
    assert (newest["before"], newest["after"]["billing_note"]) == ({"billing_note": None}, "billed by hand")


def test_the_same_note_again_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    path, token = f"/staff/practices/{cast.site_admin.practice_id}/billing-note", staff_person("sam").token
    api.put(path, NOTE, token)
    before = world.everything()
    assert api.put(path, NOTE, token).json_body == NOTE
    assert world.everything() == before


def test_a_name_that_was_changed_meanwhile_stays_in_the_reconciliation(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, token = f"/staff/practices/{cast.site_admin.practice_id}/billing-note", staff_person("sam").token

    def meanwhile(*given: Any) -> Context:
        version = api.get("/practice", cast.site_admin.token).json_body["version"]
        assert api.patch("/practice", {"name": "Oak Lane"}, cast.site_admin.token, version).status_code == 200
        return staff_context(*given)

    with monkeypatch.context() as patched:
        patched.setattr(practices, "staff_context", meanwhile)
        assert api.put(path, NOTE, token).status_code == 409
    assert api.put(path, NOTE, token).status_code == 200
    assert reconciled(api, cast)["practice_name"] == "Oak Lane"


def test_a_practice_that_is_not_there_has_none(api: Api, cast: Cast) -> None:
    token = staff_person("sam").token
    for practice_id in ("prc_none", "vendor", "username%23ada", "%00"):
        assert api.put(f"/staff/practices/{practice_id}/billing-note", NOTE, token).status_code == 404
