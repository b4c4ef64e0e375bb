"""Rivals for one thing, one AWS call at a time, in every order: exactly one wins."""

import pytest

from tests.cast import PASSWORD
from tests.identity.steps import sign_in
from tests.simulation.cases import Case, run, undisturbed
from tests.simulation.pairs import Pair
from tests.simulation.scheduler import Scheduler, orders
from tests.simulation.stage import Stage

RIVALS = [
    ("claim", "claim for another"),
    ("claim", "cancel"),
    ("claim", "open account"),
    ("open account", "open account without a key"),
    ("open account", "edit type"),
    ("edit", "edit type"),
    ("configure", "configure"),
    ("deactivate without a key", "deactivate"),
    ("claim", "reactivate"),
    ("reactivate", "undo"),
    ("move two", "move two without a key"),
    ("they lower max", "max lowers eve"),
    ("they take max off", "max takes eve off"),
    ("they lower max", "max takes eve off"),
    ("take off", "leave"),
    ("add code", "add code without a key"),
    ("import codes", "import codes without a key"),
    ("ada deactivates abe", "abe deactivates ada"),
    ("ada deactivates abe", "ada is site admin no more"),
    ("reactivate ina", "abe reactivates ina"),
    ("max is brought back", "eve is brought back"),
    ("owner appoints max", "owner resets eve's totp"),
    ("ask for recovery", "ask for recovery by username"),
    ("cancel", "cancel"),
    ("cancel", "cancel without a key"),
    ("order", "order"),
    ("verify owner", "verify owner"),
    ("set password", "change password"),
    ("sign up", "create user"),
    ("ask for link", "ask for link"),
    ("sign in with code", "sign in with code"),
    ("sign in with recovery code", "sign in with recovery code"),
    ("staff sign in", "staff sign in"),
    ("approve", "approve without a key"),
    ("approve", "decline"),
    ("approve role", "decline role"),
    ("second approval", "decline the owner"),
    ("staff sign in with recovery code", "staff sign in with recovery code"),
]


@pytest.mark.parametrize("rivals", RIVALS, ids=" + ".join)
def test_one_of_two_rivals_wins_in_every_order(stage: Stage, rivals: tuple[str, str]) -> None:
    for ran in Pair(stage, rivals).in_every_order():
        commits = [call for calls in ran.made for call in calls if call.is_transaction and call.effects]
        assert len(commits) == 1, ran.turns


@pytest.mark.parametrize(
    "pair",
    [
        ("cancel", "charge"),
        ("deactivate", "edit"),
        ("deactivate and reassign", "deactivate"),
        ("undo with patients", "continue"),
        ("cancel schedule", "deactivate before its day"),
        ("cancel schedule", "deactivate due"),
        ("reschedule", "deactivate due"),
        ("deactivate before its day", "deactivate due"),
        ("end trials", "they order"),
        ("end trials", "they deactivate theirs"),
        ("end trials", "reactivate"),
        ("remove trial data", "ned buys"),
        ("block dormant", "keep pat active"),
        ("block dormant", "deactivate pat"),
        ("deactivate pat", "sign in"),
        ("deactivate pat", "pat becomes site admin"),
        ("guess", "guess"),
        ("guess at staff", "staff sign in"),
        ("end sam", "staff sign in"),
        ("end sam", "change staff password"),
        ("end staff", "set staff password"),
        ("set note", "set another note"),
        ("answer", "comment"),
        ("first approval", "first approval by sid"),
        ("first approval by sid", "second approval"),
        ("redact", "comment"),
        ("redact", "edit ticket"),
        ("sign out", "look"),
        ("release", "claim"),
        ("move all", "move three"),
        ("move two", "register"),
        ("undo copy without a key", "edit copied code"),
    ],
    ids=" + ".join,
)
def test_these_meet_in_every_order(stage: Stage, pair: tuple[str, str]) -> None:
    assert len(Pair(stage, pair).in_every_order()) > 1


def test_one_of_fifty_sign_ins_gets_a_totp_step(stage: Stage) -> None:
    # All of them read before any of them writes: the worst order there is.
    workers = 50
    order = tuple(number for _ in range(3) for number in range(workers))
    history = run(stage, Case(("sign in with code",) * workers, order))
    statuses = [request.answer.status for request in history.requests[:workers] if request.answer]
    assert statuses.count(201) == 1
    assert set(statuses) == {201, 401, 429}


def test_a_burst_of_guesses_gets_no_further_than_guesses_in_turn(stage: Stage) -> None:
    # The right password is among them, but only five failures are free.
    stage.reset()
    guesses = [f"wrong password number {number}" for number in range(11)] + [PASSWORD]
    order = [number for _ in range(2) for number in range(len(guesses))]
    outcomes = Scheduler(order).run(*[lambda guess=guess: sign_in(stage.api, "pat", guess) for guess in guesses])
    statuses = [outcome.value.status_code for outcome in outcomes]
    assert statuses.count(401) <= 5
    assert statuses[-1] == 429


def test_every_order_of_two_and_two_calls_is_tried_once() -> None:
    assert len(orders(2, 2)) == len(set(orders(2, 2))) == 6
    assert all(sorted(order) == [0, 0, 1, 1] for order in orders(2, 2))


def test_a_role_is_given_only_while_who_asked_for_it_is_a_site_admin(stage: Stage) -> None:
    for case in undisturbed(stage, ("approve role", "abe deactivates ada")):
        approval, end = run(stage, case).requests[:2]
        # The last call of each is its commit.
        approved_first = case.order[::-1].index(0) > case.order[::-1].index(1)
        assert (approval.commits, end.commits) == (int(approved_first), 1), case
