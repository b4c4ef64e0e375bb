"""What Support find on their desk."""

from typing import Any

from tests.api import Api
from tests.cast import Cast

QUEUE = "/console/staff/tickets"
GIVE = {"username": "pat", "role": "support_user", "action": "add"}
_FILED = {"body": "Since noon.", "category": "problem", "priority": "normal", "articles_do_not_help": True}


def file(api: Api, cast: Cast, **more: Any) -> str:
    """Where staff find a ticket that a site admin files."""
    body = _FILED | {"subject": "Printer is on fire"} | more
    answer = api.post("/tickets", body, cast.site_admin.token)
    assert answer.status_code == 201, answer.body
    return f"{QUEUE}/{answer.json_body['id']}"


def role_change(api: Api, cast: Cast) -> str:
    """Where staff find one that asks to give pat a role."""
    return file(api, cast, category="role_change", subject="Pat runs the desk", request=GIVE)
