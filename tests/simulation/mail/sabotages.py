"""Mail broken on purpose."""

from typing import Any
from unittest.mock import patch

from chalicelib import mail
from tests.simulation.sabotage import apart, sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("an old bounce that stops mail anew", "resume lou's mail", "an old mail comes back again")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "mail")]


@sabotage("mail to an address that bounced", "ask for lou's link")
def _(_: Stage) -> list[Any]:
    return [patch.object(mail, "stopped", lambda *_: None)]


@sabotage("a stop apart from its event", "a mail comes back")
def _(_: Stage) -> list[Any]:
    return [apart(mail.AddressRow)]
