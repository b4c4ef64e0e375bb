"""What the simulated practices look like when an operation begins, seconds before an order's deadline."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp

from chalicelib import clock
from chalicelib.dynamo import query
from chalicelib.events import EventRow
from chalicelib.identity import sessions, totp
from chalicelib.identity.model import Privileges
from chalicelib.identity.rules import is_staff
from chalicelib.identity.standing_rules import next_look
from chalicelib.identity.tables import DormancyRow, FoundRow, LinkRow, PracticeRow, SessionRow, UsernameRow
from chalicelib.mail import AddressRow
from chalicelib.model import VENDOR
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.store import Commit, system_context
from chalicelib.support import due_rules, rules
from chalicelib.support.tables import CounterRow, LeavingRow, TicketRow
from chalicelib.support.usecases import tickets as ticketing
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import storage
from tests.api import Api
from tests.cast import (
    PASSWORD,
    Cast,
    enrolled,
    give_access,
    make_site_admin,
    new_session,
    patient_body,
    practice_with_people,
    provider_body,
    sign_up_body,
)
from tests.conftest import NOON
from tests.licensing.claims import claim_license
from tests.licensing.orders import LAST_SECOND, placed
from tests.providers.steps import seeded
from tests.simulation import laboratory
from tests.simulation.laboratory import Laboratory, Rows
from tests.staff.people import staff_person
from tests.support.steps import ticket_body

NOW = LAST_SECOND - timedelta(seconds=30)
"""When operations begin: one clock step later the order's deadline is over."""
LEASED = timedelta(minutes=10)
"""For so long nobody takes up the move that is under way."""
PATIENTS = tuple(f"pat_{number:026}" for number in range(3))
"""Who is with the first account."""
LENT = timedelta(hours=1)
"""For so long sue may see the patients of our account."""
RECOVERY_CODE = "abcd-efgh-ijkl-mnop"
AUGUST = datetime(2026, 8, 1, 6, tzinfo=UTC)
"""When the decrease takes effect that staff approved, and July is reported."""
LAST_DAY = datetime(2026, 7, 9, 5, tzinfo=UTC)
"""When the day begins in Chicago on which an account is to end."""
TRIALS_END = NOON + timedelta(days=30)
"""When the trials of both practices are over: ours has a license to take their place, theirs has none."""
REMOVAL = timedelta(hours=3)
"""When the data goes of the practice whose trial ended 90 days ago."""
NEW_OWNER = "new.owner@clinic.example"
"""The address that ada wants our owner to have."""
LOST = "lou@clinic.example"
"""The address that mail is stopped to."""
HOLDER = "prv_holder"
ACCOUNTLESS = frozenset({HOLDER, "prv_new", "prv_newer", "prv_bought"})
"""Whom licensing's own operations name: there is a license, but no account."""
_LINK_EVENT = "evt_of_a_link"
PEOPLE = {
    **dict.fromkeys(("ada", "abe", "pat", "tim", "tom", "cleo", "lou"), "ours"),
    **dict.fromkeys(("eve", "max"), "theirs"),
    "ned": "past",
}
"""Who is of which practice. ada, abe, eve and ned are site admins; ada, abe, eve, ned and tom have two-factor, tim is
setting it up; ina is inactive, and mail to lou came back. On our account max may do everything with its profile and
patients, cleo see its profile. ned's practice never bought a license, and its trial is over. The vendor's people are
sam and sid of Support, kim of Accounting, and tia who is setting two-factor up; what they do for a practice, they do
for ours."""
UNUSED = NOW + timedelta(days=2)
"""When thirty days will have passed in which nobody used ada, abe and pat, and 23 in which nobody used tom."""


@dataclass(frozen=True)
class Stage:
    """The practices, and what their people have in hand; `tokens` by username."""

    api: Api
    lab: Laboratory
    cast: Cast
    practices: dict[str, str]
    tokens: dict[str, str]
    codes: dict[str, str]
    idle_token: str
    order_id: str
    provider_id: str
    scheduled_id: str
    ended_id: str
    gone_id: str
    past_id: str
    uploads: dict[str, str]
    tickets: dict[str, int]
    copy_id: str
    owner_link: str
    recovery_link: str
    password_link: str
    find_token: str
    staff_link: str
    invitations: dict[str, str]
    before: Rows
    reset: Callable[[], None]


