"""Identity's pages of the second book."""

from typing import Any

from chalicelib.identity.tables import partition_of
from tests.simulation.audit import Facts, value
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows of logins and practices."""
    kind = sk.partition("#")[0]
    if kind == "username":
        yield ("username", pk), 1
        yield ("epoch", pk), row["epoch"]
    if kind == "username" and not pk.startswith("staff#"):
        yield ("status", pk, row["status"]), 1
        for role in row.get("roles", ()):
            yield ("role", pk, role), 1
    if kind == "practice":
        yield ("practice", pk), 1
        yield ("practice version", pk), row["version"]
        yield ("verified", pk), int("owner_verified_at" in row)
        yield ("recoveries", pk), row["recoveries"]
    elif kind in ("session", "link", "account", "dormancy"):
        yield (kind, pk), 1
    elif kind == "grant":
        yield (sk, pk), 1


def _of_login(changes: dict[str, int]) -> Any:
    return lambda pk, subject, row: (((kind, partition_of(subject)), count) for kind, count in changes.items())


def _signed_up(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield from _new(f"username#{value(row, 'username')}")
    yield ("role", f"username#{value(row, 'username')}", "site_admin"), 1
    yield ("ledger", pk, "trial", value(row, "provider_id")), 1
    kinds = ("practice", "practice version", "link", "provider", "provider version", "caseload", "claim", "roster")
    for kind in (*kinds, "account"):
        yield (kind, pk), 1
    yield (f"grant#{value(row, 'provider_id')}", f"username#{value(row, 'username')}"), 1


def _verified(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("verified", pk), 1
    yield ("practice version", pk), 1
    yield ("link", pk), -1


def _user_created(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield from _new(f"username#{subject}")
    yield ("link", f"username#{subject}"), int("link_until" in parsed(row["after"]))


def _new(pk: str) -> Facts:
    yield ("username", pk), 1
    yield ("status", pk, "active"), 1
    yield ("dormancy", pk), 1


def _standing(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    username, before, after = f"username#{subject}", parsed(row["before"]), value(row, "status")
    active = (after == "active") - (before["status"] == "active")
    yield ("status", username, before["status"]), -1
    yield ("status", username, after), 1
    yield ("dormancy", username), active
    yield ("epoch", username), int(after != "active")
    yield ("practice version", pk), int("site_admin" in before.get("roles", ()) and active != 0)


def _role(change: int) -> Any:
    def tell(pk: str, subject: str, row: dict[str, Any]) -> Facts:
        before, after = (parsed(row[name]) for name in ("before", "after"))
        for role in {*before["roles"]} ^ {*after["roles"]}:
            yield ("role", f"username#{subject}", role), change
            yield ("practice version", pk), int(role == "site_admin" and "status" not in before)

    return tell


def _recovered(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    username, before, after = f"username#{subject}", parsed(row["before"]), parsed(row["after"])
    yield ("status", username, before["status"]), -1
    yield ("status", username, "active"), 1
    yield ("dormancy", username), int(before["status"] != "active")
    for role in {*after["roles"]} - {*before["roles"]}:
        yield ("role", username, role), 1
    yield ("epoch", username), 1
    yield ("recoveries", pk), 1
    yield ("practice version", pk), 1


def _let_in(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield (f"grant#{value(row, 'provider_id')}", f"username#{subject}"), 1


def _practice_edited(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    after = parsed(row["after"])
    yield ("practice version", pk), 1
    yield ("ledger", pk, "terms", subject), int("name" in after)
    yield ("zone change", pk), int("time_zone" in after)


def _owner_changed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("practice version", pk), 1
    yield ("recoveries", pk), 1
    yield ("verified", pk), -int(parsed(row["before"])["verified"])


TOLD = {
    "practice.owner_email_changed": _owner_changed,
    "grant.given": _let_in,
    "practice.edited": _practice_edited,
    "practice.signed_up": _signed_up,
    "practice.owner_verified": _verified,
    "username.created": _user_created,
    "session.opened": _of_login({"session": 1}),
    "session.closed": _of_login({"session": -1}),
    "session.ended": _of_login({"epoch": 1}),
    "password.link_requested": _of_login({"link": 1}),
    "password.changed": _of_login({"epoch": 1}),
    "password.reset": _of_login({"epoch": 1, "link": -1}),
    "totp.started": _of_login({}),
    "totp.enrolled": _of_login({"epoch": 1}),
    "totp.removed": _of_login({}),
    "staff.added": _of_login({"username": 1, "link": 1}),
    "staff.begun_anew": _of_login({"epoch": 1, "link": 1}),
    "staff.ended": _of_login({"epoch": 1}),
    "totp.reset": _of_login({"epoch": 1}),
    "username.deactivated": _standing,
    "username.reactivated": _standing,
    "username.blocked": _standing,
    "username.deleted": _standing,
    "username.kept_active": _of_login({}),
    "username.unused": _of_login({}),
    "role.added": _role(1),
    "practice.owner_link_requested": lambda pk, subject, row: [(("link", pk), 1)],
    "recovery.link_requested": lambda pk, subject, row: [(("link", pk), 1)],
    "recovery.filed": lambda pk, subject, row: [(("link", pk), -1)],
    "recovery.carried_out": _recovered,
    "role.removed": _role(-1),
}
