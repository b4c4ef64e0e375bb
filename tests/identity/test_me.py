"""GET /me."""

from chalicelib.identity.tables import UsernameRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, sign_up_body
from tests.identity.steps import enrol, sign_in


def test_everybody_sees_their_own_login(api: Api, cast: Cast) -> None:
    assert api.get("/me", cast.support_user.token).json_body == {
        "username": "sue",
        "email": "sue@clinic.example",
        "roles": ["support_user"],
        "practice": {
            "id": cast.support_user.practice_id,
            "name": "Elm Street Clinic",
            "time_zone": "America/Chicago",
        },
        "totp_enabled": False,
        "recovery_codes_left": 0,
        "enrollment_required": False,
        "mail_stopped": None,
    }


def test_a_role_that_rests_is_not_shown(api: Api, cast: Cast) -> None:
    row = UsernameRow.get("username#ada", "username")
    row.update(actions=[UsernameRow.roles.add({"support_user"}), UsernameRow.accounts.set(0)])
    roles = [api.get(path, cast.site_admin.token).json_body["roles"] for path in ("/me", "/users/ada")]
    row.update(actions=[UsernameRow.accounts.set(1)])
    assert roles == [["site_admin"]] * 2


def test_it_costs_one_call_and_one_for_whether_its_address_is_mailed(api: Api, cast: Cast) -> None:
    with calls_recorded() as calls:
        api.get("/me", cast.plain_user.token)
    assert calls == ["dynamodb:BatchGetItem"] * 2


def test_it_counts_the_recovery_codes_that_are_left(api: Api, cast: Cast) -> None:
    _, codes = enrol(api, cast.plain_user.token)
    sign_in(api, "pat", recovery_code=codes[0])
    assert api.get("/me", cast.plain_user.token).json_body["recovery_codes_left"] == 9


def test_a_new_site_admin_is_told_to_enrol(api: Api) -> None:
    api.post("/sign-up", sign_up_body("grace"))
    token = sign_in(api, "grace").json_body["token"]
    assert api.get("/me", token).json_body["enrollment_required"] is True
    enrol(api, token)
    assert api.get("/me", token).json_body["enrollment_required"] is False