@contextmanager
def opened() -> Iterator[Stage]:
    """The stage in a laboratory of its own."""
    with laboratory.opened() as lab, clock.frozen(NOW):
        yield _set_up(lab)


def _set_up(lab: Laboratory) -> Stage:
    api = Api()
    past, past_id = _past(api)
    with clock.frozen(NOON):
        cast = practice_with_people(api)
        ours, theirs = cast.site_admin.practice_id, cast.outsider.practice_id
        (signed_up,) = EventRow.query(ours, EventRow.sk.startswith("evt_"))
        for name in ("tim", "tom", "abe", "ina", "lou"):
            body = {"username": name, "email": f"{name}@clinic.example", "password": PASSWORD}
            assert api.post("/users", body, cast.site_admin.token).status_code == 201
        # Four licenses were bought and are held, one by no account; of two accounts that ended, licenses are free.
        with clock.frozen(NOON - timedelta(days=7)):
            placed(api, cast, physician=0, midlevel=4)
        api.tick("charge_due_orders")
        claim_license(cast, HOLDER, "midlevel")
        provider = _account(api, cast, "NP")
        give_access("max", ours, provider, Privileges(profile="full", patients="full"))
        give_access("cleo", ours, provider, Privileges(profile="view"))
        scheduled = _account(api, cast, "PA")
        give_access("max", ours, scheduled, Privileges(codes="view"))
        _deactivated(api, cast.site_admin.token, scheduled, date=LAST_DAY.date().isoformat())
        gone = _account(api, cast, "NP")
        seeded(cast, gone, 3, first=6)
        order = placed(api, cast, physician=1, midlevel=0)
        wanted, granted = (api.post("/license-decreases", {"physician": 1}, cast.site_admin.token) for _ in range(2))
        ended = _account(api, cast, "DO")
        seeded(cast, cast.provider_id, 3)
        seeded(cast, ended, 3, first=3)
        api.tick("relay_events")
    seeds = {"ada": cast.site_admin.seed, "tom": enrolled("tom", ours).seed, "tim": totp.new_seed()}
    make_site_admin("abe", ours)
    enrolled("abe", ours)
    _deactivate_user(api, new_session("ada", ours), "ina")
    _leave_unused()
    AddressRow.key(LOST).row(reason="bounce", at=clock.to_text(NOON), practice_id=ours).save()
    _send_to_owner(theirs)
    with clock.frozen(NOW - timedelta(hours=1)):
        _deactivated(api, new_session("ada", ours), ended)
        _deactivated(api, new_session("ada", ours), gone, reassign_to=provider)
        _lease_moves(ours)
        api.tick("relay_events")
    practices = {"ours": ours, "theirs": theirs, "past": past}
    tokens = {name: new_session(name, practices[side]) for name, side in PEOPLE.items()}
    vendors = {"sam": staff_person("sam"), "sid": staff_person("sid"), "kim": staff_person("kim", "accounting")}
    vendors["tia"] = replace(staff_person("tia", enrolled=False), seed=totp.new_seed())
    for person in vendors.values():
        tokens[person.username], seeds[person.username] = person.token, person.seed
    for name, practice_id in (("tim", ours), ("staff:tia", VENDOR)):
        _begin_two_factor(name, practice_id, tokens[name], seeds[name])
    for name in ("ada", "staff:sam"):
        _print_recovery_code(name)
    for name in ("pat", "staff:kim"):
        _mail_link(name)
    _find_login(tokens["eve"])
    with clock.frozen(NOW - timedelta(minutes=1)):
        idle_token = new_session("pat", ours)
    copy_id = _coded(api, cast, tokens, provider)
    uploads = _pictured(api, tokens["ada"], cast.provider_id, provider)
    imports = f"/providers/{provider}/code-imports"
    uploads["codes"] = api.post(imports, token=tokens["ada"]).json_body["id"]
    _begin_an_import(api, lab, ours, provider)
    _give_up(lab, ours, uploads["lost"])
    tickets = {"fewer": wanted.json_body["ticket_number"], **_ticketed(api, ours, tokens["ada"], uploads)}
    tickets |= {name: _owner_asks_for_tim(api, ours) for name in ("owners", "approved once")}
    once = f"/staff/tickets/{rules.ticket_id(ours, tickets['approved once'])}/approve"
    assert api.post(once, {}, tokens["staff:sid"]).status_code == 200
    give_access("sue", ours, provider, Privileges(patients="view"), clock.to_text(NOW + LENT))
    invitations = _invited(api, tokens, provider)
    _begin_a_move(api, cast, ended, provider)
    with clock.frozen(NOON):  # the last write of all: a late index does not show it yet
        place = f"/staff/tickets/{rules.ticket_id(ours, granted.json_body['ticket_number'])}/approve"
        assert api.post(place, {}, tokens["staff:sam"]).status_code == 200
    reset = lab.saved()
    reset()
    return Stage(
        api=api,
        lab=lab,
        cast=cast,
        practices=practices,
        tokens=tokens,
        codes={name: pyotp.TOTP(seed).at(NOW) for name, seed in seeds.items()},
        idle_token=idle_token,
        order_id=order["id"],
        provider_id=provider,
        scheduled_id=scheduled,
        ended_id=ended,
        gone_id=gone,
        past_id=past_id,
        uploads=uploads,
        tickets=tickets,
        copy_id=copy_id,
        owner_link=sessions.link_token(ours, signed_up.sk),
        recovery_link=sessions.link_token(theirs, _LINK_EVENT),
        password_link=sessions.link_token("pat", _LINK_EVENT),
        invitations=invitations,
        find_token=sessions.link_token("cleo", _LINK_EVENT),
        staff_link=sessions.link_token("staff:kim", _LINK_EVENT),
        before=lab.rows(),
        reset=reset,
    )


