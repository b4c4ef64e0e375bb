"""Bad requests about who reaches a provider account. `test_bad_input.py` sends them."""

from collections.abc import Iterator
from typing import Any

from tests.bad_requests import Bad
from tests.bad_values import IDS

_PLACE = "/providers/$our_provider/usernames"
_NEW = {"username": "mia", "email": "mia@clinic.example"}
_BAD: dict[str, tuple[Any, ...]] = {
    "username": ("", "ab", "a b", "x" * 65, "-ab", "ab\n", "a\x00bc", "mia#x", "mia|x", 5, None, [], {}),
    "email": ("", "x", "a@b", "a@b.c\r\nBcc: x@y.z", "ä@b.example", "a" * 255, 5, None),
    "password": ("", "short", "password1234", "x" * 129, "miamiamiamia", "Elm Street Clinic", 5, []),
    "privileges": ("full", 1, [], ["full"], True),
    "privileges.profile": ("all", "Full", "", 1, None, []),
    "privileges.reports": ("read",),
    "privileges.billing": ("full",),
}
_FOREIGN = ("roles", "practice_id", "provider_id", "version", "status")
_NOBODY = ("nobody", "pat", "eve", "a", "cleo%23grant", "%00", "x" * 300, "%EF%B7%BA" * 50)


def _with(field: str, value: Any) -> dict[str, Any]:
    name, _, inner = field.partition(".")
    return _NEW | {name: {inner: value} if inner else value}


def additions() -> Iterator[Bad]:
    """New usernames of an account."""
    for field, values in _BAD.items():
        for value in values:
            yield Bad(f"{field} {value!r:.30}", f"POST {_PLACE}", 422, "invalid_value", field, _with(field, value))
    for field in _FOREIGN:
        yield Bad(f"a {field} of one's own", f"POST {_PLACE}", 422, "invalid_value", field, _NEW | {field: "x"})
    yield Bad("nothing", f"POST {_PLACE}", 422, "invalid_value", "username email", {})
    worst = {"username": "a", "email": "b", "password": "c", "privileges": {"codes": "d", "e": "full"}}
    yield Bad(
        "all at once",
        f"POST {_PLACE}",
        422,
        "invalid_value",
        "username email password privileges.codes privileges.e",
        worst,
    )
    for name in ("pat", "PAT", "eve", "ｅｖｅ"):
        yield Bad(f"{name} again", f"POST {_PLACE}", 409, "username_taken", body=_NEW | {"username": name})
    for id_ in ("$their_provider", *IDS):
        yield Bad(f"on {id_[:30]}", f"POST /providers/{id_}/usernames", 404, "not_found", body=_NEW)
        yield Bad(f"on {id_[:30]}", f"GET /providers/{id_}/usernames", 404, "not_found")


def changes() -> Iterator[Bad]:
    """Privileges and departures."""
    route = f"PUT {_PLACE}/cleo/privileges"
    bad: tuple[Any, ...] = ("all", "FULL", "", 1, True, None, [], {})
    for value in bad:
        yield Bad(f"codes {value!r}", route, 422, "invalid_value", "codes", {"codes": value})
    for field in ("privileges", "version", "billing"):
        yield Bad(f"a {field}", route, 422, "invalid_value", field, {field: {"codes": "full"}})
    yield Bad("several", route, 422, "invalid_value", "codes reports x", {"codes": 1, "reports": "x", "x": "full"})
    yield Bad("an old version", route, 412, "stale_version", body={}, headers={"If-Match": '"7"'})
    yield Bad("no version", route, 400, "bad_if_match", body={}, headers={"If-Match": "1"})
    for name in _NOBODY:
        yield Bad(f"of {name[:20]}", f"PUT {_PLACE}/{name}/privileges", 404, "not_found", body={"codes": "full"})
        yield Bad(f"of {name[:20]}", f"GET {_PLACE}/{name}", 404, "not_found")
        yield Bad(f"of {name[:20]}", f"DELETE {_PLACE}/{name}", 404, "not_found")
    for id_ in ("$their_provider", *IDS):
        place = f"/providers/{id_}/usernames/cleo"
        yield Bad(f"on {id_[:30]}", f"PUT {place}/privileges", 404, "not_found", body={"codes": "full"})
        yield Bad(f"on {id_[:30]}", f"DELETE {place}", 404, "not_found")


def queries() -> Iterator[Bad]:
    """The list."""
    for query, fields in {"limit=0": "limit", "limit=x": "limit", "cursor=x": "cursor", "q=a": "q"}.items():
        yield Bad(query, f"GET {_PLACE}?{query}", 422, "invalid_value", fields)


