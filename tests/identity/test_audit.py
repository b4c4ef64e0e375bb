"""GET /audit: who changed what, when and from where."""

from typing import Any

from chalicelib.events import EventRow
from tests.api import Api, from_address
from tests.cast import PASSWORD, Cast, new_session
from tests.identity.steps import NEW_PASSWORD, WRONG, enrol, later, mailed_link, sign_in
from tests.world import World


def trail(api: Api, cast: Cast) -> list[dict[str, Any]]:
    return list(api.get("/audit?limit=100", cast.site_admin.token).json_body["items"])


def test_a_change_is_told_with_who_what_when_and_from_where(api: Api, cast: Cast) -> None:
    with later(minutes=3), from_address("203.0.113.7"):
        api.post("/users", {"username": "newbie", "email": "newbie@clinic.example"}, cast.site_admin.token)
        newest = trail(api, cast)[0]
    assert newest.pop("id").startswith("evt_")
    assert newest.pop("request_id").startswith("req_")
    assert newest == {
        "at": "2026-07-02T16:03:00Z",
        "actor": "ada",
        "type": "username.created",
        "subject": "newbie",
        "before": {},
        "after": {"link_until": "2026-07-05T16:03:00Z"},
        "source_ip": "203.0.113.7",
    }


def test_before_and_after_are_told(api: Api, cast: Cast, world: World) -> None:
    api.post(mailed_link(api, world, "owner.ada@clinic.example"))
    newest = trail(api, cast)[0]
    assert (newest["actor"], newest["type"]) == ("owner:link", "practice.owner_verified")
    assert (newest["before"], newest["after"]) == ({"verified": False}, {"verified": True})


def test_every_change_is_one_row(api: Api, cast: Cast, world: World) -> None:
    token = cast.plain_user.token
    api.delete("/sessions/current", sign_in(api, "pat").json_body["token"])
    enrol(api, token)
    api.delete("/me/totp", token)
    api.put("/me/password", {"current_password": PASSWORD, "password": NEW_PASSWORD}, token)
    api.post("/password-resets", {"username": "pat"})
    api.post(mailed_link(api, world, "pat@clinic.example"), {"password": PASSWORD})
    told = [(row["type"], row["actor"], row["subject"]) for row in reversed(trail(api, cast))]
    practice_id = cast.site_admin.practice_id
    assert told == [
        ("practice.signed_up", "ada", practice_id),
        ("session.opened", "pat", "pat"),
        ("session.closed", "pat", "pat"),
        ("totp.started", "pat", "pat"),
        ("totp.enrolled", "pat", "pat"),
        ("totp.removed", "pat", "pat"),
        ("password.changed", "pat", "pat"),
        ("password.link_requested", "anonymous", "pat"),
        ("password.reset", "pat", "pat"),
    ]


def test_what_was_refused_is_no_change(api: Api, cast: Cast, world: World) -> None:
    before = world.rows("EVENTS_TABLE")
    sign_in(api, "pat", WRONG)
    api.post("/users", {"username": "pat", "email": "a@b.example"}, cast.site_admin.token)
    api.get("/users", cast.plain_user.token)
    assert world.rows("EVENTS_TABLE") == before


def test_a_site_admin_reads_only_the_own_practices_trail(api: Api, cast: Cast) -> None:
    api.delete("/sessions/current", cast.plain_user.token)
    theirs = api.get("/audit", cast.outsider.token).json_body["items"]
    assert [row["actor"] for row in theirs] == ["eve"]
    assert not {row["id"] for row in theirs} & {row["id"] for row in trail(api, cast)}


def test_the_trail_is_read_newest_first_page_by_page(api: Api, cast: Cast) -> None:
    for minute in range(5):
        with later(minutes=minute):
            sign_in(api, "pat")
    with later(minutes=6):
        whole = [row["id"] for row in trail(api, cast)]
        assert whole == sorted(whole, reverse=True)
        paged: list[str] = []
        cursor = ""
        while cursor != "&cursor=None":
            page = api.get(f"/audit?limit=4{cursor}", cast.site_admin.token).json_body
            paged += [row["id"] for row in page["items"]]
            cursor = f"&cursor={page['next_cursor']}"
    assert paged == whole
    assert len(whole) == 6


