"""Help and tickets."""

from chalicelib import clock
from tests.cast import Cast, give_access, new_session, provider_body
from tests.identity.steps import later
from tests.licensing.orders import TOO_LATE
from tests.tour.requests import Tour
from tests.uploads.pictures import picture
from tests.uploads.steps import posted


def look_for_help(tour: Tour, cast: Cast) -> None:
    token = cast.site_admin.token
    tour.go("GET", "/help/articles?limit=1", token=token)
    with later(minutes=2):  # the session's last use is noted
        found = tour.go("GET", "/help/articles?q=dactivate+provider", token=token)
    tour.go("GET", f"/help/articles/{found['items'][0]['slug']}", token=token)


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
    tour.tick("check_sla")  # while the session that ends is still used
    with clock.frozen(TOO_LATE):
        tour.tick("check_sla")
    with later(days=29):
        tour.tick("close_solved_tickets")
