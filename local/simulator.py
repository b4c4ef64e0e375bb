"""SES's mailbox simulator: what is sent to its addresses bounces or complains, as it does on AWS.

`bounce@simulator.amazonses.com` and `complaint@simulator.amazonses.com`, also with a label: `bounce+jo@…`. Whoever has
such an address on the local system sees what a bounce does. All other mail is delivered.
"""

import json
import queue
import threading
import uuid
from collections.abc import Callable
from typing import Any

from chalicelib import aws, clock, config, telemetry

DOMAIN = "simulator.amazonses.com"
_EVENTS: dict[str, dict[str, Any]] = {
    "bounce": {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General"}},
    "complaint": {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}},
}
_RECIPIENTS = {"bounce": "bouncedRecipients", "complaint": "complainedRecipients"}


class Simulator:
    """Listens to what the program sends, and tells `ses_feedback` what became of it."""

    def __init__(self, invoke: Callable[[str, dict[str, Any]], Any]) -> None:
        self._invoke = invoke
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()

    def start(self) -> None:
        """Listen from now on."""
        aws.client("sesv2").meta.events.register("provide-client-params.sesv2.SendEmail", self._sent)
        threading.Thread(target=self._tell, daemon=True).start()

    def _sent(self, params: dict[str, Any], **_: Any) -> None:
        for address in params["Destination"]["ToAddresses"]:
            if event := told_of(address, params["EmailTags"]):
                self._told.put(event)

    def _tell(self) -> None:
        while True:
            try:
                self._invoke("ses_feedback", self._told.get())
            except Exception as error:  # the next one may do better
                telemetry.failure("the simulator failed", error)


def told_of(address: str, tags: list[dict[str, str]]) -> dict[str, Any] | None:
    """The event by which SNS tells of a mail to the address; None where it is delivered."""
    box, _, domain = address.lower().partition("@")
    what = box.partition("+")[0]
    if domain != DOMAIN or what not in _EVENTS:
        return None
    at = clock.now().isoformat()
    message = {
        **_EVENTS[what],
        what: {**_EVENTS[what][what], _RECIPIENTS[what]: [{"emailAddress": address}], "timestamp": at},
        "mail": {
            "timestamp": at,
            "messageId": str(uuid.uuid4()),
            "destination": [address],
            "tags": {tag["Name"]: [tag["Value"]] for tag in tags},
        },
    }
    sns = {"MessageId": str(uuid.uuid4()), "TopicArn": config.get("FEEDBACK_TOPIC"), "Message": json.dumps(message)}
    return {"Records": [{"EventSource": "aws:sns", "Sns": sns}]}
