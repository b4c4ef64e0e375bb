"""One tour of every route and scheduled handler, which the tests of their permissions and of their cost both take."""

import re
from itertools import count
from typing import Any
from unittest.mock import patch

from chalicelib import answers, clock
from chalicelib.http import ROUTES
from chalicelib.support.rules import ticket_id
from tests.api import Api, if_match
from tests.cast import PASSWORD, Cast, enrolled, give_access, new_session, patient_body, provider_body, sign_up_body
from tests.codes.steps import seeded as seeded_codes
from tests.feedback import bounced
from tests.identity.steps import NEW_PASSWORD, WRONG, code_of, later, mailed_link
from tests.licensing.orders import FIRST_OF_AUGUST, TOO_LATE, order_body
from tests.providers.steps import closed, seeded
from tests.staff.people import staff_person
from tests.uploads.pictures import picture
from tests.uploads.steps import posted
from tests.world import World


def route_of(method: str, path: str) -> str:
    """The name of the route that serves a request."""
    bare = path.partition("?")[0]
    return min(
        (
            route.name
            for route in ROUTES
            if route.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), bare)
        ),
        key=lambda name: name.count("{"),
    )


class Tour:
    """Requests, each with its own Idempotency-Key, and the routes they went through."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.walked: set[str] = set()
        self.key = count()

    def go(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        status: int = 200,
        version: int | None = None,
    ) -> Any:
        """One request that must be answered with `status`, an edit of `version`; gives the body."""
        key = f"tour {next(self.key)}"
        answer = self.api.request(method, path, body, token=token, key=key, headers=if_match(version))
        assert answer.status_code == status, (method, path, answer.body)
        self.walked.add(route_of(method, path))
        return answer.json_body if answer.body.startswith((b"{", b"[")) else None

    def staff(self, command: str, **facts: Any) -> None:
        """One staff command that must be carried out."""
        answer = self.api.staff(command, **facts)
        assert "problem" not in answer, answer

    def tick(self, handler: str, counted: str = "done") -> int:
        """One scheduled run that must do something, and without failures; gives how much, by its own count."""
        report = self.api.tick(handler)
        assert (report[counted] > 0, report["failed"]) == (True, 0), report
        return int(report[counted])

    def told(self, message: dict[str, Any]) -> None:
        """What SES tells, which must stop mail to an address."""
        assert self.api.told(message)["done"] == 1


def look_for_help(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    tour.go("GET", "/help/articles?limit=1", token=token)
    with later(minutes=2):  # the session's last use is noted
        found = tour.go("GET", "/help/articles?q=dactivate+provider", token=token)
    tour.go("GET", f"/help/articles/{found['items'][0]['slug']}", token=token)


def see_the_system(tour: Tour) -> None:
    for path in ("/health", "/ready", "/openapi.json", "/docs"):
        tour.go("GET", path)


def sign_up(tour: Tour, world: World) -> None:
    tour.go("POST", "/sign-up", sign_up_body("zoe", "Birch Lane Clinic"), status=201)
    link = mailed_link(tour.api, world, "owner.zoe@clinic.example")
    tour.go("POST", link, status=204)


def sign_in(tour: Tour, cast: Cast) -> None:
    admin, body = cast.site_admin, {"username": cast.site_admin.username, "password": PASSWORD}
    tour.go("POST", "/sessions", body | {"password": WRONG}, status=401)
    tour.go("POST", "/sessions", body | {"totp": admin.code()}, status=201)
    with later(seconds=30):  # with the next code, and no failure to forget
        session = tour.go("POST", "/sessions", body | {"totp": admin.code()}, status=201)
    tour.go("GET", "/sessions/current", token=session["token"])
    tour.go("DELETE", "/sessions/current", token=session["token"], status=204)


def care_for_ones_login(tour: Tour, cast: Cast, world: World) -> None:
    plain = cast.plain_user
    with later(minutes=2):  # so that the session's last use is noted
        tour.go("GET", "/me", token=plain.token)
    tour.go("GET", "/accounts?limit=1", token=cast.master.token)
    seed = tour.go("POST", "/me/totp", {}, plain.token)["secret"]
    tour.go("POST", "/me/totp/confirm", {"code": code_of(seed)}, plain.token)
    tour.go("DELETE", "/me/totp", token=plain.token, status=204)
    change = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    tour.go("PUT", "/me/password", change, plain.token, status=204)
    tour.go("POST", "/password-resets", {"username": plain.username}, status=202)
    link = mailed_link(tour.api, world, f"{plain.username}@clinic.example")
    tour.go("POST", link, {"password": PASSWORD}, status=204)


def administer(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    tour.go("GET", "/practice", token=token)
    tour.go("POST", "/users", {"username": "new.user", "email": "new@clinic.example"}, token, status=201)
    tour.go("GET", "/users?limit=1", token=token)
    tour.go("GET", "/users/new.user", token=token)
    tour.go("POST", "/users", {"username": "old.user", "email": "old@clinic.example"}, token, status=201)
    tour.go("DELETE", "/users/old.user", token=token, status=204)
    with later(minutes=1):
        for what in ("keep-active", "deactivate", "reactivate"):
            tour.go("POST", f"/users/new.user/{what}", token=new_session("ada", cast.site_admin.practice_id))
    tour.go("PUT", "/users/new.user/email", {"email": "newer@clinic.example"}, token)
    tour.told(bounced("newer@clinic.example", practice_id=cast.site_admin.practice_id))
    tour.go("DELETE", "/users/new.user/mail-stop", token=token, status=204)
    tour.told(bounced("ada@clinic.example", practice_id=cast.site_admin.practice_id))
    tour.go("DELETE", "/me/mail-stop", token=token, status=204)
    enrolled("new.user", cast.site_admin.practice_id)
    tour.go("POST", "/users/new.user/reset-totp", token=token)
    tour.go("GET", "/audit?limit=1", token=token)


def buy_licenses(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    with later(minutes=2):  # here, too, the session's last use is noted
        tour.go("GET", "/licenses", token=token)
    tour.go("GET", "/license-agreement", token=token)
    tour.go("POST", "/license-quotes", {"physician": 2, "midlevel": 1}, token)
    order = tour.go("POST", "/license-orders", order_body(), token, status=201)
    tour.go("POST", f"/license-orders/{order['id']}/cancel", token=token)
    order = tour.go("POST", "/license-orders", order_body(), token, status=201)
    tour.go("GET", "/license-orders?limit=1", token=token)
    tour.go("GET", f"/license-orders/{order['id']}", token=token)
    tour.go("GET", "/license-ledger?limit=1", token=token)
    tour.go("GET", "/license-ledger.csv", token=token)
    tour.go("GET", "/reconciliation", token=token)


def keep_providers(tour: Tour, cast: Cast) -> None:
    """Open accounts with a bought license and with a new one, find them, and edit them until the license changes."""
    token = cast.site_admin.token
    opened = tour.go("POST", "/providers", provider_body(), token, status=201)
    agreement = {"add_license": True, "agreement_version": "2026-11", "agreement_accepted": True}
    tour.go("POST", "/providers", provider_body(npi="1234567893", **agreement), token, status=201)
    with later(minutes=4):  # the session's last use is noted here too
        tour.go("GET", "/providers?limit=1", token=token)
    tour.go("GET", "/providers?q=joh&status=active&limit=1", token=token)
    path = f"/providers/{opened['id']}"
    tour.go("GET", path, token=token)
    tour.go("PATCH", path, {"last_name": "Zeller", "credential": "NP"}, token, version=1)
    tour.go("GET", f"{path}/configuration", token=token)
    tour.go("PUT", f"{path}/configuration", {"outcome_threshold": 5}, token, version=0)
    tour.go("PUT", f"{path}/configuration", {}, token)


def care_for_patients(tour: Tour, cast: Cast) -> None:
    """Register patients, find them again, and move them: a few at once, and more than a request moves."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/patients"
    patient = tour.go("POST", path, patient_body(), token, status=201)
    tour.go("GET", f"{path}?limit=1", token=token)
    tour.go("GET", f"{path}/{patient['id']}", token=token)
    theirs = f"/providers/{cast.their_provider_id}/patients"
    tour.go("POST", theirs, patient_body(), cast.outsider.token, status=201)  # who goes with their trial
    target, third = (tour.go("GET", f"/providers?q={name}", token=token)["items"][0]["id"] for name in ("joh", "zel"))
    tour.go("POST", f"{path}/reassign", {"to": third, "patient_ids": [patient["id"]]}, token, status=202)
    chosen = seeded(cast, cast.provider_id, 46)
    move = tour.go("POST", f"{path}/reassign", {"to": target, "patient_ids": chosen}, token, status=202)
    tour.tick("continue_reassignments")
    tour.go("GET", f"/reassignments/{move['id']}", token=token)
    tour.go("GET", f"/providers/{cast.provider_id}/reassignments/{move['id']}", token=token)
    tour.go("POST", f"/providers/{target}/patients/reassign", {"to": third}, token, status=202)
    closed(cast, third)
    tour.tick("continue_reassignments")  # which stops
    tour.go("GET", "/patients?unassigned=true&limit=1", token=token)