def _past(api: Api) -> tuple[str, str]:
    """A practice whose trial ended: it was warned, and the data is due in `REMOVAL`. Gives it and its account."""
    goes = NOW + REMOVAL
    with clock.frozen(goes - timedelta(days=120)):
        made = api.post("/sign-up", sign_up_body("ned", "Past Clinic")).json_body
        practice_id, provider_id = str(made["practice"]["id"]), str(made["provider"]["id"])
        token = enrolled("ned", practice_id).token
        for _ in range(3):
            assert api.post(f"/providers/{provider_id}/patients", patient_body(), token).status_code == 201
        entry = {"code": "A00", "description": "Past"}
        assert api.post(f"/providers/{provider_id}/codes/diagnosis", entry, token).status_code == 201
    for days, handler in ((90, "end_trials"), (7, "sweep_expired")):
        with clock.frozen(goes - timedelta(days=days)):
            assert api.tick(handler)["done"] == 1
            api.tick("relay_events")
    return practice_id, provider_id


def _account(api: Api, cast: Cast, credential: str) -> str:
    """An account with a license that is free."""
    answer = api.post("/providers", provider_body(credential=credential), cast.site_admin.token)
    return str(answer.json_body["id"])


def _deactivated(api: Api, token: str, provider_id: str, **body: str) -> None:
    answer = api.post(f"/providers/{provider_id}/deactivation", {"confirm": True, **body}, token)
    assert answer.status_code in (200, 202), answer.body


def _pictured(api: Api, token: str, pictured: str, other: str) -> dict[str, str]:
    """One account gets an image. Uploads are under way for both: which of them has what name."""
    accounts = {"shown": pictured, "new": pictured, "first": other, "second": other, "lost": other}
    uploads = {
        name: api.post(f"/providers/{account}/image", token=token).json_body["id"] for name, account in accounts.items()
    }
    assert api.post(f"/uploads/{uploads['shown']}/complete", token=token).status_code == 200
    return uploads


