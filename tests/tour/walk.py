"""One tour of every route and scheduled handler, which the tests of their permissions and of their cost both take."""

from chalicelib import clock
from chalicelib.http import ROUTES
from tests.cast import Cast
from tests.feedback import bounced
from tests.licensing.orders import TOO_LATE
from tests.tour import codes, identity, licensing, linking, providers, staff, support
from tests.tour.requests import Tour
from tests.world import World


def see_the_system(tour: Tour) -> None:
    for path in ("/health", "/ready", "/openapi.json", "/docs"):
        tour.go("GET", path)


def walk(tour: Tour, cast: Cast, world: World) -> None:
    """The whole tour."""
    see_the_system(tour)
    identity.sign_up(tour, world)
    identity.sign_in(tour, cast)
    identity.care_for_ones_login(tour, cast, world)
    identity.administer(tour, cast)
    licensing.buy_licenses(tour, cast)
    providers.keep_providers(tour, cast)
    providers.care_for_patients(tour, cast)
    linking.share_an_account(tour, cast)
    codes.keep_codes(tour, cast)
    linking.invite_somebody(tour, cast)
    linking.join_an_account(tour, cast)
    codes.copy_codes(tour, cast)
    codes.import_codes(tour, cast)
    providers.end_accounts(tour, cast)
    providers.show_a_face(tour, cast)
    support.look_for_help(tour, cast)
    support.ask_support(tour, cast)
    licensing.lower_licenses(tour, cast)
    staff.answer_tickets(tour, cast)
    support.let_tickets_wait(tour, cast)
    identity.be_the_owner(tour, cast, world)
    licensing.let_trials_end(tour)
    licensing.let_data_go(tour)
    identity.forget_usernames(tour)
    staff.work_as_staff(tour, cast, world)
    tour.tick("relay_events")
    tour.told(bounced("owner.zoe@clinic.example"))
    tour.tick("check_subscriptions")
    with clock.frozen(TOO_LATE):
        tour.tick("charge_due_orders")
    assert {route.name for route in ROUTES} - tour.walked == set()
