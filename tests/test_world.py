"""The tests' own ground, on either cloud."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import placed
from tests.world import World, client


def test_a_saved_world_comes_back_with_empty_inboxes(api: Api, cast: Cast, world: World) -> None:
    restore = world.saved()
    before = world.everything()
    for _ in range(2):
        placed(api, cast)
        api.tick("relay_events")
        assert len(world.topic_messages("support")) == 1
        assert len([mail for mail in world.emails() if "Receipt" in mail.subject]) == 1
        restore()
        assert (world.everything(), world.emails(), world.topic_messages("accounting")) == (before, [], [])


def _key(sk: str) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


def _changed(sk: str, condition: str) -> dict[str, Any]:
    return {
        "TableName": "events",
        "Key": _key(sk),
        "UpdateExpression": "SET #a = :one ADD #n :number, #s :texts REMOVE #c",
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#a": "a", "#n": "n", "#s": "s", "#c": "c"},
        "ExpressionAttributeValues": {":one": {"S": "one"}, ":number": {"N": "1"}, ":texts": {"SS": ["x", "y"]}},
    }


def _in_transaction(condition: str) -> dict[str, Any]:
    refused = {**_changed("2", condition), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return {"TransactItems": [{"Update": _changed("1", "attribute_exists(#a)")}, {"Update": refused}]}


CALLS: list[tuple[str, dict[str, Any]]] = [
    *(("PutItem", {"TableName": "events", "Item": {**_key(sk), "a": {"S": sk}, "c": {"N": sk}}}) for sk in "21"),
    ("PutItem", {"TableName": "events", "Item": _key("1"), "ConditionExpression": "attribute_not_exists(pk)"}),
    ("UpdateItem", {**_changed("1", "#a = :one OR attribute_exists(#c)"), "ReturnValues": "ALL_OLD"}),
    ("UpdateItem", {**_changed("1", "#a <> :one"), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("TransactWriteItems", _in_transaction("#n > :number")),
    ("TransactWriteItems", _in_transaction("NOT #n > :number")),
    ("GetItem", {"TableName": "events", "Key": _key("2")}),
    ("GetItem", {"TableName": "nowhere", "Key": _key("2")}),
    ("BatchGetItem", {"RequestItems": {"events": {"Keys": [_key("1"), _key("2"), _key("3")]}}}),
    (
        "Query",
        {
            "TableName": "events",
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {":pk": {"S": "p"}, ":sk": {"S": "2"}},
            "Limit": 1,
        },
    ),
    ("DeleteItem", {"TableName": "events", "Key": _key("2"), "ReturnValues": "ALL_OLD"}),
    ("Scan", {"TableName": "events"}),
    ("Scan", {"TableName": "events", "Limit": "all"}),
]


@pytest.mark.moto("about moto alone")
def test_the_short_way_to_moto_answers_as_the_long_one_does(world: World) -> None:
    from tests import moto_direct

    assert {operation for operation, _ in CALLS} == moto_direct.OPERATIONS
    restore = world.saved()
    short = [_answer(moto_direct.called, *call) for call in CALLS]
    restore()
    assert [_answer(moto_direct.over_http, *call) for call in CALLS] == short


def _answer(way: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
    try:
        answer = way(client("dynamodb"), operation, arguments)
    except (ClientError, ParamValidationError) as refusal:
        return str(refusal), getattr(refusal, "response", {}).get("CancellationReasons")
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
