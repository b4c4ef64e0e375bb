"""The commands that give, begin anew and end staff logins, and the mailed link to set a password."""

from typing import Any

from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.identity.steps import all_text, code_of, later, mailed_link
from tests.staff.people import staff_person
from tests.staff.test_sessions import CURRENT, enrol, sign_in
from tests.world import World

NEW: dict[str, Any] = {"name": "kim", "email": "kim@vendor.example", "role": "accounting"}


def test_the_first_login_is_given_by_command_and_sets_password_and_two_factor_itself(api: Api, world: World) -> None:
    added = api.staff("add_staff", **NEW)
    assert (added["name"], added["role"], added["link_until"]) == ("kim", "accounting", "2026-07-05T16:00:00Z")
    link = mailed_link(api, world, "kim@vendor.example")
    assert link.startswith("/staff/password-resets/")
    assert api.post(link, {"password": "kimkimkimkim"}).status_code == 422
    assert api.post(link, {"password": PASSWORD}).status_code == 204
    assert api.post(link, {"password": PASSWORD}).status_code == 404, "it works once"
    token = sign_in(api, "kim").json_body["token"]
    seed, _ = enrol(api, token)
    with later(minutes=1):
        assert sign_in(api, "kim", totp=code_of(seed)).status_code == 201
    assert api.get(CURRENT, token).json_body["role"] == "accounting"


def test_the_answer_holds_no_secret(api: Api, world: World) -> None:
    added = api.staff("add_staff", **NEW)
    secret = mailed_link(api, world, "kim@vendor.example").rpartition("/")[2]
    assert secret not in str(added)
    assert secret not in all_text(world)


def test_a_link_opens_at_its_own_door_alone(api: Api, cast: Cast, world: World) -> None:
    api.staff("add_staff", **NEW)
    link = mailed_link(api, world, "kim@vendor.example")
    assert api.post(link.replace("/staff", ""), {"password": PASSWORD}).status_code == 404
    api.post("/password-resets", {"username": "pat"})
    theirs = mailed_link(api, world, "pat@clinic.example")
    assert api.post(f"/staff{theirs}", {"password": PASSWORD}).status_code == 404
    with later(hours=73):
        assert api.post(link, {"password": PASSWORD}).status_code == 404


def test_nobody_asks_for_a_link_of_staff_at_the_customers_door(api: Api, world: World) -> None:
    staff_person("sam")
    before = world.everything()
    assert api.post("/password-resets", {"username": "staff:sam"}).status_code == 202
    assert world.everything() == before


def test_a_name_is_given_out_once_even_after_its_end(api: Api, world: World) -> None:
    api.staff("add_staff", **NEW)
    assert api.staff("end_staff", name="kim")["status"] == "inactive"
    before = world.everything()
    again = api.staff("add_staff", **NEW)["problem"]
    assert (again["status"], again["code"]) == (409, "staff_name_taken")
    assert world.everything() == before


def test_who_lost_the_authenticator_begins_anew_and_is_signed_out(api: Api, world: World) -> None:
    sam = staff_person("sam")
    assert api.staff("begin_staff_anew", name="sam")["totp_enabled"] is False
    assert api.get(CURRENT, sam.token).status_code == 401
    assert sign_in(api, totp=sam.code()).status_code == 401
    assert api.post(mailed_link(api, world, "sam@vendor.example"), {"password": PASSWORD}).status_code == 204
    assert sign_in(api).json_body["enrollment_required"] is True


def test_who_leaves_is_out_with_the_next_request(api: Api, world: World) -> None:
    sam = staff_person("sam")
    api.staff("begin_staff_anew", name="sam")
    link = mailed_link(api, world, "sam@vendor.example")
    ended = api.staff("end_staff", name="sam")
    assert (ended["status"], ended["totp_enabled"]) == ("inactive", False)
    assert api.get(CURRENT, sam.token).status_code == 401
    assert api.post(link, {"password": PASSWORD}).status_code == 404
    answer = sign_in(api, totp=sam.code())
    assert (answer.status_code, answer.json_body["code"]) == (401, "invalid_credentials")
    for command in ("begin_staff_anew", "end_staff"):
        assert api.staff(command, name="sam")["problem"]["status"] == 404


def test_all_logins_are_listed(api: Api) -> None:
    staff_person("sam")
    api.staff("add_staff", **NEW)
    api.staff("end_staff", name="kim")
    listed = [(each["name"], each["role"], each["status"]) for each in api.staff("list_staff")["staff"]]
    assert listed == [("kim", "accounting", "inactive"), ("sam", "support", "active")]


def test_bad_commands_are_refused_and_change_nothing(api: Api, world: World) -> None:
    before = world.everything()
    bad: list[tuple[str, dict[str, Any], set[str]]] = [
        ("add_staff", {}, {"name", "email", "role"}),
        ("add_staff", NEW | {"role": "site_admin"}, {"role"}),
        ("add_staff", NEW | {"email": "a@b.example\r\nBcc: x@y.example"}, {"email"}),
        *(("add_staff", NEW | {"name": name}, {"name"}) for name in ("", "a", "Kim", "kim#", "staff:kim", "k" * 42, 5)),
        ("add_staff", NEW | {"password": "x"}, {"password"}),
        ("end_staff", {"name": "kim\n"}, {"name"}),
        ("begin_staff_anew", {}, {"name"}),
        ("list_staff", {"name": "kim"}, {"name"}),
        ("sell_everything", {}, {"command"}),
    ]
    for command, facts, fields in bad:
        problem = api.staff(command, **facts)["problem"]
        assert {error["field"] for error in problem["errors"]} == fields, (command, facts)
    assert world.everything() == before
