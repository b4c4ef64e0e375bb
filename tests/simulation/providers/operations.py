"""Opening provider accounts, editing them, and their configuration; how they end and come back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.licensing.tables import TRIAL
from chalicelib.licensing.trial_tables import REMOVE
from chalicelib.providers.deactivation_tables import DEACTIVATE, FOLLOW
from chalicelib.providers.patient_tables import MOVE
from chalicelib.providers.usecases import removing_trials
from tests.api import running_as
from tests.cast import patient_body, provider_body
from tests.licensing.orders import order_body
from tests.providers.steps import AGREED
from tests.simulation.operation import AWS_TROUBLE, Answer, Operation, declare, event, request
from tests.simulation.script import LAST_DAY, LEASED, NOW, PATIENTS, REMOVAL, TRIALS_END
from tests.simulation.stage import Stage


def _account(stage: Stage) -> str:
    return stage.provider_id


def _new(_: Stage) -> Any:
    return provider_body()


def _bought(_: Stage) -> Any:
    return provider_body(credential="PA", **AGREED)


_CREATE, _CREATED = "POST /providers", "provider.created"
request("open account", _CREATE, _new, actor="ada", keyed=True, changes=_CREATED)
request("open account without a key", _CREATE, _new, actor="ada", changes=_CREATED)
request("open account with a bought license", _CREATE, _bought, actor="ada", keyed=True, changes=_CREATED)
request("they open account with a bought license", _CREATE, _bought, actor="eve", changes=_CREATED)

_EDIT, _EDITED = "PATCH /providers/{provider_id}", "provider.edited"


def _renamed(_: Stage) -> Any:
    return {"first_name": "Zoë", "last_name": "Smith-Jones"}


def _of_the_other_type(_: Stage) -> Any:
    return {"credential": "MD", "email": "zoe@clinic.example"}


request("edit", _EDIT, _renamed, parameter=_account, version='"1"', actor="ada", changes=_EDITED)
request("edit type", _EDIT, _of_the_other_type, parameter=_account, version='"1"', actor="ada", changes=_EDITED)
request(
    "edit whatever version",
    _EDIT,
    lambda _: {"billing_role": "technician"},
    parameter=_account,
    version="*",
    actor="ada",
    quiet=True,
    changes=_EDITED,
)
request("they edit ours", _EDIT, _renamed, parameter=_account, version='"1"', actor="eve")

_CONFIGURE, _CONFIGURED = "PUT /providers/{provider_id}/configuration", "provider.configured"
request(
    "configure",
    _CONFIGURE,
    lambda _: {"outcome_threshold": 5},
    parameter=_account,
    version='"0"',
    actor="ada",
    changes=_CONFIGURED,
)
request(
    "configure whatever version",
    _CONFIGURE,
    lambda _: {"messaging_enabled": False},
    parameter=_account,
    actor="ada",
    quiet=True,
    changes=_CONFIGURED,
)
request(
    "master configures",
    _CONFIGURE,
    lambda _: {"outcome_threshold": 4},
    parameter=_account,
    actor="max",
    quiet=True,
    changes=_CONFIGURED,
)
request("clinician configures", _CONFIGURE, lambda _: {"outcome_threshold": 1}, parameter=_account, actor="cleo")
request("they configure ours", _CONFIGURE, lambda _: {"outcome_threshold": 1}, parameter=_account, actor="eve")

# --- Patients -----------------------------------------------------------------------------------------------------

_REGISTER, _REGISTERED = "POST /providers/{provider_id}/patients", "patient.registered"


def _patient(_: Stage) -> Any:
    return patient_body(rtm_status="eligible")


request("register", _REGISTER, _patient, parameter=_account, actor="ada", keyed=True, changes=_REGISTERED)
request("register without a key", _REGISTER, _patient, parameter=_account, actor="ada", changes=_REGISTERED)
request("master registers", _REGISTER, _patient, parameter=_account, actor="max", keyed=True, changes=_REGISTERED)
request("they register with ours", _REGISTER, _patient, parameter=_account, actor="eve")

# --- How an account ends, and comes back --------------------------------------------------------------------------

_END, _ENDED = "POST /providers/{provider_id}/deactivation", "provider.deactivated"
_SCHEDULED = "provider.deactivation_scheduled"


def _scheduled(stage: Stage) -> str:
    return stage.scheduled_id


def _inactive(stage: Stage) -> str:
    return stage.ended_id


def _confirmed(_: Stage) -> Any:
    return {"confirm": True}


def _on_a_day(day: str) -> Any:
    return lambda _: {"date": day, "confirm": True}


request("deactivate", _END, _confirmed, parameter=_account, keyed=True, changes=_ENDED, actor="ada")
request("deactivate without a key", _END, _confirmed, parameter=_account, changes=_ENDED, actor="ada")
request("deactivate before its day", _END, _confirmed, parameter=_scheduled, changes=_ENDED, actor="ada")
request("deactivate unconfirmed", _END, lambda _: {}, parameter=_account, actor="ada")
request(
    "they deactivate theirs",
    _END,
    _confirmed,
    parameter=lambda stage: stage.cast.their_provider_id,
    actor="eve",
    changes=_ENDED,
)
request("they deactivate ours", _END, _confirmed, parameter=_account, actor="eve")
request("schedule", _END, _on_a_day("2026-07-20"), parameter=_account, actor="ada", keyed=True, changes=_SCHEDULED)
request("reschedule", _END, _on_a_day("2026-07-21"), parameter=_scheduled, actor="ada", quiet=True, changes=_SCHEDULED)
request(
    "cancel schedule",
    "DELETE /providers/{provider_id}/deactivation",
    parameter=_scheduled,
    actor="ada",
    changes="provider.deactivation_cancelled",
)
_BACK, _REACTIVATED = "POST /providers/{provider_id}/reactivation", "provider.reactivated"
_UNDO, _UNDONE = "POST /providers/{provider_id}/deactivation/undo", "provider.deactivation_undone"


def _gone(stage: Stage) -> str:
    return stage.gone_id


request("reactivate", _BACK, parameter=_inactive, actor="ada", keyed=True, changes=_REACTIVATED)
request("reactivate with patients", _BACK, parameter=_gone, actor="ada", keyed=True, changes=_REACTIVATED)
request("undo", _UNDO, parameter=_inactive, actor="ada", keyed=True, changes=_UNDONE)
request("undo without a key", _UNDO, parameter=_inactive, actor="ada", changes=_UNDONE)
request("undo with patients", _UNDO, parameter=_gone, actor="ada", changes=_UNDONE)
request(
    "edit scheduled",
    _EDIT,
    _renamed,
    parameter=_scheduled,
    version="*",
    actor="ada",
    quiet=True,
    changes=_EDITED,
)
request("edit ended", _EDIT, _of_the_other_type, parameter=_inactive, version='"2"', actor="ada", changes=_EDITED)
request("register with scheduled", _REGISTER, _patient, parameter=_scheduled, actor="ada", changes=_REGISTERED)
request(
    "deactivate and reassign",
    _END,
    lambda stage: {"reassign_to": stage.provider_id, "confirm": True},
    parameter=lambda stage: stage.cast.provider_id,
    actor="ada",
    changes=_ENDED,
)
event("deactivate due", "deactivate_due", ahead=LAST_DAY - NOW, waiting=DEACTIVATE)
event("deactivate due too early", "deactivate_due", ahead=LAST_DAY - NOW - timedelta(minutes=3))
event("follow time zone", "deactivate_due", waiting=FOLLOW)

event("warn of trials", "end_trials", ahead=TRIALS_END - timedelta(days=7) - NOW)
event("end trials", "end_trials", ahead=TRIALS_END - NOW, waiting=TRIAL)

# --- Moves --------------------------------------------------------------------------------------------------------


def _first(stage: Stage) -> str:
    return stage.cast.provider_id


def _all_to(target: str) -> Any:
    return lambda stage: {"to": getattr(stage, target)}


def _two_to_the_other(stage: Stage) -> Any:
    return {"to": stage.provider_id, "patient_ids": list(PATIENTS[1:3])}


def _three_to_the_other(stage: Stage) -> Any:
    return {"to": stage.provider_id, "patient_ids": list(PATIENTS[:3])}


_MOVE, _STARTED, _MOVED = (
    "POST /providers/{provider_id}/patients/reassign",
    "reassignment.started",
    "reassignment.moved",
)
request("move two", _MOVE, _two_to_the_other, parameter=_first, actor="ada", keyed=True, changes=_MOVED)
request("move two without a key", _MOVE, _two_to_the_other, parameter=_first, actor="ada", changes=_MOVED)
request("move all", _MOVE, _all_to("provider_id"), parameter=_first, actor="ada", keyed=True, changes=_STARTED)
request("move from scheduled", _MOVE, _all_to("provider_id"), parameter=_scheduled, actor="ada", changes=_MOVED)
request("move to scheduled", _MOVE, _all_to("scheduled_id"), parameter=_first, actor="ada", changes=_STARTED)
request("move all without a key", _MOVE, _all_to("provider_id"), parameter=_first, actor="ada", changes=_STARTED)
request("move three", _MOVE, _three_to_the_other, parameter=_first, actor="ada", changes=_STARTED)


def _left_behind(stage: Stage) -> str:
    return stage.ended_id


def _one_of_them(stage: Stage) -> Any:
    return {"to": stage.provider_id, "patient_ids": ["pat_00000000000000000000000004"]}


request("move those left behind", _MOVE, _all_to("provider_id"), parameter=_left_behind, actor="ada", changes=_STARTED)
request("move one left behind", _MOVE, _one_of_them, parameter=_left_behind, actor="ada", changes=_MOVED)
request("move to who takes none", _MOVE, _all_to("ended_id"), parameter=_first, actor="ada")
request("they move ours", _MOVE, _all_to("provider_id"), parameter=_first, actor="eve")
event("continue", "continue_reassignments", ahead=LEASED + timedelta(minutes=1), waiting=MOVE)
event("continue too early", "continue_reassignments")


# --- What an ended trial leaves -------------------------------------------------------------------------------------


def _remove(stage: Stage) -> Answer:
    """`sweep_expired`, without what else it sweeps."""
    with running_as("sweep_expired"):
        try:
            removing_trials.remove_due(clock.now(), "simulated", lambda: 60_000)
        except AWS_TROUBLE:
            return Answer(503)
    return Answer(200)


_GOES: dict[str, Any] = {"quiet": True, "ahead": REMOVAL + timedelta(minutes=1), "waiting": REMOVE}
declare("remove trial data", Operation("sweep_expired", _remove, **_GOES))


def _past(*names: str) -> Callable[[Stage], str]:
    return lambda stage: " ".join((stage.past_id, *names))


request(
    "ned buys",
    "POST /license-orders",
    lambda _: order_body(1, 0),
    actor="ned",
    keyed=True,
    changes="license_order.placed",
)
request(
    "ned adds a code",
    "POST /providers/{provider_id}/codes/{file}",
    lambda _: {"code": "I10", "description": "Hypertension"},
    parameter=_past("diagnosis"),
    actor="ned",
    changes="code.created",
    account=lambda stage: stage.past_id,
)
request(
    "ned edits",
    "PATCH /providers/{provider_id}",
    lambda _: {"last_name": "Past"},
    parameter=_past(),
    version="*",
    actor="ned",
    quiet=True,
    changes="provider.edited",
    account=lambda stage: stage.past_id,
)
