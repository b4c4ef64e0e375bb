"""Who reaches an account."""

from tests.cast import PASSWORD, Cast
from tests.identity.steps import WRONG, later
from tests.tour.requests import Tour


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
        tour.go(
            "POST", "/accounts/find", {"username": "nobody", "password": WRONG, "totp": "000000"}, token, status=404
        )
        answer = tour.go("POST", "/accounts/find", found | {"totp": cast.site_admin.code()}, token)
        wanted = {"find_token": answer["find_token"], "provider_ids": [cast.provider_id]}
        tour.go("POST", "/accounts/join", wanted, token)