def _ticketed(api: Api, practice_id: str, token: str, uploads: dict[str, str]) -> dict[str, int]:
    """Two tickets of ada's that cleo reads along, two in which she asks for a role and for another owner's address, and
    two of ina's, who has left: the number of each. A file is on its way to the first."""
    tickets: dict[str, int] = {}
    for name in ("new", "solved", "left", "left solved"):
        body = ticket_body(subject=f"A {name} ticket", cc=["cleo"])
        tickets[name] = api.post("/tickets", body, token).json_body["number"]
    role = {"username": "tom", "role": "support_user", "action": "add"}
    asked = api.post("/tickets", ticket_body(category="role_change", request=role), token)
    tickets["role"] = asked.json_body["number"]
    owner = ticket_body(category="owner_change", request={"owner_email": NEW_OWNER})
    tickets["owner"] = api.post("/tickets", owner, token).json_body["number"]
    for name in ("solved", "left solved"):
        solved = api.patch(f"/tickets/{tickets[name]}", {"status": "solved"}, token, version=1)
        assert solved.status_code == 200, solved.body
    begun = api.post(f"/tickets/{tickets['new']}/attachments", {"name": "screen.png"}, token)
    uploads["attachment"] = begun.json_body["id"]
    for name in ("left", "left solved"):
        _leave(practice_id, tickets[name], "ina")
    LeavingRow.new(practice_id, "evt_of_leaving", ["ina"], "ada", NOW + timedelta(hours=2)).save()
    api.tick("check_sla")  # of the tickets for fewer licenses
    return tickets


def _leave(practice_id: str, number: int, username: str) -> None:
    """A ticket is of somebody who is inactive since; they are to be looked after in two hours."""
    ctx = system_context("stage", practice_id, NOW, "staged")
    row = ctx.find(TicketRow.key(practice_id, number))
    assert row is not None
    after, event = due_rules.pass_on(row.as_ticket(), username, f"{username}@clinic.example", NOW)
    commit = Commit(ctx)
    ticketing.replace(commit, row.as_ticket(), after, event)
    commit.write(None)


def _owner_asks_for_tim(api: Api, practice_id: str) -> int:
    """Our owner asks that tim be made site admin: a ticket that two of staff have to approve. Gives its number."""
    link = LinkRow.owner_key(practice_id, sessions.secret_hash(sessions.link_secret(_LINK_EVENT)))
    link.row(purpose="recovery", expires_at=int((NOW + timedelta(hours=24)).timestamp())).save()
    place = f"/recoveries/{sessions.link_token(practice_id, _LINK_EVENT)}"
    assert api.post(place, {"action": "appoint", "username": "tim"}).status_code == 202
    return int(CounterRow.get(practice_id, "counter").last)


def _coded(api: Api, cast: Cast, tokens: dict[str, str], provider_id: str) -> str:
    """One account has a diagnosis code. Of the other one's, three were copied to the other practice's account, over one
    that it had; three are being copied by somebody: if they are dead, that is due in `LEASED`. Gives the first copy."""
    ours, theirs = cast.provider_id, cast.their_provider_id

    def add(token: str, place: str, file: str, *entries: dict[str, str]) -> None:
        for entry in entries:
            assert api.post(f"/providers/{place}/codes/{file}", entry, token).status_code == 201

    def copy(token: str, entries: dict[str, list[str]]) -> str:
        body = {"from": ours, "to": theirs, "entries": entries, "on_conflict": "overwrite"}
        answer = api.post("/code-copies", body, token)
        assert answer.status_code == 202, answer.body
        return str(answer.json_body["id"])

    add(tokens["ada"], provider_id, "diagnosis", {"code": "E11.9", "description": "Type 2 diabetes"})
    for file, codes in {"diagnosis": "A00 A01 A02", "billing": "G0001 G0002 G0003"}.items():
        add(tokens["ada"], ours, file, *({"code": code, "description": "Ours"} for code in codes.split()))
    add(
        tokens["ada"], ours, "payers", *({"code": code, "name": "Ours", "type": "other"} for code in ("P1", "P2", "P3"))
    )
    add(tokens["max"], theirs, "diagnosis", {"code": "A01", "description": "Theirs"})
    add(tokens["max"], theirs, "payers", {"code": "P2", "name": "Theirs", "type": "other"})
    done = copy(tokens["max"], {"diagnosis": ["A00", "A01", "A02"]})
    api.tick("continue_code_copies")
    with clock.frozen(NOW + LEASED):
        copy(new_session("max", cast.outsider.practice_id), {"billing": ["G0001", "G0002", "G0003"]})
    return done


def _deactivate_user(api: Api, token: str, username: str) -> None:
    with clock.frozen(NOON):
        assert api.post(f"/users/{username}/deactivate", None, token).status_code == 200
        api.tick("check_sla")
        api.tick("relay_events")


