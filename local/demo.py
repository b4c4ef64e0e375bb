"""The demo practice: made through the API on first start, made anew where it is missing."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.codes.tables import EntryRow, FindingRow, place
from chalicelib.dynamo import Rows, query
from chalicelib.identity.tables import UsernameRow
from chalicelib.licensing.model import LICENSE_TYPE_OF
from chalicelib.providers.patient_tables import PatientRow
from chalicelib.providers.tables import CaseloadRow
from local import demo_codes, demo_master, demo_people, demo_tickets
from local.caller import Caller
from local.demo_people import CLINICIANS, HAS_LEFT, LEAVES_TOMORROW, SUCCESSOR
from local.gateway import Gateway
from local.logins import ADMIN, PASSWORD, PRACTICE, USER, Authenticator, Logins


def make(gateway: Gateway, home: Path) -> Logins:
    """Make the demo practice, or what is missing of it: an earlier try may have been interrupted anywhere.

    Raises DemoError, and NoLogins when the practice is there but `demo.json` is not.
    """
    if Rows().find(UsernameRow.key(USER)):  # made last, so all the rest is there
        return Logins.load(home)
    caller = Caller(gateway)
    caller.call("POST", "/sign-up", _SIGN_UP, expect=("username_taken",))
    logins = _sign_in(caller, home)
    if not caller.call("GET", "/license-orders")["items"]:
        version = caller.call("GET", "/license-agreement")["version"]
        types = Counter(LICENSE_TYPE_OF[each.credential] for each in CLINICIANS)  # type: ignore[index]
        counts = {"physician": types["physician"] + 1, "midlevel": types["midlevel"] + 2}
        caller.call("POST", "/license-orders", counts | {"agreement_version": version, "agreement_accepted": True})
    _open_accounts(caller)
    demo_master.make(gateway, caller)
    _file_tickets(caller)
    caller.call("POST", "/users", {"username": USER, "email": "user@elm-street.example", "password": PASSWORD})
    return logins


def _file_tickets(caller: Caller) -> None:
    """Twenty tickets, in every status; one of them came over the public form."""
    if not caller.call("GET", "/tickets")["items"]:
        demo_tickets.seed(caller.call("GET", "/practice")["id"], ADMIN)
        caller.call("POST", "/emergency-tickets", _EMERGENCY)


def _open_accounts(caller: Caller) -> None:
    """The other clinicians, with their patients; one leaves tomorrow, and one has left."""
    known = {each["email"] for each in _accounts(caller)}
    for number, clinician in enumerate(CLINICIANS):
        opening = demo_people.body(number, clinician)
        if opening["email"] not in known:
            caller.call("POST", "/providers", opening, key=opening["email"])
    accounts = {f"{each['first_name']} {each['last_name']}": each for each in _accounts(caller)}
    shares = {f"{each.first_name} {each.last_name}": each.share for each in CLINICIANS}
    practice = caller.call("GET", "/practice")
    _seed_codes(practice["id"], accounts[demo_codes.OWNER]["id"])
    _seed_patients(practice["id"], {each["id"]: shares.get(name, 4) for name, each in accounts.items()})
    ends: dict[str, Any] = {"confirm": True}
    if accounts[HAS_LEFT]["status"] == "active":
        caller.call("POST", f"/providers/{accounts[HAS_LEFT]['id']}/deactivation", ends)
    if not accounts[LEAVES_TOMORROW]["scheduled_deactivation"]:
        tomorrow = clock.now().astimezone(ZoneInfo(practice["time_zone"])).date() + timedelta(days=1)
        ends |= {"date": tomorrow.isoformat(), "reassign_to": accounts[SUCCESSOR]["id"]}
        caller.call("POST", f"/providers/{accounts[LEAVES_TOMORROW]['id']}/deactivation", ends)


def _accounts(caller: Caller) -> list[dict[str, Any]]:
    return list(caller.call("GET", "/providers?limit=100")["items"])


def _seed_codes(practice_id: str, provider_id: str) -> None:
    """The code files of one account, unless it has any; written in one go, too."""
    pk = place(practice_id, provider_id)
    if query(EntryRow, pk, "", limit=1):
        return
    entries = list(demo_codes.entries())
    with EntryRow.batch_write() as batch:
        for each in entries:
            batch.save(EntryRow.new(pk, each, None))
    with FindingRow.batch_write() as findings:
        for each in entries:
            for row in FindingRow.all_of(pk, each).values():
                findings.save(row)


def _seed_patients(practice_id: str, shares: dict[str, int]) -> None:
    """Written in one go, without an event for each: these, the codes and the tickets are the only rows past the API."""
    patients = list(demo_people.patients(shares))
    with PatientRow.batch_write() as batch:
        for each in patients:
            batch.save(PatientRow.new(practice_id, each))
    for account, count in Counter(each.provider_id for each in patients).items():
        CaseloadRow.key(practice_id, account).row().update(actions=[CaseloadRow.patients.set(count)])


_EMERGENCY = {
    "subject": "Nobody at the front desk gets in",
    "body": "All of us are refused since this morning. Please call.",
    "contact_email": "desk@elm-street.example",
    "contact_name": "The front desk",
    "username": ADMIN,
}
_SIGN_UP = {
    "practice_name": PRACTICE,
    "time_zone": "America/Chicago",
    "provider": {"first_name": "Grace", "last_name": "Murray", "credential": "MD", "email": "gm@elm-street.example"},
    "username": ADMIN,
    "password": PASSWORD,
    "owner_email": "owner@elm-street.example",
}


def _sign_in(caller: Caller, home: Path) -> Logins:
    """Sign in as the site admin, with two-factor set up if it is not yet."""
    login = {"username": ADMIN, "password": PASSWORD}
    session = caller.call("POST", "/sessions", login, expect=("totp_required",))
    if "token" not in session:
        logins = Logins.load(home)
        session = caller.call("POST", "/sessions", login | {"totp": logins.next_code(home, lasting=5)})
    caller.token = session["token"]
    if session["enrollment_required"]:
        logins = Logins(Authenticator(caller.call("POST", "/me/totp", {})["secret"]))
        logins.save(home)
        caller.call("POST", "/me/totp/confirm", {"code": logins.next_code(home, lasting=5)})
    return logins
