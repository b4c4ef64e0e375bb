"""What SES tells of mail (Amazon SES, "Examples of event data")."""

from typing import Any

SENT = "2026-07-02T16:01:00.000Z"


def bounced(address: str, sent: str = SENT, practice_id: str = "prc_1", **changes: Any) -> dict[str, Any]:
    """A mail to the address was sent back for good."""
    recipients = [{"emailAddress": address}]
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
    return {
        "eventType": "Bounce",
        "bounce": bounce | {"timestamp": sent} | changes,
        "mail": _mail(address, sent, practice_id),
    }


def complained(address: str, sent: str = SENT, practice_id: str = "prc_1", **changes: Any) -> dict[str, Any]:
    """A mail to the address was called spam."""
    complaint = {"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": address}]}
    return {
        "eventType": "Complaint",
        "complaint": complaint | {"timestamp": sent} | changes,
        "mail": _mail(address, sent, practice_id),
    }


def _mail(address: str, sent: str, practice_id: str) -> dict[str, Any]:
    return {
        "timestamp": sent,
        "source": "no-reply@practice-admin.example",
        "messageId": "0100-2",
        "destination": [address],
        "tags": {"ses:operation": ["SendEmail"], "event_id": ["evt_1"], "practice_id": [practice_id]},
    }
