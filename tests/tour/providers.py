"""Provider accounts, their patients and images, and how they end."""

from chalicelib import clock
from tests.cast import Cast, give_access, new_session, patient_body, provider_body
from tests.identity.steps import later
from tests.licensing.orders import TOO_LATE
from tests.providers.steps import closed, seeded
from tests.tour.requests import Tour
from tests.uploads.pictures import picture
from tests.uploads.steps import posted


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
    tour.go("GET", "/reassignments", token=token)
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
