"""Requests with bad values: counts, ids, limits, cursors, names, passwords. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad, order
from tests.cast import PASSWORD, sign_up_body


def orders() -> Iterator[Bad]:
    """Counts and agreements."""
    for value in (-1, 101, 10**12, 10**30, -(10**18), 1.0, 0.5, True, "2", "", None, [], [1], {}, {"$gt": 0}):
        yield Bad(f"{value!r}", "POST /license-orders", 422, "invalid_value", "physician", order(physician=value))
        yield Bad(f"{value!r}", "POST /license-quotes", 422, "invalid_value", "midlevel", {"midlevel": value})
    for name, body, fields in (
        ("none", order(physician=0), "physician midlevel"),
        ("101 in all", order(physician=100, midlevel=1), "physician midlevel"),
        ("no agreement", order(agreement_version=..., agreement_accepted=...), "agreement_version agreement_accepted"),
        ("an old agreement", order(agreement_version="2019-01"), "agreement_version"),
        ("an agreement of NUL", order(agreement_version="\x00"), "agreement_version"),
        ("not accepted", order(agreement_accepted=False), "agreement_accepted"),
        ("accepted as text", order(agreement_accepted="true"), "agreement_accepted"),
        ("accepted as number", order(agreement_accepted=1), "agreement_accepted"),
        ("a price of one's own", order(total_cents=1), "total_cents"),
        ("a prototype", order(__proto__={"admin": True}), "__proto__"),
        ("a name in other letters", order(Physician=1), "Physician"),
        ("all at once", {"physician": -1, "midlevel": "x", "b": 1, "a\r\n": 1},
         "physician midlevel agreement_version agreement_accepted b a\r\n".replace("\r\n", "\\r\\n")),
    ):  # fmt: skip
        yield Bad(name, "POST /license-orders", 422, "invalid_value", fields, body)


IDS = (
    "ord_nope", "0", "-1", "null", "%20", "%00", "..%2F..%2Fetc%2Fpasswd", "'%20OR%20'1'='1", "%7B%7D", "pool", "*",
    "%F0%9F%98%80", "%E2%80%AEabc", "%ED%A0%80", "%EF%B7%BA" * 100, "ord_%0D%0AX-A:%20b", "order%23$our_order",
    "x" * 600,
)  # fmt: skip


def ids() -> Iterator[Bad]:
    """Ids that are another practice's, or nobody's."""
    for id_ in ("$their_order", *IDS):
        yield Bad(f"id {id_[:30]}", f"GET /license-orders/{id_}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"POST /license-orders/{id_}/cancel", 404, "not_found", body={})
    for id_ in ("eve", "EVE", "ada|x", "a", ".", *IDS):
        yield Bad(f"id {id_[:30]}", f"GET /users/{id_}", 404, "not_found")
        for what in ("deactivate", "reactivate", "keep-active", "reset-totp"):
            yield Bad(f"id {id_[:30]}", f"POST /users/{id_}/{what}", 404, "not_found", body={})
    for id_ in (*IDS, "$token", "YWRhfA", "ZXZlfHg", "fA"):
        password = {"password": "nine purple umbrellas"}
        yield Bad(f"link {id_[:30]}", f"POST /password-resets/{id_}", 404, "not_found", body=password, who="nobody")
        yield Bad(f"link {id_[:30]}", f"POST /owner-verifications/{id_}", 404, "not_found", body={}, who="nobody")
        wanted = {"action": "appoint", "username": "pat"}
        yield Bad(f"link {id_[:30]}", f"POST /recoveries/{id_}", 404, "not_found", body=wanted, who="nobody")


def recoveries() -> Iterator[Bad]:
    """What an owner asks for."""
    owner = {"owner_email": "owner@clinic.example"}
    for name, body, fields in (
        ("nothing", {}, "owner_email"),
        ("nobody named", owner, "practice_id username"),
        ("both named", owner | {"username": "ada", "practice_id": "prc_1"}, "practice_id username"),
        ("numbers", {"owner_email": 1, "username": 2, "practice_id": 3}, "owner_email username practice_id"),
        ("no address", {"owner_email": "owner", "username": "ada"}, "owner_email"),
        ("two addresses", {"owner_email": "a@b.example,c@d.example", "username": "ada"}, "owner_email"),
        ("a giant", owner | {"username": "x" * 257}, "username"),
        ("another recipient", owner | {"username": "ada", "to": "me@evil.example"}, "to"),
    ):
        yield Bad(name, "POST /recoveries", 422, "invalid_value", fields, body, who="nobody")
    for name, wanted, fields in (
        ("nothing", {}, "action username"),
        ("another action", {"action": "promote", "username": "pat"}, "action"),
        ("a list", {"action": ["appoint"], "username": ["pat"]}, "action username"),
        ("a role of one's own", {"action": "appoint", "username": "pat", "role": "staff"}, "role"),
    ):
        yield Bad(name, "POST /recoveries/x", 422, "invalid_value", fields, wanted, who="nobody")


def lists() -> Iterator[Bad]:
    """Limits and cursors."""
    for path in ("/users", "/license-orders", "/providers", "/accounts", "/audit"):
        for limit in (
            "0",
            "101",
            "-1",
            "1.5",
            "abc",
            "",
            "null",
            "true",
            "9" * 30,
            "1;2",
            "%00",
            "%F0%9F%98%80",
            "NaN",
        ):
            yield Bad(f"limit {limit[:10]}", f"GET {path}?limit={limit}", 422, "invalid_value", "limit")
        for name, cursor in {
            "made up": "AAAA", "not base64": "%25%25", "not ASCII": "%C3%A9", "a NUL": "%00", "501 long": "A" * 501,
            "unsigned": "b3JkZXIj", "changed": "$changed_cursor", "theirs": "$their_cursor", "cut": "$cut_cursor",
            "of another list": "$users_cursor" if path != "/users" else "$orders_cursor", "sealed nothing": "A" * 22,
        }.items():  # fmt: skip
            yield Bad(f"cursor {name}", f"GET {path}?cursor={cursor}", 422, "invalid_value", "cursor")
        yield Bad("all at once", f"GET {path}?limit=x&Cursor=x&a=b", 422, "invalid_value", "limit Cursor a")


_LINES = (
    "",
    " ",
    " x",
    "x ",
    "x" * 101,
    "a\nb",
    "a\r\nBcc: x@y.z",
    "a\x00b",
    "a\x85b",
    "a\u2028b",
    "\u202ecinilC",
    1,
    None,
)
_ZONES = ("Mars/Olympus", "CST", "../../etc/passwd", "/etc/localtime", "America", "america/chicago", "é/é",
          "right/America/Chicago", "America/Chicago\x00", 5, None)  # fmt: skip


def practices() -> Iterator[Bad]:
    """Changes of the practice."""
    route, this = "PATCH /practice", {"If-Match": '"1"'}
    for field, values in (("name", _LINES), ("time_zone", _ZONES)):
        for value in values:
            yield Bad(f"{field} {value!r:.40}", route, 422, "invalid_value", field, {field: value}, headers=this)
    for field in ("id", "owner_email", "plan", "billing_note", "version"):
        yield Bad(f"another {field}", route, 422, "invalid_value", field, {field: "x"}, headers=this)
    good = {"name": "Elm"}
    yield Bad(
        "all at once",
        route,
        422,
        "invalid_value",
        "name time_zone a",
        {"name": "", "time_zone": 1, "a": 1},
        headers=this,
    )
    yield Bad("no version", route, 428, "if_match_required", body=good)
    yield Bad("an old version", route, 412, "stale_version", body=good, headers={"If-Match": '"0"'})


def sign_ups() -> Iterator[Bad]:
    """Names, addresses, zones, usernames, passwords."""
    bad: dict[str, tuple[Any, ...]] = {
        "practice_name": _LINES,
        "time_zone": _ZONES,
        "username": ("", "ab", "x" * 65, "a b", "a|b", "-ada-", "a\nb", "a\x00b", "😀😀😀", "\u202eada", "<ada>", 5,
                     None, []),
        "password": ("", "short", "x" * 129, "x" * 1025, "x" * 60_000, "passwordpassword", "123456789012", 5,
                     None, ["x"]),
        "owner_email": ("", "x", "@", ".a@b.c", "a.@b.c", "a..b@c.d",
                        "a@b", "a@b.c d", "a@b.c\r\nBcc: x@y.z", "a@b.c\n", "ä@b.example", "a@b@c.d",
                        "a" * 255, 5),
    }  # fmt: skip
    for field, values in bad.items():
        for value in values:
            body = sign_up_body("nora", "Pine Clinic") | {field: value}
            yield Bad(f"{field} {value!r:.40}", "POST /sign-up", 422, "invalid_value", field, body, who="nobody")
    provider: Any = sign_up_body("nora")["provider"]
    for name, changed, fields in (
        ("no provider", None, "provider"),
        ("a list of providers", [provider], "provider"),
        ("an empty provider", {}, "provider.first_name provider.last_name provider.credential provider.email"),
        ("an unknown credential", provider | {"credential": "RN"}, "provider.credential"),
        ("a credential in small letters", provider | {"credential": "md"}, "provider.credential"),
        ("two providers in one", provider | {"email": ["a@b.example"], "x": {}}, "provider.email provider.x"),
    ):
        body = sign_up_body("nora") | {"provider": changed}
        yield Bad(name, "POST /sign-up", 422, "invalid_value", fields, body, who="nobody")
    taken = sign_up_body("nora", "Pine Clinic") | {"username": "EVE"}
    yield Bad("a taken username", "POST /sign-up", 409, "username_taken", body=taken, who="nobody")
    clinic = sign_up_body("nora", "Pine Clinic") | {"password": "pineclinic2026"}
    yield Bad("a password made of names", "POST /sign-up", 422, "invalid_value", "password", clinic, who="nobody")


def logins() -> Iterator[Bad]:
    """One's own login and others'."""
    sign_ins: list[tuple[dict[str, Any], str]] = [
        ({}, "username password"),
        ({"username": 1, "password": []}, "username password"),
        ({"username": "ada", "password": "x" * 1_025}, "password"),
        ({"username": "x" * 257, "password": "x", "totp": 123456}, "username totp"),
        ({"username": {"$ne": ""}, "password": {"$ne": ""}}, "username password"),
        ({"username": "ada", "password": "x", "recovery_code": "x" * 41, "otp": "1"}, "recovery_code otp"),
    ]
    for body, fields in sign_ins:
        yield Bad(f"{body!r:.40}", "POST /sessions", 422, "invalid_value", fields, body, who="nobody")
    new: Any
    for new in ("short", "x" * 129, "adaadaadaada", 5, None):
        change = {"current_password": PASSWORD, "password": new}
        yield Bad(f"password {new!r:.20}", "PUT /me/password", 422, "invalid_value", "password", change)
    users: list[tuple[dict[str, Any], str]] = [
        ({}, "username email"),
        ({"username": "x", "email": "x", "password": "x", "roles": ["site_admin"]}, "username email password roles"),
        ({"username": "sam", "email": "sam@clinic.example\n"}, "email"),
        ({"username": None, "email": None, "password": 1}, "username email password"),
    ]
    for body, fields in users:
        yield Bad(f"{body!r:.40}", "POST /users", 422, "invalid_value", fields, body)
    stolen = {"username": "Eve", "email": "eve@clinic.example"}
    yield Bad("another practice's username", "POST /users", 409, "username_taken", body=stolen)
    code: Any
    for code in (123456, None, "1" * 41, [], True):
        yield Bad(f"code {code!r:.9}", "POST /me/totp/confirm", 422, "invalid_value", "code", {"code": code})
    yield Bad("nothing to confirm", "POST /me/totp/confirm", 409, "totp_not_started", body={"code": "000000"})
    yield Bad("no code of the old one", "POST /me/totp", 403, "totp_required", body={})
    yield Bad("a site admin without it", "DELETE /me/totp", 403, "totp_mandatory")


AREAS = (orders, ids, lists, practices, sign_ups, logins, recoveries)