_FOUND = {"find_token": "x", "provider_ids": ["$our_provider"]}
_BAD_FINDS: list[tuple[dict[str, Any], str]] = [
    ({}, "username password"),
    ({"username": 1, "password": []}, "username password"),
    ({"username": None, "password": None, "totp": 1}, "username password totp"),
    ({"username": "x" * 257, "password": "x" * 1_025, "totp": "x" * 41}, "username password totp"),
    ({"username": {"$ne": ""}, "password": "x"}, "username"),
    ({"username": "eve", "password": "x", "recovery_code": "x"}, "recovery_code"),
    ({"username": "eve", "password": "x", "provider_id": "x", "practice_id": "x"}, "practice_id provider_id"),
    ({"username": "ADA", "password": "x"}, "username"),
]


def finds() -> Iterator[Bad]:
    """Other logins, and tokens of those that were found."""
    for body, fields in _BAD_FINDS:
        yield Bad(f"{body!r:.40}", "POST /accounts/find", 422, "invalid_value", fields, body)
    bad: dict[str, tuple[Any, ...]] = {
        "find_token": (1, None, [], "x" * 1_025),
        "provider_ids": ([], "x", None, {}, ["x"] * 20, 5),
    }
    for field, values in bad.items():
        for value in values:
            name = f"{field} {value!r:.30}"
            yield Bad(name, "POST /accounts/join", 422, "invalid_value", field, _FOUND | {field: value})
    for value in (1, None, "", "x" * 65, {}):
        ids: dict[str, Any] = {"provider_ids": [value]}
        yield Bad(f"an id {value!r:.20}", "POST /accounts/join", 422, "invalid_value", "provider_ids[0]", _FOUND | ids)
    yield Bad("nothing", "POST /accounts/join", 422, "invalid_value", "find_token provider_ids", {})
    yield Bad("privileges", "POST /accounts/join", 422, "invalid_value", "privileges", _FOUND | {"privileges": {}})
    for token in ("", "x", "%00", "\x00", "YWRhfA", "ZXZlfHg", "fA", "é", "💥", "$token", "eve|x"):
        body = _FOUND | {"find_token": token}
        yield Bad(f"token {token[:20]!r}", "POST /accounts/join", 404, "find_token_unknown", body=body)
    for who in ("nobody", "ended"):
        yield Bad(f"{who} joins", "POST /accounts/join", 401, "not_signed_in", body=_FOUND, who=who)
        yield Bad(f"{who} finds", "POST /accounts/find", 401, "not_signed_in", body=_BAD_FINDS[0][0], who=who)


_INVITE = {"username": "eve"}
_BAD_INVITATIONS: dict[str, tuple[Any, ...]] = {
    "username": ("", "ab", "a b", "x" * 65, "-ab", "eve\n", "e\x00ve", "eve|x", 5, None, [], {}, "ada"),
    "privileges": ("full", 1, [], True),
    "privileges.codes": ("all", 1, None),
    "access_until": ("", "soon", 1, [], {}, "2026-07-03", "2026-07-03T10:00:00", "2026-07-02T15:59:59Z",
                     "2040-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    "status": ("offered",),
    "provider_id": ("$their_provider",),
}  # fmt: skip


def invitations() -> Iterator[Bad]:
    """Who is invited, and what nobody is invited to."""
    path = "/providers/$our_provider/invitations"
    for field, values in _BAD_INVITATIONS.items():
        name, _, inner = field.partition(".")
        for value in values:
            body = _INVITE | {name: {inner: value} if inner else value}
            yield Bad(f"{field} {value!r:.30}", f"POST {path}", 422, "invalid_value", field, body)
    yield Bad("nothing", f"POST {path}", 422, "invalid_value", "username", {})
    for name in ("cleo", "CLEO", "max"):
        yield Bad(f"{name} again", f"POST {path}", 409, "already_granted", body={"username": name})
    for query, fields in {"limit=0": "limit", "cursor=x": "cursor", "q=a": "q"}.items():
        yield Bad(query, f"GET {path}?{query}", 422, "invalid_value", fields)
        yield Bad(query, f"GET /invitations?{query}", 422, "invalid_value", fields)
    for id_ in IDS:
        yield Bad(f"id {id_[:30]}", f"GET {path}/{id_}", 404, "not_found")
        yield Bad(f"id {id_[:30]}", f"DELETE {path}/{id_}", 404, "not_found")
        for how in ("accept", "decline"):
            yield Bad(f"id {id_[:30]}", f"POST /invitations/{id_}/{how}", 404, "not_found", body={})
    for id_ in ("$their_provider", "prv_none"):
        yield Bad(f"on {id_[:30]}", f"POST /providers/{id_}/invitations", 404, "not_found", body=_INVITE)


AREAS = (additions, changes, queries, finds, invitations)