def end_accounts(tour: Tour, cast: Cast) -> None:
    """Deactivate accounts and take it back, now and on a day to come, in one time zone and then in another."""
    token, agreement = cast.site_admin.token, {"agreement_version": "2026-11", "agreement_accepted": True}
    first, second = (
        tour.go("POST", "/providers", provider_body(add_license=True, **agreement), token, status=201)["id"]
        for _ in range(2)
    )
    give_access("cleo", cast.site_admin.practice_id, first)
    path, to = f"/providers/{first}", {"reassign_to": second, "confirm": True}
    tour.go("GET", f"/providers/{cast.provider_id}/deactivation-preview", token=token)
    tour.go("POST", f"{path}/deactivation", to | {"date": "2026-07-04"}, token, status=202)
    tour.go("DELETE", f"{path}/deactivation", token=token)
    tour.go("POST", f"{path}/deactivation", to, token)
    tour.go("POST", f"{path}/deactivation/undo", token=token)
    tour.go("POST", f"{path}/deactivation", to, token)
    tour.go("POST", f"{path}/reactivation", token=token)
    tour.go("POST", f"{path}/deactivation", to | {"date": "2026-07-04"}, token, status=202)
    version = tour.go("GET", "/practice", token=token)["version"]
    tour.go("PATCH", "/practice", {"name": "Elm Street", "time_zone": "America/Denver"}, token, version=version)
    tour.tick("deactivate_due")
    with clock.frozen(TOO_LATE):
        tour.tick("deactivate_due")


