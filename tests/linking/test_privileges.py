"""PUT …/usernames/{username}/privileges: lowered and raised."""

from typing import Any

import pytest

from chalicelib.identity.model import Privileges
from chalicelib.identity.usecases import accesses
from tests.api import Api
from tests.cast import FULL, Cast, Person, give_access
from tests.identity.steps import change
from tests.linking.steps import EVERYTHING, NONE, of, reaching, refusal
from tests.world import World


def only_manager(cast: Cast) -> Person:
    """ada, who alone keeps full access to the profile of our account."""
    for name in ("cleo", "max"):
        give_access(name, cast.site_admin.practice_id, cast.provider_id, Privileges(patients="full"))
    return cast.site_admin


def test_other_privileges_hold_from_the_next_request_of_an_open_session(api: Api, cast: Cast) -> None:
    path = of(cast.provider_id, "max/privileges")
    assert reaching(api, cast, cast.master) == 200
    answer = api.put(path, {"patients": "full"}, cast.site_admin.token)
    assert (answer.json_body["privileges"], answer.json_body["version"]) == (NONE | {"patients": "full"}, 2)
    assert reaching(api, cast, cast.master) == 403
    api.put(path, {"profile": "view"}, cast.site_admin.token)
    assert reaching(api, cast, cast.master) == 200


def test_a_change_for_an_older_version_is_refused(api: Api, cast: Cast) -> None:
    path = of(cast.provider_id, "max/privileges")
    assert api.get(of(cast.provider_id, "max"), cast.site_admin.token).headers["ETag"] == '"1"'
    assert api.put(path, {"codes": "view"}, cast.site_admin.token, version=1).headers["ETag"] == '"2"'
    assert api.put(path, {"codes": "full"}, cast.site_admin.token, version=1).status_code == 412


def test_the_same_privileges_again_change_nothing(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    assert api.put(of(cast.provider_id, "max/privileges"), EVERYTHING, cast.site_admin.token).status_code == 200
    assert world.everything() == before


def test_what_was_and_what_is_stands_in_the_audit_trail(api: Api, cast: Cast) -> None:
    api.put(of(cast.provider_id, "max/privileges"), {"codes": "view"}, cast.site_admin.token)
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["subject"]) == ("grant.changed", "max")
    assert newest["before"] == {"privileges": "full"}
    assert newest["after"] == {"provider_id": cast.provider_id, "privileges": {"codes": "view"}}


def test_who_manages_an_account_for_a_time_raises_nothing_that_outlasts_it(api: Api, cast: Cast, world: World) -> None:
    ours, until = cast.site_admin.practice_id, "2026-07-02T17:00:00Z"
    give_access("max", ours, cast.provider_id, until=until)
    for ends in (None, "2026-07-02T17:00:01Z"):
        give_access("cleo", ours, cast.provider_id, Privileges(profile="view", patients="full"), ends)
        before = world.everything()
        place = of(cast.provider_id, "cleo") + "/privileges"
        raised = {"profile": "view", "patients": "full", "codes": "view"}
        for wanted in (raised, {"profile": "full", "codes": "none"}):
            refused = api.put(place, wanted, cast.master.token, version=1)
            assert refusal(refused) == (403, "beyond_your_own")
        assert until in refused.json_body["detail"]
        assert world.everything() == before
        lowered = api.put(place, {"profile": "view", "patients": "view"}, cast.master.token, version=1)
        assert lowered.status_code == 200
    give_access("cleo", ours, cast.provider_id, Privileges(profile="view"), until)
    assert api.put(place, EVERYTHING, cast.master.token, version=1).status_code == 200


def test_privileges_are_not_raised_on_an_access_that_lasts_longer_since(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, until, change_ = cast.site_admin.practice_id, "2026-07-02T17:00:00Z", accesses.change
    for name in ("max", "cleo"):
        give_access(name, ours, cast.provider_id, FULL if name == "max" else Privileges(profile="view"), until)

    def overtaken(*arguments: Any) -> None:
        give_access("cleo", ours, cast.provider_id, Privileges(profile="view"))
        change_(*arguments)

    monkeypatch.setattr(accesses, "change", overtaken)
    place = of(cast.provider_id, "cleo")
    assert api.put(f"{place}/privileges", EVERYTHING, cast.master.token, version=1).status_code == 412
    kept = api.get(place, cast.site_admin.token).json_body
    assert (kept["privileges"], kept["access_until"]) == (NONE | {"profile": "view"}, None)


def test_the_last_active_username_that_manages_the_account_is_neither_lowered_nor_removed(
    api: Api, cast: Cast, world: World
) -> None:
    admin = only_manager(cast)
    before = world.everything()
    lowered = api.put(of(cast.provider_id, "ada/privileges"), {"patients": "full"}, admin.token)
    removed = api.delete(of(cast.provider_id, "ada"), admin.token)
    assert [refusal(each) for each in (lowered, removed)] == [(409, "last_manager")] * 2
    assert world.everything() == before
    elsewhere = api.put(of(cast.provider_id, "ada/privileges"), {"profile": "full"}, admin.token)
    assert elsewhere.status_code == 200


def test_an_inactive_username_is_no_manager_to_leave_an_account_to(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges())
    change("cleo", status="inactive")
    assert refusal(api.delete(of(cast.provider_id, "ada"), cast.site_admin.token)) == (409, "last_manager")
    assert api.delete(of(cast.provider_id, "cleo"), cast.site_admin.token).status_code == 204
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(profile="full"))
    assert api.delete(of(cast.provider_id, "ada"), cast.site_admin.token).status_code == 204
