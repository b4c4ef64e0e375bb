"""DELETE …/usernames/{username}: taken off a provider account."""

from chalicelib.identity.model import Privileges
from tests.api import Api
from tests.cast import Cast, give_access
from tests.identity.reaching import end
from tests.identity.steps import login
from tests.linking.steps import of, reaching, refusal


def test_who_is_taken_off_reaches_the_account_no_more(api: Api, cast: Cast) -> None:
    assert api.delete(of(cast.provider_id, "max"), cast.clinician.token).status_code == 204
    assert reaching(api, cast, cast.master) == 404
    assert api.get(f"/providers/{cast.their_provider_id}", cast.master.token).status_code == 200
    assert api.delete(of(cast.provider_id, "max"), cast.clinician.token).status_code == 404


def test_who_loses_the_last_account_is_signed_out(api: Api, cast: Cast) -> None:
    api.delete(of(cast.provider_id, "cleo"), cast.site_admin.token)
    assert reaching(api, cast, cast.clinician) == 401


def test_everybody_may_leave_whatever_their_privileges(api: Api, cast: Cast) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges())
    assert refusal(api.delete(of(cast.provider_id, "cleo"), cast.master.token)) == (403, "privilege_required")
    assert refusal(api.delete(of(cast.provider_id, "nobody"), cast.master.token)) == (403, "privilege_required")
    assert api.delete(of(cast.provider_id, "MAX"), cast.master.token).status_code == 204
    assert reaching(api, cast, cast.master) == 404
    newest = api.get("/audit?limit=1", cast.site_admin.token).json_body["items"][0]
    assert (newest["type"], newest["actor"], newest["subject"]) == ("grant.taken", "max", "max")


def test_a_site_admin_takes_usernames_off_an_inactive_account_whose_counts_stay(api: Api, cast: Cast) -> None:
    end(cast.site_admin.practice_id, cast.provider_id)
    assert login("max").accounts == 1
    assert api.delete(of(cast.provider_id, "max"), cast.site_admin.token).status_code == 204
    assert login("max").accounts == 1
    assert api.get(f"/providers/{cast.their_provider_id}", cast.master.token).status_code == 200
