"""The two requests written straight on boto3: the program's AWS calls and its pure rules, without its framework.

What tells the difference between the ways is left out of it: routing, parsing of the event, the shape of the answer.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import boto3
import msgspec
from botocore.config import Config

from chalicelib import clock, config, ids
from chalicelib.dynamo import shard_of
from chalicelib.identity.rules import session_ends
from chalicelib.licensing import rules
from chalicelib.licensing.model import PlaceLicenseOrder, Terms
from chalicelib.licensing.prices import unit_prices
from chalicelib.licensing.usecases.orders import agreement
from chalicelib.local_days import day_of
from chalicelib.model import Actor

Item = dict[str, Any]


class Refused(Exception):
    """The request is not allowed."""


class ByHand:
    """`validation`: whether botocore checks every request's parameters first, as it does unless told not to."""

    def __init__(self, *, validation: bool = True) -> None:
        self.dynamodb = boto3.client("dynamodb", config=Config(parameter_validation=validation))

    def dashboard(self, token: str) -> Item:
        """GET /licenses."""
        rows = self._signed_in(token, [("LICENSING_TABLE", "", "pool")])
        practice, pool = rows["practice"], rows["pool"]
        since = ids.earliest("ord", clock.now() - timedelta(days=31))
        found = self.dynamodb.query(
            TableName=config.get("LICENSING_TABLE"),
            KeyConditionExpression="pk = :practice AND begins_with(sk, :order)",
            ExpressionAttributeValues={":practice": practice["pk"], ":order": {"S": "order#"}},
            ExclusiveStartKey={"pk": practice["pk"], "sk": {"S": f"order#{since}"}},
            ConsistentRead=True,
        )
        orders = [json.loads(item["order"]["S"]) for item in found["Items"]]
        answer: Item = {"billing_note": practice.get("billing_note", {}).get("S")}
        for kind in ("physician", "midlevel"):
            available, in_use = (int(pool[f"{kind}_{part}"]["N"]) for part in ("available", "in_use"))
            answer[kind] = {"active": available + in_use, "in_use": in_use, "available": available}
        answer["pending_orders"] = [order for order in orders if order["status"] == "pending"]
        return answer

    def place_order(self, token: str, command: PlaceLicenseOrder, request_id: str, source_ip: str) -> Item:
        """POST /license-orders."""
        rows = self._signed_in(token, [])
        practice, now = rows["practice"], clock.now()
        practice_id, plan = practice["pk"]["S"], practice["plan"]["S"]
        zone = config.get("BILLING_TIME_ZONE")
        prices = unit_prices(plan, day_of(now, zone))
        terms = Terms(practice["name"]["S"], prices, config.get("CURRENCY"), zone, None)
        login = rows["username"]
        actor = Actor(login["username"]["S"], practice_id, login["email"]["S"])
        placed, event = rules.place_order(command, ids.new("ord", now), agreement(), terms, actor, now)
        order: Item = msgspec.to_builtins(placed)
        self._commit(practice_id, order, msgspec.to_builtins(event), request_id, source_ip)
        return order

    def _commit(self, practice_id: str, order: Item, event: Item, request_id: str, source_ip: str) -> None:
        event_id, at = ids.new("evt", clock.now()), order["ordered_at"]
        order_row = {
            "sk": f"order#{order['id']}",
            "order": json.dumps(order),
            "status": "pending",
            "cancel_until": order["cancel_until"],
            "agreement_sha256": agreement().sha256,
            "source_ip": source_ip,
            "due_shard": shard_of("charge", order["id"]),
            "due_at": order["cancel_until"],
        }
        line_row = {
            "sk": f"ledger#{event_id}#order",
            "kind": "order",
            "at": at,
            "subject": order["id"],
            "physician_available": order["physician"],
            "midlevel_available": order["midlevel"],
            "physician_in_use": 0,
            "midlevel_in_use": 0,
            "amount_cents": order["total_cents"],
            "order_lines": json.dumps(order["lines"]),
        }
        event_row = {
            "sk": event_id,
            "type": event["type"],
            "subject": event["subject"],
            "actor": order["ordered_by"],
            "at": at,
            "before": json.dumps(event["before"]),
            "after": json.dumps(event["after"]),
            "source_ip": source_ip,
            "request_id": request_id,
            "outbox": json.dumps(event["announce"]),
            "due_shard": shard_of("relay", practice_id),
            "due_at": event_id,
        }
        licensing, events = config.get("LICENSING_TABLE"), config.get("EVENTS_TABLE")
        self.dynamodb.transact_write_items(
            TransactItems=[
                _put(licensing, practice_id, order_row),
                _put(licensing, practice_id, line_row),
                _put(events, practice_id, event_row),
                {
                    "Update": {
                        "TableName": licensing,
                        "Key": {"pk": {"S": practice_id}, "sk": {"S": "pool"}},
                        "UpdateExpression": "ADD physician_available :physician, midlevel_available :midlevel",
                        "ConditionExpression": "attribute_exists(pk)",
                        "ExpressionAttributeValues": {
                            f":{kind}": {"N": str(order[kind])} for kind in ("physician", "midlevel")
                        },
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                },
            ]
        )

    def _signed_in(self, token: str, more: list[tuple[str, str, str]]) -> dict[str, Item]:
        """Session, username, practice and other rows, by kind. Raises Refused."""
        decoded = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)).decode()
        practice_id, username, secret = decoded.split("|")
        mark = hashlib.sha256(secret.encode()).hexdigest()
        user = f"username#{username}"
        wanted = [
            ("IDENTITY_TABLE", user, f"session#{mark}"),
            ("IDENTITY_TABLE", user, "username"),
            ("IDENTITY_TABLE", practice_id, "practice"),
            *((table, practice_id, sk) for table, _, sk in more),
        ]
        request: dict[str, Any] = {}
        for table, pk, sk in wanted:
            keys = request.setdefault(config.get(table), {"Keys": [], "ConsistentRead": True})["Keys"]
            keys.append({"pk": {"S": pk}, "sk": {"S": sk}})
        found = self.dynamodb.batch_get_item(RequestItems=request)["Responses"]
        rows = {item["sk"]["S"].partition("#")[0]: item for items in found.values() for item in items}
        session, login = rows["session"], rows["username"]
        _, ends = session_ends(int(session["created_at"]["N"]), int(session["last_used_at"]["N"]))
        if not (
            clock.now() < ends
            and session["epoch"] == login["epoch"]
            and login["status"]["S"] == "active"
            and "site_admin" in login["roles"]["SS"]
            and "totp_seed" in login
        ):
            raise Refused
        return rows


def _put(table: str, pk: str, values: Item) -> Any:
    item = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in values.items()}
    return {
        "Put": {
            "TableName": table,
            "Item": {"pk": {"S": pk}, **item},
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }
