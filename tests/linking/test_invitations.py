"""Invitations to a provider account: made, seen, approved, accepted, declined, taken back."""

import pytest

from chalicelib.identity.model import Privileges
from tests.api import Api, calls_recorded
from tests.cast import Cast, Person, enrolled, give_access, new_session, sign_up_body
from tests.identity.reaching import end
from tests.identity.steps import all_text, bad_fields, change, later, without_request_id
from tests.linking.steps import answer, invite, invited, mailed, reached
from tests.world import World

IN_AN_HOUR = "2026-07-02T17:00:00Z"


def waiting(api: Api, who: Person) -> list[str]:
    return [each["id"] for each in api.get("/invitations", who.token).json_body["items"]]


# --- From asking to reaching ----------------------------------------------------------------------------------------


def test_a_site_admin_invites_and_the_username_accepts(api: Api, cast: Cast, world: World) -> None:
    made = invite(api, cast, cast.site_admin, "EVE", access_until=IN_AN_HOUR)
    assert made.status_code == 201
    shown = made.json_body
    assert shown == {
        "id": shown["id"],
        "provider_id": cast.provider_id,
        "practice_name": "Elm Street Clinic",
        "provider_name": "Ada Byron",
        "username": "eve",
        "privileges": {"profile": "none", "patients": "view", "codes": "none", "messaging": "none", "reports": "none"},
        "access_until": IN_AN_HOUR,
        "status": "offered",
        "invited_by": "ada",
        "open_until": IN_AN_HOUR,
    }
    assert api.get(str(made.headers["Location"]), cast.site_admin.token).json_body == shown
    assert "Sign in to accept" in mailed(api, world, "eve")[0]
    assert api.get("/invitations", cast.outsider.token).json_body["items"] == [shown]
    accepted = answer(api, cast.outsider, shown["id"])
    assert (accepted.status_code, accepted.json_body) == (200, shown | {"status": "accepted"})
    assert api.get(f"/providers/{cast.provider_id}/patients", cast.outsider.token).status_code == 200
    assert api.get(f"/providers/{cast.provider_id}", cast.outsider.token).status_code == 403
    assert "was accepted" in mailed(api, world, "ada")[0]
    assert answer(api, cast.outsider, shown["id"]).status_code == 404


def test_what_others_ask_for_is_approved_by_a_site_admin_of_the_accounts_practice_first(
    api: Api, cast: Cast, world: World
) -> None:
    asked = invited(api, cast, cast.master, "eve")
    assert "Sign in to approve" in mailed(api, world, "ada")[0]
    assert (waiting(api, cast.outsider), waiting(api, cast.site_admin), waiting(api, cast.clinician)) == (
        [],
        [asked],
        [],
    )
    assert mailed(api, world, "eve") == []
    for who in (cast.outsider, cast.master, cast.clinician, cast.plain_user):
        assert answer(api, who, asked).status_code == 404
    approved = answer(api, cast.site_admin, asked)
    assert (approved.status_code, approved.json_body["status"]) == (200, "offered")
    assert (waiting(api, cast.outsider), waiting(api, cast.site_admin)) == ([asked], [])
    assert "Sign in to accept" in mailed(api, world, "eve")[0]
    assert answer(api, cast.outsider, asked).status_code == 200
    assert cast.provider_id in reached(api, cast.outsider)
    assert "was accepted" in mailed(api, world, "max")[0]


def test_each_step_stands_in_the_audit_trail_of_the_accounts_practice(api: Api, cast: Cast) -> None:
    asked = invited(api, cast, cast.master, "eve")
    answer(api, cast.site_admin, asked)
    answer(api, cast.outsider, asked)
    newest = api.get("/audit?limit=3", cast.site_admin.token).json_body["items"]
    assert [(each["type"], each["actor"], each["subject"]) for each in newest] == [
        ("invitation.accepted", "eve", asked),
        ("invitation.approved", "ada", asked),
        ("invitation.made", "max", asked),
    ]
    assert newest[0]["after"]["privileges"] == {"patients": "view"}
    assert "invitation" not in str(api.get("/audit", cast.outsider.token).json_body)


def test_messages_name_nobody_and_no_practice(api: Api, cast: Cast, world: World) -> None:
    asked = invited(api, cast, cast.master, "eve")
    answer(api, cast.site_admin, asked)
    answer(api, cast.outsider, asked)
    for body in (text for name in ("eve", "ada", "max") for text in mailed(api, world, name)):
        for name in ("eve", "ada", "max", "Ada", "Elm", "Oak", asked):
            assert name not in body


