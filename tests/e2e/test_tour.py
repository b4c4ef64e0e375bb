"""The way through, over HTTP: sign up, enrol, buy, cancel, buy again, be charged; and all is there the next day."""

import json
import signal
from datetime import datetime, timedelta

from tests.e2e.running import Person, Running, local, until


def test_the_way_through(stopped: Running) -> None:
    system = stopped.start()
    ada = Person(system, "ada")
    ada.sign_up()
    ada.sign_in()
    assert ada.call("GET", "/licenses").body["code"] == "enrollment_required"
    ada.enrol()
    assert ada.call("GET", "/licenses").body["physician"] == {"active": 1, "in_use": 1, "available": 0}
    quote = ada.call("POST", "/license-quotes", {"physician": 2, "midlevel": 0}).body

    placed = ada.order("monday")
    assert placed.status == 201
    assert placed.body["total_cents"] == quote["total_cents"]
    assert ada.order("monday").body == placed.body
    assert ada.call("GET", "/licenses").body["physician"] == {"active": 3, "in_use": 1, "available": 2}
    first = placed.body["id"]
    mail = until(lambda: found if len(found := system.mail(first)) >= 3 else [], "mail about the order")
    assert sorted((each["channel"], each["to"]) for each in mail) == [
        ("accounting", None),
        ("email", ada.email),
        ("support", None),
    ]
    assert len({each["event_id"] for each in mail}) == 1
    assert all(each["event_id"] in each["body"] for each in mail)

    assert ada.call("POST", f"/license-orders/{first}/cancel").body["status"] == "cancelled"
    second = ada.order("tuesday").body
    late = datetime.fromisoformat(second["cancel_until"]) + timedelta(minutes=1)
    ticked = local(system.home, "tick", "charge_due_orders", "--at", late.isoformat())
    assert json.loads(ticked.stdout)["done"] >= 1, ticked
    told = until(lambda: [each for each in system.mail(second["id"]) if "charged" in each["subject"]], "a charge")
    assert [each["channel"] for each in told] == ["accounting"]
    until(lambda: [each for each in system.mail(first) if "cancelled" in each["subject"]], "mail about the cancelling")
    assert ada.call("POST", f"/license-orders/{second['id']}/cancel").status == 409

    orders = ada.call("GET", "/license-orders").body
    mailbox = system.mail("")
    assert [order["status"] for order in orders["items"]] == ["charged", "cancelled"]
    assert system.stop() == 0
    assert "Traceback" not in system.output
    system.start()
    assert ada.call("GET", "/license-orders").body["items"] == orders["items"]
    assert system.mail("") == mailbox
    ada.sign_in()
    assert ada.call("GET", "/me").body["username"] == "ada"
    assert system.stop(signal.SIGTERM) == 0