def let_trials_end(tour: Tour) -> None:
    """Warn of the trials' ends, then end them: one takes a license that was bought, one ends its account."""
    with later(days=29):
        tour.tick("end_trials")
    with later(days=30, minutes=1):
        tour.tick("end_trials")


def let_data_go(tour: Tour) -> None:
    """Warn that what the ended trials leave goes, let it go, and look once more."""
    for days in (114, 121, 122):
        with later(days=days):
            tour.tick("sweep_expired")


def forget_usernames(tour: Tour) -> None:
    """Warn of usernames that nobody uses, then block them."""
    for days in (24, 31):
        with later(days=days):
            tour.tick("block_dormant")


def be_the_owner(tour: Tour, cast: Cast, world: World) -> None:
    """Verify the owner's address, and ask for a second site admin; another practice's owner gets another link."""
    owner = "owner.ada@clinic.example"
    tour.go("POST", "/practice/owner-verification", token=cast.outsider.token, status=202)
    verification = next(mail.body for mail in world.emails() if mail.to == owner and "Verify" in mail.subject)
    token = re.findall(r"/console/verify-owner/(\S+)", verification)[0]
    tour.go("POST", f"/owner-verifications/{token}", status=204)
    tour.go("POST", "/recoveries", {"username": "ada", "owner_email": owner}, status=202)
    link = mailed_link(tour.api, world, owner)
    tour.go("POST", link, {"action": "appoint", "username": "sue"}, status=202)
    asked = tour.go("GET", "/staff/tickets?limit=1&category=role_change", token=staff_person("sam").token)
    for name in ("sam", "sid"):
        tour.go("POST", f"/staff/tickets/{asked['items'][0]['id']}/approve", {}, staff_person(name).token)


def show_a_face(tour: Tour, cast: Cast) -> None:
    """Upload an image, and one that takes its place, and remove that."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/image"
    for _ in range(2):
        session = new_session(cast.site_admin.username, cast.site_admin.practice_id)
        upload = tour.go("POST", path, token=token, status=201)
        assert posted(upload["upload"], picture()) == 204
        with later(minutes=4):  # its last use is noted
            tour.go("POST", f"/uploads/{upload['id']}/complete", token=session)
    tour.go("GET", path, token=token)
    tour.go("DELETE", path, token=token, status=204)
    tour.go("POST", path, token=token, status=201)  # and never completed
    with later(hours=2):
        tour.tick("sweep_expired")


def share_an_account(tour: Tour, cast: Cast) -> None:
    """Let a username reach an account, with a password and without one, lower it and take it off again."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/usernames"
    new = {"username": "mia", "email": "mia@clinic.example"}
    tour.go("POST", path, new | {"password": PASSWORD}, token, status=201)
    tour.go("POST", path, new | {"username": "noa"}, token, status=201)
    tour.go("GET", f"{path}?limit=1", token=token)
    tour.go("GET", f"{path}/mia", token=token)
    tour.go("PUT", f"{path}/mia/privileges", {"patients": "full"}, token)
    tour.go("DELETE", f"{path}/noa", token=token, status=204)


