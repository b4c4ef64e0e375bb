"""The demo logins of the vendor's people: given by command, set up through their own door."""

from pathlib import Path

from chalicelib.dynamo import Rows, query
from chalicelib.events import EventRow
from chalicelib.identity.rules import STAFF as PREFIX
from chalicelib.identity.sessions import link_token
from chalicelib.identity.tables import UsernameRow
from chalicelib.model import VENDOR, StaffRole
from local.caller import Caller, DemoError
from local.gateway import Gateway
from local.logins import PASSWORD, STAFF, Authenticator, Logins


def make(gateway: Gateway, home: Path, logins: Logins) -> None:
    """Make those that are missing, or whose secret nobody knows. Raises DemoError."""
    for name, role in STAFF.items():
        row = Rows().find(UsernameRow.key(PREFIX + name))
        if row is None or row.totp_seed is None or name not in logins.staff:
            _command(gateway, name, None if row else role)
            _set_up(Caller(gateway), home, logins, name)


def _command(gateway: Gateway, name: str, role: StaffRole | None) -> None:
    """Give the login, or let it begin anew."""
    facts = {"command": "begin_staff_anew", "staff": "local", "name": name}
    if role:
        facts |= {"command": "add_staff", "role": role, "email": f"{name}@vendor.example"}
    answer = gateway.invoke("staff_command", facts)
    if "problem" in answer:
        raise DemoError(f"The demo login {name} could not be made: {answer['problem']['detail']}")


def _set_up(caller: Caller, home: Path, logins: Logins, name: str) -> None:
    """Open the link that was mailed, and set up two-factor."""
    login = PREFIX + name
    told = (event.sk for event in query(EventRow, VENDOR, "evt_", newest_first=True) if event.subject == login)
    caller.call("POST", f"/staff/password-resets/{link_token(login, next(told))}", {"password": PASSWORD})
    caller.token = caller.call("POST", "/staff/sessions", {"username": name, "password": PASSWORD})["token"]
    logins.staff[name] = Authenticator(caller.call("POST", "/staff/totp", {})["secret"])
    logins.save(home)
    caller.call("POST", "/staff/totp/confirm", {"code": logins.next_code(home, lasting=5, name=name)})
