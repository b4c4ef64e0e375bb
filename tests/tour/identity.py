"""Sign-up, sign-in, one's login, users, the owner."""

import re

from tests.cast import PASSWORD, Cast, enrolled, new_session, sign_up_body
from tests.feedback import bounced
from tests.identity.steps import NEW_PASSWORD, WRONG, code_of, later, mailed_link
from tests.staff.people import staff_person
from tests.tour.requests import Tour
from tests.world import World


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


def forget_usernames(tour: Tour) -> None:
    """Warn of usernames that nobody uses, then block them."""
    for days in (24, 31):
        with later(days=days):
            tour.tick("block_dormant")
