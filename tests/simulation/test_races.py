"""Two requests for one thing, one AWS call at a time, in every order: exactly one wins."""

from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.licensing.tables import OrderRow
from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.licensing.claims import claim_license
from tests.licensing.orders import TOO_LATE, order_body, placed
from tests.simulation.scheduler import Scheduler, orders
from tests.world import World


@pytest.mark.parametrize("order", orders(1, 1))
def test_one_of_two_claims_gets_the_last_license(api: Api, cast: Cast, order: tuple[int, ...]) -> None:
    placed(api, cast, physician=1, midlevel=0)
    outcomes = Scheduler(order).run(
        lambda: claim_license(cast, "prv_a", "physician"), lambda: claim_license(cast, "prv_b", "physician")
    )
    assert [type(outcome.error) for outcome in outcomes].count(type(None)) == 1
    assert isinstance(outcomes[order[1]].error, Conflict)


@pytest.mark.parametrize("order", orders(2, 5))
def test_cancel_and_charge_of_one_order_never_both_happen(
    api: Api, cast: Cast, world: World, order: tuple[int, ...]
) -> None:
    made = placed(api, cast)
    token = cast.site_admin.token

    def cancel() -> int:
        return api.post(f"/license-orders/{made['id']}/cancel", token=token).status_code

    def charge() -> int:
        # The sweep's clock is ahead of the request's: the only way in which the two can meet.
        with clock.frozen(TOO_LATE):
            return int(api.tick("charge_due_orders")["done"])

    cancelled, charged = (outcome.value for outcome in Scheduler(order).run(cancel, charge))
    assert (cancelled, charged) in ((200, 0), (409, 1))
    (row,) = OrderRow.scan(OrderRow.sk.startswith("order#"))
    assert row.status == ("cancelled" if cancelled == 200 else "charged")
    api.tick("relay_events")
    settled = [message for message in world.topic_messages("accounting") if "placed" not in message.subject]
    assert len(settled) == 1


@pytest.mark.parametrize("order", orders(2, 2))
def test_two_cancels_of_one_order_take_its_licenses_back_once(api: Api, cast: Cast, order: tuple[int, ...]) -> None:
    path = f"/license-orders/{placed(api, cast)['id']}/cancel"
    outcomes = Scheduler(order).run(*[lambda: api.post(path, token=cast.site_admin.token).status_code] * 2)
    assert sorted(outcome.value for outcome in outcomes) == [200, 409]


@pytest.mark.parametrize("order", orders(2, 2))
def test_twins_with_one_idempotency_key_make_one_order_and_get_one_answer(
    api: Api, cast: Cast, order: tuple[int, ...]
) -> None:
    outcomes = Scheduler(order).run(
        *[lambda: api.post("/license-orders", order_body(), cast.site_admin.token, key="twin")] * 2
    )
    first, second = (outcome.value for outcome in outcomes)
    assert (first.status_code, first.body) == (second.status_code, second.body) == (201, first.body)
    assert len(api.get("/license-orders", cast.site_admin.token).json_body["items"]) == 1


@pytest.mark.parametrize("order", orders(3, 3))
def test_one_of_two_sign_ins_gets_a_totp_step(api: Api, cast: Cast, order: tuple[int, ...]) -> None:
    outcomes = Scheduler(order).run(*[lambda: _sign_in(api, cast)] * 2)
    assert sorted(outcome.value for outcome in outcomes) == [201, 401]


def test_one_of_fifty_sign_ins_gets_a_totp_step(api: Api, cast: Cast) -> None:
    # All of them read before any of them writes: the worst order there is.
    workers = 50
    order = [number for _ in range(3) for number in range(workers)]
    outcomes = Scheduler(order).run(*[lambda: _sign_in(api, cast)] * workers)
    statuses = [outcome.value for outcome in outcomes]
    assert statuses.count(201) == 1
    assert set(statuses) == {201, 401, 429}


def test_a_burst_of_guesses_gets_no_further_than_guesses_in_turn(api: Api, cast: Cast) -> None:
    # The right password is among them, but only five failures are free.
    guesses = [f"wrong password number {number}" for number in range(11)] + [PASSWORD]

    def attempt(password: str) -> int:
        return api.post("/sessions", {"username": "pat", "password": password}).status_code

    order = [number for _ in range(2) for number in range(len(guesses))]
    outcomes = Scheduler(order).run(*[lambda guess=guess: attempt(guess) for guess in guesses])
    statuses = [outcome.value for outcome in outcomes]
    assert statuses.count(401) <= 5
    assert statuses[-1] == 429


def _sign_in(api: Api, cast: Cast) -> int:
    body = {"username": "ada", "password": PASSWORD, "totp": cast.site_admin.code()}
    return api.post("/sessions", body).status_code


@pytest.mark.parametrize("order", orders(2, 2))
def test_a_sign_out_is_not_undone_by_a_request_that_notes_the_sessions_use(
    api: Api, cast: Cast, order: tuple[int, ...]
) -> None:
    token = cast.plain_user.token
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        signed_out, _ = Scheduler(order).run(
            lambda: api.delete("/sessions/current", token).status_code, lambda: api.get("/me", token)
        )
        assert signed_out.value == 204
        assert api.get("/me", token).status_code == 401