def test_without_privileges_one_offers_ones_own_and_never_more(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges(profile="full", codes="view"))
    body = {"username": "eve"}
    shown = api.post(f"/providers/{cast.provider_id}/invitations", body, cast.master.token).json_body
    assert (shown["privileges"]["profile"], shown["privileges"]["codes"]) == ("full", "view")
    beyond = invite(api, cast, cast.master, "eve", privileges={"patients": "view"})
    assert (beyond.status_code, beyond.json_body["code"]) == (403, "beyond_your_own")


def test_who_reaches_an_account_for_a_time_invites_for_no_longer(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, until=IN_AN_HOUR)
    shown = invite(api, cast, cast.master, "eve").json_body
    assert (shown["access_until"], shown["open_until"]) == (IN_AN_HOUR, IN_AN_HOUR)
    longer = invite(api, cast, cast.master, "eve", access_until="2026-07-02T17:00:01Z")
    assert (longer.status_code, longer.json_body["code"]) == (403, "beyond_your_own")
    shorter = invite(api, cast, cast.master, "eve", access_until="2026-07-02T16:59:59Z")
    assert shorter.json_body["access_until"] == "2026-07-02T16:59:59Z"


# --- Whoever has the name -------------------------------------------------------------------------------------------


def test_the_answer_does_not_tell_whether_anybody_has_the_username(api: Api, cast: Cast, world: World) -> None:
    change("sue", status="inactive")
    shown = [invite(api, cast, cast.site_admin, name) for name in ("eve", "sue", "nobody.at.all")]
    assert {each.status_code for each in shown} == {201}
    alike = [{**each.json_body, "id": "", "username": ""} for each in shown]
    assert alike[0] == alike[1] == alike[2]
    records = api.get("/audit?limit=3", cast.site_admin.token).json_body["items"]
    alike = [{**each, "id": "", "subject": "", "request_id": "", "after": set(each["after"])} for each in records]
    assert alike[0] == alike[1] == alike[2]
    assert mailed(api, world, "sue") == []


def test_who_comes_by_the_name_later_was_not_invited(api: Api, cast: Cast) -> None:
    offered = invited(api, cast, cast.site_admin, "zoe")
    asked = invited(api, cast, cast.master, "zoe")
    made = api.post("/sign-up", sign_up_body("zoe")).json_body
    answer(api, cast.site_admin, asked)
    zoe = enrolled("zoe", made["practice"]["id"])
    assert waiting(api, zoe) == []
    assert {answer(api, zoe, each).status_code for each in (offered, asked)} == {404}


# --- Not so -----------------------------------------------------------------------------------------------------------


def test_it_is_declined_or_taken_back_and_then_is_no_more(api: Api, cast: Cast, world: World) -> None:
    path = f"/providers/{cast.provider_id}/invitations"
    declined, taken_back = (invited(api, cast, cast.site_admin, "eve") for _ in range(2))
    refused = invited(api, cast, cast.master, "eve")
    assert [each["id"] for each in api.get(path, cast.master.token).json_body["items"]] == [
        declined,
        taken_back,
        refused,
    ]
    assert answer(api, cast.outsider, declined, "decline").status_code == 204
    assert answer(api, cast.outsider, refused, "decline").status_code == 404
    assert answer(api, cast.site_admin, refused, "decline").status_code == 204
    assert api.delete(f"{path}/{taken_back}", cast.master.token).status_code == 204
    for each in (declined, taken_back, refused):
        assert answer(api, cast.outsider, each).status_code == 404
        assert api.get(f"{path}/{each}", cast.site_admin.token).status_code == 404
        assert api.delete(f"{path}/{each}", cast.site_admin.token).status_code == 404
    assert "invitation#" not in all_text(world)
    assert "was declined" in mailed(api, world, "max")[0]


def test_it_is_open_for_two_weeks_or_until_the_access_would_end(api: Api, cast: Cast) -> None:
    two_weeks = invited(api, cast, cast.site_admin, "eve")
    an_hour = invited(api, cast, cast.site_admin, "eve", access_until=IN_AN_HOUR)
    eve = cast.outsider
    with later(hours=1):
        late = Person("eve", eve.practice_id, new_session("eve", eve.practice_id))
        assert waiting(api, late) == [two_weeks]
        assert answer(api, late, an_hour).status_code == 404
    with later(days=14):
        late = Person("eve", eve.practice_id, new_session("eve", eve.practice_id))
        assert waiting(api, late) == []
        assert answer(api, late, two_weeks).status_code == 404
        admin = new_session("ada", cast.site_admin.practice_id)
        assert api.get(f"/providers/{cast.provider_id}/invitations", admin).json_body["items"] == []


