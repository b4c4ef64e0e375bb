"""What SES tells of mail, mail that is sent again, other addresses; and searches in the Help Center."""

from typing import Any

from chalicelib import clock
from tests.feedback import bounced, complained
from tests.simulation.operation import AWS_TROUBLE, Answer, Operation, declare, request
from tests.simulation.script import LOST, NOW
from tests.simulation.stage import Stage

OLD = "evt_old"
"""For which event the mail was sent that stopped mail to `LOST`."""


def _told(name: str, message: dict[str, Any], event_id: str, changes: str = "") -> None:
    def act(stage: Stage) -> Answer:
        message["mail"]["tags"] = {"event_id": [event_id], "practice_id": [stage.practices["ours"]]}
        try:
            stage.api.told(message)
        except AWS_TROUBLE:  # Lambda calls again
            return Answer(503)
        return Answer(200)

    declare(name, Operation("ses_feedback", act, quiet=True, changes=changes))


_told("a mail comes back", bounced("new@clinic.example"), "evt_new", "mail.stopped")
_told("a mail is called spam", complained("new@clinic.example"), "evt_spam", "mail.stopped")
_told("an old mail comes back again", bounced(LOST), OLD)
_told("a late mail comes back", bounced(LOST, clock.to_text(NOW.replace(year=2027))), "evt_late")
request(
    "resume lou's mail",
    "DELETE /users/{username}/mail-stop",
    parameter=lambda _: "lou",
    actor="ada",
    names=("lou",),
    changes="mail.resumed",
)
request("lou resumes mail", "DELETE /me/mail-stop", actor="lou", changes="mail.resumed")
request(
    "ask for lou's link",
    "POST /password-resets",
    lambda _: {"username": "lou"},
    actor="lou",
    signed_in=False,
    quiet=True,
    changes="password.link_requested",
)
request(
    "change pat's address",
    "PUT /users/{username}/email",
    lambda _: {"email": "patricia@clinic.example"},
    parameter=lambda _: "pat",
    actor="ada",
    names=("pat",),
    quiet=True,  # the same again changes nothing
    changes="username.email_changed",
)
request("search for help", "GET /help/articles?q=license", actor="pat")
