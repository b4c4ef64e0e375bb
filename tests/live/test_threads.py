"""Threads racing on an engine that takes them: what the simulation shows call by call holds at full speed too."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from chalicelib import clock
from chalicelib.identity import passwords
from chalicelib.identity.rules import MOST_USERNAMES
from chalicelib.licensing.model import Counts, Pool
from chalicelib.licensing.rules import NotEnoughAvailable, replay
from chalicelib.licensing.tables import ClaimRow, LedgerRow, OrderRow
from chalicelib.providers.usecases.accounts import active_now
from tests.api import Api
from tests.cast import PASSWORD, Cast, new_session, provider_body
from tests.identity.reaching import add_username, ending, giving, refusal
from tests.licensing.claims import claim_license
from tests.licensing.orders import TOO_LATE, order_body, placed
from tests.live.threads import raced
from tests.providers.steps import check_directory
from tests.world import World

pytestmark = pytest.mark.live("moto loses updates under threads")


def test_a_hundred_of_sixteen_hundred_claims_get_the_hundred_licenses(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=100, midlevel=0)
    practice_id = cast.site_admin.practice_id

    def claimed(provider_id: str) -> bool:
        try:
            claim_license(cast, provider_id, "physician")
        except NotEnoughAvailable:
            return False
        return True

    providers = [f"prv_{number:04}" for number in range(1600)]
    won = raced([partial(claimed, provider_id) for provider_id in providers])
    assert won.count(True) == 100
    # The trial's license makes one more.
    pool = world.pools()[practice_id]
    assert pool == Pool(in_use=Counts(physician=101))
    assert pool == replay(line.change() for line in LedgerRow.query(practice_id, LedgerRow.sk.startswith("ledger#")))
    holders = {row.sk.partition("#")[2] for row in ClaimRow.query(practice_id, ClaimRow.sk.startswith("claim#"))}
    assert holders - {cast.provider_id} == {name for name, got in zip(providers, won, strict=True) if got}


def test_twenty_of_two_hundred_provider_accounts_get_the_twenty_licenses(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=20, midlevel=0)
    token, practice_id = cast.site_admin.token, cast.site_admin.practice_id

    def opened(number: int) -> int:
        body = provider_body(first_name=f"Ann{number}", email=f"ann{number}@clinic.example")
        return int(api.post("/providers", body, token).status_code)

    statuses = raced([partial(opened, number) for number in range(200)])
    assert Counter(statuses) == {201: 20, 409: 180}
    # The account of sign-up and its trial license make one more.
    assert world.pools()[practice_id] == Pool(in_use=Counts(physician=21))
    assert len(active_now(practice_id)) == 21
    check_directory()


def test_of_eighty_usernames_at_once_an_account_lets_in_as_many_as_it_takes_until_it_ends(api: Api, cast: Cast) -> None:
    practice_id, names = cast.site_admin.practice_id, [f"user{number}" for number in range(80)]
    for name in names:
        add_username(practice_id, name)

    def let_in(name: str) -> str:
        return type(refusal(giving(cast, name))).__name__

    refusals = Counter(raced([partial(let_in, name) for name in names], threads=8))
    # Three of the cast are in already. World checks that both sides of each grant agree.
    assert refusals == {"NoneType": MOST_USERNAMES - 3, "TooManyUsernames": 80 - MOST_USERNAMES + 3}


def test_an_account_that_ends_while_usernames_come_in_is_lost_to_all_of_them(api: Api, cast: Cast) -> None:
    practice_id, names = cast.site_admin.practice_id, [f"user{number}" for number in range(30)]
    for name in names:
        add_username(practice_id, name)

    def end_it() -> str:
        while (refused := refusal(ending(practice_id, cast.provider_id))) is not None:
            assert refused.status in (409, 412)
        return "ended"

    def let_in(name: str) -> str:
        return type(refusal(giving(cast, name))).__name__

    works: list[Callable[[], str]] = [end_it, *(partial(let_in, name) for name in names)]
    outcomes = raced(works, threads=4)
    assert set(outcomes) <= {"ended", "NoneType", "NotFound"}
    for name, outcome in zip(names, outcomes[1:], strict=True):
        alive = api.get("/me", new_session(name, practice_id)).status_code
        assert alive == (401 if outcome == "NoneType" else 200), name


def test_twins_under_one_key_make_one_order_and_all_get_its_answer(api: Api, cast: Cast) -> None:
    token = cast.site_admin.token
    answers = raced([lambda: api.post("/license-orders", order_body(), token, key="twins")] * 32)
    assert {(answer.status_code, answer.body) for answer in answers} == {(201, answers[0].body)}
    assert api.get("/license-orders", token).json_body["items"] == [answers[0].json_body]


def test_cancel_and_charge_settle_an_order_once_whoever_comes_first(api: Api, cast: Cast, world: World) -> None:
    token = cast.site_admin.token

    def cancel(order_id: str) -> str:
        status = api.post(f"/license-orders/{order_id}/cancel", token=token).status_code
        return {200: "cancelled", 409: "lost"}[status]

    def charge() -> str:
        # The sweep's clock is ahead of the requests': the only way in which the two can meet.
        with clock.frozen(TOO_LATE):
            report = api.tick("charge_due_orders")
        assert report["failed"] == 0
        return f"charged {report['done']}"

    order_ids = [placed(api, cast, physician=1, midlevel=0)["id"] for _ in range(60)]
    # The sweeps go through the orders from one end, the cancels from the other.
    cancels: list[Callable[[], str]] = [partial(cancel, order_id) for order_id in reversed(order_ids)]
    outcomes = raced([charge, charge, *cancels], threads=5)
    charged = sum(int(outcome.removeprefix("charged ")) for outcome in outcomes[:2])
    statuses = Counter(row.status for row in OrderRow.scan(OrderRow.sk.startswith("order#")))
    assert statuses == Counter(cancelled=outcomes.count("cancelled"), charged=charged)
    assert outcomes.count("cancelled") + charged == 60
    api.tick("relay_events")
    settled = [message.subject for message in world.topic_messages("accounting") if "placed" not in message.subject]
    assert sorted(subject.split()[2] for subject in settled) == sorted(order_ids)


def test_one_of_fifty_sign_ins_at_once_gets_a_totp_step(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # Hashing would only spread them out in time.
    monkeypatch.setattr(passwords, "verify", lambda stored, password: password == PASSWORD)
    body = {"username": "ada", "password": PASSWORD, "totp": cast.site_admin.code()}
    answers = raced([lambda: api.post("/sessions", body)] * 50, threads=50)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] == 1
    assert set(statuses) <= {201, 401, 429}
