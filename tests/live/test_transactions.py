"""Transactions on the wire: tokens, cancellations, conflicts, and what becomes of them in our answers."""

import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import store
from chalicelib.errors import Conflict
from tests.api import Api, calls_recorded
from tests.cast import Cast
from tests.licensing.claims import claim_license
from tests.licensing.orders import order_body, placed
from tests.live.wire import Conflicting, Lost, on_the_wire
from tests.world import World, client

pytestmark = pytest.mark.live("moto knows no tokens and no conflicts")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost race is tried again at once."""
    monkeypatch.setattr(store, "pause", lambda _: None)


@pytest.fixture
def counter(world: World) -> dict[str, Any]:
    """The transaction that adds one to a row's number, under a token of its own: the engine forgets none."""
    row = {"pk": {"S": "prc_1"}, "sk": {"S": "counter"}}
    update = {
        "TableName": "providers",
        "Key": row,
        "UpdateExpression": "ADD amount :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    return {"TransactItems": [{"Update": update}], "ClientRequestToken": secrets.token_hex(8)}


def _amount() -> int:
    (row,) = client("dynamodb").scan(TableName="providers")["Items"]
    return int(row["amount"]["N"])


def test_a_transaction_sent_twice_under_one_token_happens_once(counter: dict[str, Any]) -> None:
    for _ in range(2):
        client("dynamodb").transact_write_items(**counter)
    assert _amount() == 1
    client("dynamodb").transact_write_items(**counter | {"ClientRequestToken": secrets.token_hex(8)})
    assert _amount() == 2


def test_a_token_belongs_to_one_transaction(counter: dict[str, Any]) -> None:
    client("dynamodb").transact_write_items(**counter)
    counter["TransactItems"][0]["Update"]["ExpressionAttributeValues"][":one"]["N"] = "2"
    with pytest.raises(ClientError) as refusal:
        client("dynamodb").transact_write_items(**counter)
    assert refusal.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"
    assert _amount() == 1


def test_a_commit_whose_answer_is_lost_is_repeated_under_its_token_and_happens_once(api: Api, cast: Cast) -> None:
    with on_the_wire(Lost(1)) as wire:
        order = placed(api, cast)
    first, second = wire.sent
    assert first["ClientRequestToken"] == second["ClientRequestToken"]
    assert api.get("/license-orders", cast.site_admin.token).json_body["items"] == [order]


def test_a_cancelled_transaction_tells_the_condition_that_failed_and_the_row_it_found(
    api: Api, cast: Cast, world: World
) -> None:
    order = placed(api, cast, physician=1, midlevel=0)
    claim_license(cast, "prv_new", "physician")
    before = world.everything()
    answer = api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (409, "licenses_in_use")
    with pytest.raises(Conflict) as refusal:
        claim_license(cast, "prv_new", "physician")
    assert refusal.value.code == "license_held"  # and none is available either: the first refusal counts
    assert world.everything() == before


def test_a_conflict_is_tried_again_and_leaves_no_trace(api: Api, cast: Cast) -> None:
    with on_the_wire(Conflicting(2)), calls_recorded() as calls:
        order = placed(api, cast)
    assert calls == ["dynamodb:BatchGetItem", *["dynamodb:TransactWriteItems"] * 3]
    assert api.get("/license-orders", cast.site_admin.token).json_body["items"] == [order]


def test_conflicts_without_end_are_answered_with_a_time_to_try_again(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    with on_the_wire(Conflicting(store.ATTEMPTS)):
        answer = api.post("/license-orders", order_body(), cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert world.everything() == before
