"""Sessions: how long they live, what ends them, and what they cost."""

from base64 import urlsafe_b64encode
from datetime import timedelta

from msgspec.structs import replace

from chalicelib import clock
from chalicelib.identity.sessions import Token, _touch
from chalicelib.identity.tables import SessionRow
from tests.api import Api, calls_recorded
from tests.cast import Cast, new_session
from tests.conftest import NOON
from tests.identity.steps import all_text, change, later, secret_of, sign_in
from tests.world import World


def alive(api: Api, token: str) -> bool:
    status = api.get("/sessions/current", token).status_code
    assert status in (200, 401)
    return status == 200


def row_of(token: str) -> SessionRow:
    key = Token.parse(token).session_key
    return SessionRow.get(key.pk, key.sk)


def test_a_session_describes_itself(api: Api, cast: Cast) -> None:
    token = sign_in(api, "pat").json_body["token"]
    with later(minutes=10):
        assert api.get("/sessions/current", token).json_body == {
            "username": "pat",
            "practice_id": cast.plain_user.practice_id,
            "created_at": "2026-07-02T16:00:00Z",
            "expires_at": "2026-07-03T04:00:00Z",
            "idle_until": "2026-07-02T16:25:00Z",
            "enrollment_required": False,
        }


def test_an_idle_session_ends_after_fifteen_minutes(api: Api, cast: Cast) -> None:
    token = sign_in(api, "pat").json_body["token"]
    with later(minutes=15):
        assert not alive(api, token)
    with later(minutes=14, seconds=59):
        assert alive(api, token)


def test_a_used_session_ends_after_twelve_hours(api: Api, cast: Cast) -> None:
    token = sign_in(api, "pat").json_body["token"]
    for minutes in range(10, 12 * 60, 10):
        with later(minutes=minutes):
            assert alive(api, token)
    with later(hours=11, minutes=59, seconds=59):
        assert alive(api, token)
    with later(hours=12):
        assert not alive(api, token)


def test_an_ended_session_is_refused_though_its_row_is_still_there(api: Api, cast: Cast) -> None:
    token = sign_in(api, "pat").json_body["token"]
    with later(days=3):
        assert not alive(api, token)
    assert row_of(token).expires_at < (NOON + timedelta(days=3)).timestamp()


def test_a_session_is_touched_at_most_once_a_minute(api: Api, cast: Cast) -> None:
    token = sign_in(api, "pat").json_body["token"]
    written = []
    for second in range(0, 181, 20):
        with later(seconds=second), calls_recorded() as calls:
            api.get("/me", token)
        written.append(calls.count("dynamodb:UpdateItem"))
    assert written == [0, 0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_a_signed_in_read_costs_one_call_for_the_session(api: Api, cast: Cast) -> None:
    reads = ("/sessions/current", "/practice", "/licenses", "/license-agreement")
    for path in reads:
        with calls_recorded() as calls:
            assert api.get(path, cast.site_admin.token).status_code == 200
        assert calls[0] == "dynamodb:BatchGetItem"
        assert calls.count("dynamodb:BatchGetItem") == 1, path


def test_only_the_hash_of_a_token_is_stored(api: Api, cast: Cast, world: World) -> None:
    stored = all_text(world)
    assert cast.plain_user.token not in stored
    assert secret_of(cast.plain_user.token) not in stored
    assert Token.parse(cast.plain_user.token).hash in stored


def test_signing_out_ends_the_session_at_once_and_no_other(api: Api, cast: Cast) -> None:
    other = new_session("pat", cast.plain_user.practice_id)
    assert api.delete("/sessions/current", cast.plain_user.token).status_code == 204
    assert not alive(api, cast.plain_user.token)
    assert api.delete("/sessions/current", cast.plain_user.token).status_code == 401
    assert alive(api, other)


def test_a_late_use_does_not_bring_a_signed_out_session_back(api: Api, cast: Cast, world: World) -> None:
    token = Token.parse(cast.plain_user.token)
    row = row_of(cast.plain_user.token)
    api.delete("/sessions/current", cast.plain_user.token)
    _touch(row, clock.now() + timedelta(minutes=2))
    assert not list(SessionRow.query(token.session_key.pk, SessionRow.sk == token.session_key.sk))


def test_a_deactivated_usernames_sessions_end(api: Api, cast: Cast) -> None:
    change("pat", status="inactive")
    assert not alive(api, cast.plain_user.token)


def test_sessions_of_an_earlier_epoch_have_ended(api: Api, cast: Cast) -> None:
    change("pat", epoch=1)
    assert not alive(api, cast.plain_user.token)


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_garbage_is_no_token(api: Api, cast: Cast) -> None:
    for token in (
        "",
        "x",
        "null",
        "ünï",
        "a.b.c",
        _encoded("only text"),
        _encoded("||"),
        _encoded("prc_1|pat|"),
        _encoded("prc_1|pat|secret|more"),
        _encoded("|pat|secret"),
        _encoded("prc_1|username#pat|secret"),
        _encoded("p" * 3000 + "|pat|secret"),
        _encoded("prc_1|pat|" + "s" * 3000),
        _encoded("\x00|\x00|\x00"),
    ):
        answer = api.get("/me", token)
        assert (answer.status_code, answer.json_body["code"]) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_another_authorization_header_is_refused(api: Api, cast: Cast) -> None:
    for header in ("", "Basic cGF0OnBhdA==", "Bearer", "Bearer ", "pat"):
        assert api.request("GET", "/me", headers={"Authorization": header}).status_code == 401


def test_a_token_with_another_practice_username_or_secret_is_refused(api: Api, cast: Cast) -> None:
    ours, theirs = Token.parse(cast.site_admin.token), Token.parse(cast.outsider.token)
    for forged in (
        replace(ours, practice_id=theirs.practice_id),
        replace(theirs, practice_id=ours.practice_id),
        replace(ours, username=theirs.username),
        replace(ours, username="ADA"),
        replace(ours, username="pat"),
        replace(ours, secret=theirs.secret),
        replace(ours, secret=ours.secret[:-1]),
        replace(ours, secret=""),
        replace(ours, secret=ours.hash),
    ):
        assert not alive(api, forged.text), forged