def keep_codes(tour: Tour, cast: Cast) -> None:
    """Add codes, find them, edit and delete them, and take a file out."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/codes"
    long = "Type 2 diabetes mellitus with mild nonproliferative retinopathy without macular edema, right eye"
    tour.go("POST", f"{path}/diagnosis", {"code": "E11.3291", "description": long}, token, status=201)
    tour.go("GET", f"{path}/diagnosis?q=retino&limit=1", token=token)
    with later(minutes=6):  # the session's last use is noted
        tour.go("GET", f"{path}/diagnosis/E113291", token=token)
    tour.go("PATCH", f"{path}/diagnosis/E11.3291", {"description": "Diabetes"}, token, version=1)
    tour.go("DELETE", f"{path}/diagnosis/E11.3291", token=token, status=204)
    tour.go("POST", f"{path}/payers", {"code": "60054", "name": "Health Plan", "type": "other"}, token, status=201)
    tour.go("GET", f"{path}.csv?file=payers", token=token)
    with patch.object(answers, "MOST_ANSWERED", 10):  # so that it is given out by S3
        tour.go("GET", f"{path}.csv?file=payers", token=token, status=303)


def invite_somebody(tour: Tour, cast: Cast) -> None:
    """Invite usernames, see who is, approve, accept, decline and take back; what ends by itself is swept."""
    site_admin, master, outsider = cast.site_admin.token, cast.master.token, cast.outsider.token
    path, until = f"/providers/{cast.provider_id}/invitations", "2026-07-02T17:00:00Z"
    body = {"username": cast.outsider.username, "access_until": until}
    asked = tour.go("POST", path, body, master, status=201)["id"]
    offered = tour.go("POST", path, body, site_admin, status=201)["id"]
    taken_back = tour.go("POST", path, body, site_admin, status=201)["id"]
    tour.go("GET", f"{path}?limit=1", token=site_admin)
    tour.go("GET", f"{path}/{offered}", token=site_admin)
    tour.go("DELETE", f"{path}/{taken_back}", token=site_admin, status=204)
    tour.go("POST", f"/invitations/{asked}/accept", token=site_admin)
    tour.go("GET", "/invitations?limit=1", token=outsider)
    tour.go("POST", f"/invitations/{asked}/decline", token=outsider, status=204)
    tour.go("POST", f"/invitations/{offered}/accept", token=outsider)
    with later(hours=1):
        tour.tick("sweep_expired")


def join_an_account(tour: Tour, cast: Cast) -> None:
    """Find another login's account, by its code and by a wrong one, and join it."""
    token, found = cast.outsider.token, {"username": cast.site_admin.username, "password": PASSWORD}
    with later(minutes=1):  # with a code that signed nobody in
        tour.go("POST", "/accounts/find", {"username": "nobody", "password": WRONG, "totp": "000000"}, token, 404)
        answer = tour.go("POST", "/accounts/find", found | {"totp": cast.site_admin.code()}, token)
        wanted = {"find_token": answer["find_token"], "provider_ids": [cast.provider_id]}
        tour.go("POST", "/accounts/join", wanted, token)


