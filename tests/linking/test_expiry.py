"""Access for a time: it ends by itself on every read, and its row with the next run of `sweep_expired`."""

from datetime import timedelta

from chalicelib.identity.tables import GrantRow
from chalicelib.identity.usecases import ending
from tests.api import Api
from tests.cast import Cast, Person, new_session, take_access
from tests.conftest import NOON
from tests.identity.steps import later, login, without_request_id
from tests.linking.steps import EVERYTHING, answer, find, invited, mailed, reached
from tests.world import World

AN_HOUR = "2026-07-02T17:00:00Z"


def let_in(api: Api, cast: Cast, who: Person, until: str = AN_HOUR) -> None:
    """Somebody reaches our account with everything, for an hour."""
    invitation = invited(api, cast, cast.site_admin, who.username, privileges=EVERYTHING, access_until=until)
    assert answer(api, who, invitation).status_code == 200


def again(person: Person) -> Person:
    return Person(person.username, person.practice_id, new_session(person.username, person.practice_id))


def test_it_ends_on_the_second_and_is_missing_like_any_other_account(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.outsider)
    path = f"/providers/{cast.provider_id}/patients"
    assert api.get("/accounts", cast.outsider.token).json_body["items"][0]["access_until"] == AN_HOUR
    with later(minutes=59, seconds=59):
        eve = again(cast.outsider)
        assert api.get(path, eve.token).status_code == 200
    with later(hours=1):
        ended, missing = api.get(path, eve.token), api.get("/providers/prv_none/patients", eve.token)
        assert ended.status_code == 404
        assert without_request_id(ended) == without_request_id(missing)
        assert reached(api, eve) == [cast.their_provider_id]
        shown = api.get(f"/providers/{cast.provider_id}/usernames", again(cast.site_admin).token).json_body["items"]
        assert [each["username"] for each in shown] == ["ada", "cleo", "max"]


def test_the_sweep_takes_the_row_away_tells_the_username_and_writes_it_down(api: Api, cast: Cast, world: World) -> None:
    let_in(api, cast, cast.outsider)
    assert api.tick("sweep_expired")["done"] == 0
    with later(hours=1):
        report = api.tick("sweep_expired")
        assert (report["done"], report["failed"]) == (1, 0)
        assert api.tick("sweep_expired")["done"] == 0
        record = api.get("/audit?limit=1", again(cast.site_admin).token).json_body["items"][0]
    assert (record["type"], record["subject"], record["actor"]) == ("grant.ended", "eve", "system:sweep_expired")
    assert record["before"] == {"provider_id": cast.provider_id, "privileges": "full", "version": 1}
    assert not GrantRow.count("username#eve", GrantRow.sk == f"grant#{cast.provider_id}")
    assert login("eve").accounts == 1
    assert "has ended" in mailed(api, world, "eve")[-1]


def test_who_has_nothing_left_is_signed_out_by_the_sweep(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.plain_user)
    with later(hours=1):
        pat = again(cast.plain_user)
        assert api.get("/accounts", pat.token).json_body["items"] == []
        api.tick("sweep_expired")
        assert api.get("/accounts", pat.token).status_code == 401


def test_what_ended_can_be_given_again_before_the_sweep_came_by(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.outsider)
    with later(hours=2):
        admin, eve = again(cast.site_admin), again(cast.outsider)
        invitation = invited(api, cast, admin, "eve")
        assert answer(api, eve, invitation).status_code == 200
        assert cast.provider_id in reached(api, eve)
        types = [each["type"] for each in api.get("/audit?limit=2", admin.token).json_body["items"]]
        assert types == ["grant.ended", "invitation.accepted"]
        assert api.tick("sweep_expired")["done"] == 0
        assert api.get(f"/providers/{cast.provider_id}/patients", eve.token).status_code == 200


def test_what_was_given_again_is_not_ended_by_a_run_that_saw_it_before(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.outsider)
    seen = GrantRow.get("username#eve", f"grant#{cast.provider_id}")
    with later(hours=2):
        eve = again(cast.outsider)
        answer(api, eve, invited(api, cast, again(cast.site_admin), "eve", access_until="2026-08-01T00:00:00Z"))
        assert not ending._end(seen, NOON + timedelta(hours=2), "test")
        assert cast.provider_id in reached(api, eve)


def test_a_manager_for_a_time_is_none_to_leave_an_account_to(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.outsider)
    for name in ("cleo", "max"):
        take_access(name, cast.site_admin.practice_id, cast.provider_id)
    path = f"/providers/{cast.provider_id}/usernames"
    refused = [
        api.delete(f"{path}/ada", cast.outsider.token),
        api.put(f"{path}/ada/privileges", {"profile": "view"}, cast.outsider.token),
    ]
    assert {(each.status_code, each.json_body["code"]) for each in refused} == {(409, "last_manager")}
    assert api.delete(f"{path}/eve", cast.site_admin.token).status_code == 204


def test_who_joins_through_a_login_with_access_for_a_time_has_it_no_longer(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.plain_user)
    found = find(api, cast.outsider, "pat").json_body
    (account,) = found["accounts"]
    assert account["access_until"] == AN_HOUR
    wanted = {"find_token": found["find_token"], "provider_ids": [cast.provider_id]}
    assert api.post("/accounts/join", wanted, cast.outsider.token).status_code == 200
    with later(hours=1):
        assert reached(api, again(cast.outsider)) == [cast.their_provider_id]
        assert find(api, again(cast.outsider), "pat").json_body["accounts"] == []
        assert api.tick("sweep_expired")["done"] == 2


def test_a_run_that_has_no_time_leaves_the_rest_for_the_next(api: Api, cast: Cast) -> None:
    let_in(api, cast, cast.outsider)
    with later(hours=1):
        assert api.tick("sweep_expired", milliseconds_left=1)["unfinished"]
        assert api.tick("sweep_expired")["done"] == 1