def _leave_unused() -> None:
    """Nobody has used these for long, and everybody else just now."""
    days = {"ada": 30, "abe": 30, "pat": 30, "tom": 23}
    for row in DormancyRow.scan(DormancyRow.sk == "dormancy"):
        since = UNUSED - timedelta(days=days[row.username]) if row.username in days else NOW + timedelta(days=3650)
        DormancyRow.new(row.username, text := clock.to_text(since), next_look(text, NOW)).save()


def _invited(api: Api, tokens: dict[str, str], provider_id: str) -> dict[str, str]:
    """eve is invited twice: max has asked for one invitation, ada offers the other, for a time."""
    bodies: dict[str, Any] = {
        "asked": ("max", {"privileges": {"patients": "view"}}),
        "offered": ("ada", {"access_until": clock.to_text(NOW + LENT)}),
    }
    path = f"/providers/{provider_id}/invitations"
    made = {
        name: api.post(path, {"username": "eve", **body}, tokens[actor]).json_body["id"]
        for name, (actor, body) in bodies.items()
    }
    api.tick("relay_events")
    return made


def _give_up(lab: Laboratory, practice_id: str, upload_id: str) -> None:
    """An upload that is not completed any more; whoever was checking it made its objects nevertheless."""
    given_up = UploadRow.discard(upload_id, clock.to_text(NOW + timedelta(hours=1)))
    UploadRow.key(practice_id, upload_id).row().update(actions=given_up)
    made = storage.places(practice_id, upload_id)
    lab.objects |= {made.image, made.thumbnail}


def _begin_an_import(api: Api, lab: Laboratory, practice_id: str, provider_id: str) -> None:
    """An import that somebody is running, and another file in place of the one that was checked: if they are dead, that
    comes out in `LEASED`."""
    with clock.frozen(NOW + LEASED):
        token, place = new_session("ada", practice_id), f"/providers/{provider_id}/code-imports"
        upload_id = api.post(place, token=token).json_body["id"]
        assert api.post(f"{place}/{upload_id}", {"file": "diagnosis"}, token).status_code == 202
    lab.replaced.add(storage.places(practice_id, upload_id).source)


def _begin_a_move(api: Api, cast: Cast, source: str, to: str) -> None:
    """A move that somebody is running: if they are dead, it is due in `LEASED`."""
    with clock.frozen(NOW + LEASED):
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/providers/{source}/patients/reassign", {"to": to}, token).status_code == 202


def _lease_moves(practice_id: str) -> None:
    """Somebody is running the moves that were begun so far."""
    for move in query(ReassignmentRow, practice_id, "reassignment#"):
        move.update(actions=[ReassignmentRow.due_at.set(clock.to_text(NOW + LEASED))])


def _print_recovery_code(name: str) -> None:
    row = UsernameRow.key(name).row()
    row.update(actions=[UsernameRow.recovery_codes.set({totp.recovery_hash(RECOVERY_CODE)})])


def _mail_link(name: str) -> None:
    link = LinkRow.password_key(name, sessions.secret_hash(sessions.link_secret(_LINK_EVENT)))
    link.row(purpose="password", epoch=0, expires_at=int((NOW + timedelta(minutes=10)).timestamp())).save()


def _send_to_owner(practice_id: str) -> None:
    """Their owner has verified the address, and has a link to bring a site admin back."""
    PracticeRow.key(practice_id).row().update(actions=[PracticeRow.owner_verified_at.set(clock.to_text(NOON))])
    link = LinkRow.owner_key(practice_id, sessions.secret_hash(sessions.link_secret(_LINK_EVENT)))
    link.row(purpose="recovery", expires_at=int((NOW + timedelta(hours=24)).timestamp())).save()


def _begin_two_factor(name: str, practice_id: str, token: str, seed: str) -> None:
    """They see a QR code."""
    session: SessionRow = sessions.Token.parse(token, staff=is_staff(name)).session_key.row()
    session.update(actions=[SessionRow.totp_pending.set(totp.seal(seed, practice_id, name))])


def _find_login(finders_token: str) -> None:
    """eve has found cleo's login."""
    found, finder = (
        FoundRow.key("eve", sessions.secret_hash(sessions.link_secret(_LINK_EVENT))),
        sessions.Token.parse(finders_token).hash,
    )
    until = int((NOW + timedelta(minutes=10)).timestamp())
    found.row(found="cleo", epoch=0, session=finder, expires_at=until).save()