def import_codes(tour: Tour, cast: Cast) -> None:
    """Import codes from a file, after a dry run."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/code-imports"
    upload = tour.go("POST", path, token=token, status=201)
    assert posted(upload["upload"], b"code,description\nI10,Hypertension\n") == 204
    tour.go("POST", f"{path}/{upload['id']}", {"file": "diagnosis", "dry_run": True}, token)
    tour.go("POST", f"{path}/{upload['id']}", {"file": "diagnosis"}, token, status=202)
    tour.tick("continue_code_copies")


def copy_codes(tour: Tour, cast: Cast) -> None:
    """Copy codes to another practice, more than a request does, and undo it."""
    token = cast.master.token
    body = {"from": cast.provider_id, "to": cast.their_provider_id, "entries": {"payers": seeded_codes(cast, 40)}}
    tour.go("POST", "/code-copies/preview", body, token)
    copy = tour.go("POST", "/code-copies", body, token, status=202)
    tour.tick("continue_code_copies")
    tour.go("GET", f"/code-copies/{copy['id']}", token=token)
    tour.go("POST", f"/code-copies/{copy['id']}/undo", token=token, status=202)
    with later(seconds=31):
        tour.tick("continue_code_copies")


def lower_licenses(tour: Tour, cast: Cast) -> None:
    """The practice asks, staff decide, a schedule applies it."""
    token = cast.site_admin.token
    decrease = tour.go("POST", "/license-decreases", {"physician": 1}, token, status=201)
    tour.go("GET", "/license-decreases?limit=1", token=token)
    tour.go("GET", f"/license-decreases/{decrease['id']}", token=token)
    tickets = f"/staff/tickets/{ticket_id(cast.site_admin.practice_id, decrease['ticket_number'])}"
    tour.go("POST", f"{tickets}/approve", {"body": "With pleasure."}, staff_person("sam").token)
    with clock.frozen(FIRST_OF_AUGUST):
        tour.tick("apply_decreases")
        tour.tick("reconcile_month", "practices")
        tour.staff("make_report", day="2026-07-30")


def answer_tickets(tour: Tour, cast: Cast) -> None:
    """Look at the queue, answer, decline, take a text out."""
    token, practice_id = staff_person("sam").token, cast.site_admin.practice_id
    for query in ("", "&category=license_decrease"):
        page = tour.go("GET", f"/staff/tickets?limit=1{query}", token=token)
    fewer = f"/staff/tickets/{page['items'][0]['id']}"
    tour.go("POST", f"{fewer}/decline", {"body": "There is a contract."}, token)
    tour.go("POST", f"/staff/tickets/{ticket_id(practice_id, 1)}/approve", {}, token)  # a role
    path = f"/staff/tickets/{ticket_id(practice_id, 3)}"
    for part in ("", "/comments?limit=1", "/history?limit=1"):
        tour.go("GET", path + part, token=token)
    (file,) = tour.go("GET", f"{path}/attachments", token=token)["items"]
    said = tour.go("POST", f"{path}/comments", {"body": "Does it still?"}, token, status=201)
    fields = ["subject", "body", said["id"], file["id"]]
    tour.go("POST", f"{path}/redact", {"fields": fields, "reason": "a patient was named"}, token)


def work_as_staff(tour: Tour, cast: Cast, world: World) -> None:
    """A login from its beginning to its end, and what staff do in between."""
    tour.staff("add_staff", name="jil", email="jil@vendor.example", role="support")
    tour.staff("list_staff")
    link = mailed_link(tour.api, world, "jil@vendor.example")
    tour.go("POST", link, {"password": PASSWORD}, status=204)
    login = {"username": "jil", "password": PASSWORD}
    token = tour.go("POST", "/staff/sessions", login, status=201)["token"]
    seed = tour.go("POST", "/staff/totp", {}, token)["secret"]
    tour.go("POST", "/staff/totp/confirm", {"code": code_of(seed)}, token)
    with later(seconds=30):
        tour.go("POST", "/staff/sessions", login | {"password": WRONG, "totp": code_of(seed)}, status=401)
        token = tour.go("POST", "/staff/sessions", login | {"totp": code_of(seed)}, status=201)["token"]
    with later(seconds=60):
        token = tour.go("POST", "/staff/sessions", login | {"totp": code_of(seed)}, status=201)["token"]
    with later(minutes=4):  # so that the session's last use is noted
        tour.go("GET", "/staff/sessions/current", token=token)
    place = f"/staff/practices/{cast.site_admin.practice_id}/billing-note"
    tour.go("PUT", place, {"billing_note": "custom billing"}, token)
    with clock.frozen(FIRST_OF_AUGUST):
        report = "/staff/reconciliation.csv?month=2026-07"
        tour.go("GET", report, token=staff_person("kim", "accounting").token)
    tour.go("PUT", "/staff/password", {"current_password": PASSWORD, "password": NEW_PASSWORD}, token, status=204)
    tour.go("DELETE", "/staff/sessions/current", token=staff_person("tia").token, status=204)
    tour.staff("begin_staff_anew", name="jil")
    tour.staff("end_staff", name="jil")


def ask_support(tour: Tour, cast: Cast) -> None:
    """File tickets, talk about one, edit and solve it; and look at them from everywhere."""
    token = cast.site_admin.token
    team, copied_in = (new_session(each.username, each.practice_id) for each in (cast.support_user, cast.clinician))
    ticket = {"body": "It has paper.", "priority": "normal", "articles_do_not_help": True, "cc": ["cleo"]}
    asked = {"category": "role_change", "request": {"username": "cleo", "role": "support_user", "action": "add"}}
    tour.go("POST", "/tickets", ticket | asked | {"subject": "Make cleo a support user"}, token, status=201)
    fewer = {"category": "license_decrease", "request": {"physician": 1}, "subject": "Fewer licenses"}
    tour.go("POST", "/tickets", ticket | fewer, token, status=201)
    problem = {"subject": "The printer prints nothing", "category": "problem"}
    number = tour.go("POST", "/tickets", ticket | problem, token, status=201)["number"]
    refused = {"subject": "Help", "category": "question"}
    tour.go("POST", "/tickets", ticket | refused, copied_in, status=403)
    path = f"/tickets/{number}"
    tour.go("POST", f"{path}/comments", {"body": "It prints again."}, copied_in, status=201)
    tour.go("PATCH", path, {"status": "solved", "cc": ["sue"]}, token, version=2)
    for query in ("", "&status=new", "&category=problem", "&status=solved&category=problem", "&q=print"):
        tour.go("GET", f"/tickets?view=team&limit=1{query}", token=team)
    with later(minutes=4):  # the session's last use is noted
        tour.go("GET", path, token=team)
    upload = tour.go("POST", f"{path}/attachments", {"name": "screen.png"}, token, status=201)
    assert posted(upload["upload"], picture()) == 204
    tour.go("POST", f"/uploads/{upload['id']}/complete", token=token)
    for part in ("", "/comments?limit=1", "/history?limit=1", "/attachments"):
        tour.go("GET", path + part, token=token)
    call = {"subject": "Nobody gets in", "body": "Since this morning.", "contact_email": "owner@clinic.example"}
    tour.go("POST", "/emergency-tickets", call | {"username": "ada"}, status=202)


def let_tickets_wait(tour: Tour, cast: Cast) -> None:
    """Somebody leaves a ticket behind; promises are not kept; what is solved is closed."""
    practice = cast.site_admin.practice_id
    agreed = {"add_license": True, "agreement_version": "2026-11", "agreement_accepted": True}
    leaving = tour.go("POST", "/providers", provider_body(**agreed), cast.site_admin.token, status=201)["id"]
    give_access("sue", practice, leaving)
    token = new_session("sue", practice)
    ticket = {"subject": "Hello", "body": "Hello?", "category": "question", "priority": "normal"}
    tour.go("POST", "/tickets", ticket | {"articles_do_not_help": True}, token, status=201)
    preview = f"/providers/{leaving}/deactivation-preview"
    tour.go("GET", preview, token=cast.site_admin.token)
    tour.go("POST", f"/providers/{leaving}/deactivation", {"confirm": True}, cast.site_admin.token)
    with clock.frozen(TOO_LATE):
        tour.tick("check_sla")
    with later(days=29):
        tour.tick("close_solved_tickets")


def walk(tour: Tour, cast: Cast, world: World) -> None:
    """The whole tour."""
    see_the_system(tour)
    sign_up(tour, world)
    sign_in(tour, cast)
    care_for_ones_login(tour, cast, world)
    administer(tour, cast)
    buy_licenses(tour, cast)
    keep_providers(tour, cast)
    care_for_patients(tour, cast)
    share_an_account(tour, cast)
    keep_codes(tour, cast)
    invite_somebody(tour, cast)
    join_an_account(tour, cast)
    copy_codes(tour, cast)
    import_codes(tour, cast)
    end_accounts(tour, cast)
    show_a_face(tour, cast)
    look_for_help(tour, cast)
    ask_support(tour, cast)
    lower_licenses(tour, cast)
    answer_tickets(tour, cast)
    let_tickets_wait(tour, cast)
    be_the_owner(tour, cast, world)
    let_trials_end(tour)
    let_data_go(tour)
    forget_usernames(tour)
    work_as_staff(tour, cast, world)
    tour.tick("relay_events")
    tour.told(bounced("owner.zoe@clinic.example"))
    tour.tick("check_subscriptions")
    with clock.frozen(TOO_LATE):
        tour.tick("charge_due_orders")
    assert {route.name for route in ROUTES} - tour.walked == set()