def test_an_account_that_is_reached_already_or_that_ended_is_not_taken_up(api: Api, cast: Cast) -> None:
    assert invite(api, cast, cast.site_admin, "max").json_body["code"] == "already_granted"
    first, second = (invited(api, cast, cast.site_admin, "eve") for _ in range(2))
    assert answer(api, cast.outsider, first).status_code == 200
    assert answer(api, cast.outsider, second).json_body["code"] == "already_granted"
    third = invited(api, cast, cast.site_admin, "pat")
    end(cast.site_admin.practice_id, cast.provider_id)
    assert answer(api, cast.plain_user, third).json_body["code"] == "provider_inactive"
    assert invite(api, cast, cast.site_admin, "pat").json_body["code"] == "provider_inactive"


def test_only_who_manages_the_account_invites_and_oneself_nobody(api: Api, cast: Cast) -> None:
    assert bad_fields(invite(api, cast, cast.master, "MAX")) == {"username"}
    assert invite(api, cast, cast.outsider, "pat").status_code == 404
    give_access("cleo", cast.site_admin.practice_id, cast.provider_id, Privileges(profile="view"))
    assert invite(api, cast, cast.clinician, "pat").json_body["code"] == "privilege_required"


def test_times_that_make_no_sense_are_refused(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    for until in (
        "2026-07-02T16:00:00Z",
        "2020-01-01T00:00:00Z",
        "2032-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-07-03T16:00:00",
        "2026-07-03",
        "soon",
        1,
    ):
        assert bad_fields(invite(api, cast, cast.site_admin, "eve", access_until=until)) == {"access_until"}, until
    assert world.everything() == before


# --- Seen by others ---------------------------------------------------------------------------------------------------


def test_strangers_find_no_trace_of_it(api: Api, cast: Cast) -> None:
    offered, asked = invited(api, cast, cast.site_admin, "pat"), invited(api, cast, cast.master, "pat")
    for how in ("accept", "decline"):
        answers = [answer(api, cast.outsider, each, how) for each in (offered, asked, "inv_none", "%20", "x")]
        assert {each.status_code for each in answers} == {404}
        assert all(without_request_id(each) == without_request_id(answers[0]) for each in answers)
    path = f"/providers/{cast.their_provider_id}/invitations"
    for each in (offered, "inv_none"):
        assert api.get(f"{path}/{each}", cast.outsider.token).status_code == 404
        assert api.delete(f"{path}/{each}", cast.outsider.token).status_code == 404


def test_lists_go_page_by_page_and_a_site_admin_sees_both_kinds(api: Api, cast: Cast) -> None:
    ours = [invited(api, cast, cast.master, f"user{number}") for number in range(2)]
    body = {"username": "ada"}
    path = f"/providers/{cast.their_provider_id}/invitations"
    theirs = [api.post(path, body, cast.outsider.token).json_body["id"] for _ in range(2)]
    for where, token, expected in (
        ("/invitations", cast.site_admin.token, [*ours, *theirs]),
        (f"/providers/{cast.provider_id}/invitations", cast.site_admin.token, ours),
        (path, cast.outsider.token, theirs),
    ):
        found, cursor = [], ""
        while True:
            page = api.get(f"{where}?limit=1{cursor}", token).json_body
            found += [each["id"] for each in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert found == expected


def test_a_repeat_with_its_key_answers_the_same_and_mails_once(api: Api, cast: Cast, world: World) -> None:
    path, body = f"/providers/{cast.provider_id}/invitations", {"username": "eve"}
    made = [api.post(path, body, cast.site_admin.token, key="once") for _ in range(2)]
    assert made[0].body == made[1].body
    accept = f"/invitations/{made[0].json_body['id']}/accept"
    taken = [api.post(accept, token=cast.outsider.token, key="once") for _ in range(2)]
    assert (taken[0].status_code, taken[0].body) == (200, taken[1].body)
    assert len(mailed(api, world, "eve")) == 1


@pytest.mark.parametrize(("who", "calls"), [("site_admin", 3), ("master", 5)])
def test_what_an_invitation_costs(api: Api, cast: Cast, who: str, calls: int) -> None:
    with calls_recorded() as made:
        invited(api, cast, getattr(cast, who), "eve")
    assert len(made) == calls, made
