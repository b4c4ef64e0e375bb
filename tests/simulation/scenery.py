"""The parts of the stage: what its people have done, and have in hand, when an operation begins."""

from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.dynamo import query
from chalicelib.identity import sessions, totp
from chalicelib.identity.rules import is_staff
from chalicelib.identity.standing_rules import next_look
from chalicelib.identity.tables import DormancyRow, FoundRow, LinkRow, PracticeRow, SessionRow, UsernameRow
from chalicelib.providers.patient_tables import ReassignmentRow
from chalicelib.store import Commit, system_context
from chalicelib.support import due_rules
from chalicelib.support.tables import CounterRow, LeavingRow, TicketRow
from chalicelib.support.usecases import tickets as ticketing
from chalicelib.uploads.tables import UploadRow
from chalicelib.uploads.usecases import storage
from tests.api import Api
from tests.cast import Cast, enrolled, new_session, patient_body, provider_body, sign_up_body
from tests.conftest import NOON
from tests.simulation.laboratory import Laboratory
from tests.simulation.script import LEASED, LENT, LINK_EVENT, NEW_OWNER, NOW, RECOVERY_CODE, REMOVAL, UNUSED
from tests.support.steps import ticket_body


def past(api: Api) -> tuple[str, str]:
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


def account(api: Api, cast: Cast, credential: str) -> str:
    """An account with a license that is free."""
    answer = api.post("/providers", provider_body(credential=credential), cast.site_admin.token)
    return str(answer.json_body["id"])


def deactivated(api: Api, token: str, provider_id: str, **body: str) -> None:
    answer = api.post(f"/providers/{provider_id}/deactivation", {"confirm": True, **body}, token)
    assert answer.status_code in (200, 202), answer.body


def pictured(api: Api, token: str, pictured: str, other: str) -> dict[str, str]:
    """One account gets an image. Uploads are under way for both: which of them has what name."""
    accounts = {"shown": pictured, "new": pictured, "first": other, "second": other, "lost": other}
    uploads = {
        name: api.post(f"/providers/{account}/image", token=token).json_body["id"] for name, account in accounts.items()
    }
    assert api.post(f"/uploads/{uploads['shown']}/complete", token=token).status_code == 200
    return uploads


def ticketed(api: Api, practice_id: str, token: str, uploads: dict[str, str]) -> dict[str, int]:
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


def owner_asks_for_tim(api: Api, practice_id: str) -> int:
    """Our owner asks that tim be made site admin: a ticket that two of staff have to approve. Gives its number."""
    link = LinkRow.owner_key(practice_id, sessions.secret_hash(sessions.link_secret(LINK_EVENT)))
    link.row(purpose="recovery", expires_at=int((NOW + timedelta(hours=24)).timestamp())).save()
    place = f"/recoveries/{sessions.link_token(practice_id, LINK_EVENT)}"
    assert api.post(place, {"action": "appoint", "username": "tim"}).status_code == 202
    return int(CounterRow.get(practice_id, "counter").last)


def coded(api: Api, cast: Cast, tokens: dict[str, str], provider_id: str) -> str:
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


def deactivate_user(api: Api, token: str, username: str) -> None:
    with clock.frozen(NOON):
        assert api.post(f"/users/{username}/deactivate", None, token).status_code == 200
        api.tick("check_sla")
        api.tick("relay_events")


def leave_unused() -> None:
    """Nobody has used these for long, and everybody else just now."""
    days = {"ada": 30, "abe": 30, "pat": 30, "tom": 23}
    for row in DormancyRow.scan(DormancyRow.sk == "dormancy"):
        since = UNUSED - timedelta(days=days[row.username]) if row.username in days else NOW + timedelta(days=3650)
        DormancyRow.new(row.username, text := clock.to_text(since), next_look(text, NOW)).save()


def invited(api: Api, tokens: dict[str, str], provider_id: str) -> dict[str, str]:
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


def give_up(lab: Laboratory, practice_id: str, upload_id: str) -> None:
    """An upload that is not completed any more; whoever was checking it made its objects nevertheless."""
    given_up = UploadRow.discard(upload_id, clock.to_text(NOW + timedelta(hours=1)))
    UploadRow.key(practice_id, upload_id).row().update(actions=given_up)
    made = storage.places(practice_id, upload_id)
    lab.objects |= {made.image, made.thumbnail}


def begin_an_import(api: Api, lab: Laboratory, practice_id: str, provider_id: str) -> None:
    """An import that somebody is running, and another file in place of the one that was checked: if they are dead, that
    comes out in `LEASED`."""
    with clock.frozen(NOW + LEASED):
        token, place = new_session("ada", practice_id), f"/providers/{provider_id}/code-imports"
        upload_id = api.post(place, token=token).json_body["id"]
        assert api.post(f"{place}/{upload_id}", {"file": "diagnosis"}, token).status_code == 202
    lab.replaced.add(storage.places(practice_id, upload_id).source)


def begin_a_move(api: Api, cast: Cast, source: str, to: str) -> None:
    """A move that somebody is running: if they are dead, it is due in `LEASED`."""
    with clock.frozen(NOW + LEASED):
        token = new_session("ada", cast.site_admin.practice_id)
        assert api.post(f"/providers/{source}/patients/reassign", {"to": to}, token).status_code == 202


def lease_moves(practice_id: str) -> None:
    """Somebody is running the moves that were begun so far."""
    for move in query(ReassignmentRow, practice_id, "reassignment#"):
        move.update(actions=[ReassignmentRow.due_at.set(clock.to_text(NOW + LEASED))])


def print_recovery_code(name: str) -> None:
    row = UsernameRow.key(name).row()
    row.update(actions=[UsernameRow.recovery_codes.set({totp.recovery_hash(RECOVERY_CODE)})])


def mail_link(name: str) -> None:
    link = LinkRow.password_key(name, sessions.secret_hash(sessions.link_secret(LINK_EVENT)))
    link.row(purpose="password", epoch=0, expires_at=int((NOW + timedelta(minutes=10)).timestamp())).save()


def send_to_owner(practice_id: str) -> None:
    """Their owner has verified the address, and has a link to bring a site admin back."""
    PracticeRow.key(practice_id).row().update(actions=[PracticeRow.owner_verified_at.set(clock.to_text(NOON))])
    link = LinkRow.owner_key(practice_id, sessions.secret_hash(sessions.link_secret(LINK_EVENT)))
    link.row(purpose="recovery", expires_at=int((NOW + timedelta(hours=24)).timestamp())).save()


def begin_two_factor(name: str, practice_id: str, token: str, seed: str) -> None:
    """They see a QR code."""
    session: SessionRow = sessions.Token.parse(token, staff=is_staff(name)).session_key.row()
    session.update(actions=[SessionRow.totp_pending.set(totp.seal(seed, practice_id, name))])


def find_login(finders_token: str) -> None:
    """eve has found cleo's login."""
    found, finder = (
        FoundRow.key("eve", sessions.secret_hash(sessions.link_secret(LINK_EVENT))),
        sessions.Token.parse(finders_token).hash,
    )
    until = int((NOW + timedelta(minutes=10)).timestamp())
    found.row(found="cleo", epoch=0, session=finder, expires_at=until).save()