def test_a_page_holds_its_place_while_changes_arrive(api: Api, cast: Cast) -> None:
    for minute in range(3):
        with later(minutes=minute):
            sign_in(api, "pat")
    first = api.get("/audit?limit=2", cast.site_admin.token).json_body
    with later(minutes=5):
        sign_in(api, "pat")
        second = api.get(f"/audit?limit=2&cursor={first['next_cursor']}", cast.site_admin.token).json_body
    assert not {row["id"] for row in first["items"]} & {row["id"] for row in second["items"]}
    assert len(second["items"]) == 2


def test_the_trail_holds_no_secret(api: Api, cast: Cast, world: World) -> None:
    seed, codes = enrol(api, cast.plain_user.token)
    opened = sign_in(api, "pat", recovery_code=codes[0]).json_body["token"]
    text = "".join(str(row.attribute_values) for row in EventRow.scan())
    assert not any(secret in text for secret in (seed, opened, PASSWORD, *codes))


def test_the_trail_is_narrowed_by_who_what_and_which_kind(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    for name in ("one", "two"):
        api.post("/users", {"username": name, "email": f"{name}@clinic.example"}, token)
    api.delete("/sessions/current", sign_in(api, "pat").json_body["token"])

    def found(query: str) -> list[tuple[str, str]]:
        return [(row["type"], row["subject"]) for row in api.get(f"/audit?{query}", token).json_body["items"]]

    assert found("actor=pat") == [("session.closed", "pat"), ("session.opened", "pat")]
    assert found("subject=two") == [("username.created", "two")]
    assert found("type=username.") == [("username.created", "two"), ("username.created", "one")]
    assert found("actor=ada&type=session.") == []


def test_the_trail_is_narrowed_by_days_of_the_practice(api: Api, cast: Cast) -> None:
    with later(hours=12, minutes=59):  # 23:59 in Chicago
        token = new_session("ada", cast.site_admin.practice_id)
        api.post("/users", {"username": "late", "email": "late@clinic.example"}, token)
    with later(hours=13):
        token = new_session("ada", cast.site_admin.practice_id)
        api.post("/users", {"username": "early", "email": "early@clinic.example"}, token)

        def found(query: str) -> list[str]:
            rows = api.get(f"/audit?type=username.&{query}", token).json_body["items"]
            return [row["subject"] for row in rows]

        assert found("since=2026-07-03") == ["early"]
        assert found("until=2026-07-02") == ["late"]
        assert found("since=2026-07-02&until=2026-07-03") == ["early", "late"]
        assert found("since=2026-07-04") == found("until=2026-07-01") == []
        assert found("since=0001-01-01&until=9999-12-31") == ["early", "late"]


def test_days_that_end_before_they_begin_are_refused(api: Api, cast: Cast) -> None:
    for since, until in (("2026-07-03", "2026-07-01"), ("2026-07-02", "2026-07-01"), ("9999-12-31", "0001-01-01")):
        refused = api.get(f"/audit?since={since}&until={until}", cast.site_admin.token)
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json_body["errors"]] == ["until"]


def test_a_page_of_the_narrowed_trail_goes_on_where_it_ended(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    for number in range(5):
        api.post("/users", {"username": f"new{number}", "email": "new@clinic.example"}, token)
    path, names, cursor = "/audit?type=username.&limit=2", [], ""
    while True:
        answer = api.get(path + cursor, token).json_body
        names += [row["subject"] for row in answer["items"]]
        if not answer["next_cursor"]:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert names == ["new4", "new3", "new2", "new1", "new0"]
    assert api.get(f"/audit?limit=2{cursor}", token).status_code == 422
