"""How a provider account ends and comes back, and where its patients go."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec

from chalicelib.auth import SITE_ADMIN, section
from chalicelib.console import choices, words
from chalicelib.console.choices import Choices
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.screens.providers import CHOICES, LIST, ONE, place, show_provider
from chalicelib.errors import invalid
from chalicelib.identity.rules import allows
from chalicelib.identity.usecases import accesses, drop_down
from chalicelib.providers import model, rules
from chalicelib.providers.patient_model import (
    PatientId,
    Reassignment,
    ReassignPatients,
    RegisteredPatient,
    RegisterPatient,
)
from chalicelib.providers.usecases import (
    accounts,
    configuration,
    deactivation,
    directory,
    patients,
    reactivation,
    reassignments,
    scheduling,
)
from chalicelib.store import Context
from chalicelib.validation import ListQuery


class Ending(msgspec.Struct, frozen=True):
    """When an account is to end, and who takes its patients. `when`: now, on the date, or unchosen."""

    when: str = ""
    date: model.LocalDay | None = None
    reassign_to: model.ProviderId | None = None


class Chosen(msgspec.Struct, frozen=True):
    """Patients of one page of the list, and who takes them."""

    to: model.ProviderId
    patient_ids: Annotated[list[PatientId], msgspec.Meta(max_length=100)] = []


def _takers(ctx: Context, provider_id: str) -> Choices[tuple[str, str]]:
    """The accounts that can take its patients: all of the practice for its site admins, for others those where they may
    bring some, as they are to learn of no more."""
    if "site_admin" not in ctx.actor.roles:
        reached = (each for each in drop_down.reached_here(ctx) if each.privileges.patients == "full")
        named = [(each.provider_id, each.provider_name) for each in reached if each.provider_id != provider_id]
        return Choices(sorted(named, key=lambda each: each[1].casefold()))
    query = model.ProviderQuery(limit=choices.PAGE, assignable=True)
    listed, help_ = choices.gathered(lambda part: directory.list_providers(ctx, part), query)
    return Choices(
        [(each.id, f"{each.listed_name}, {each.credential}") for each in listed if each.id != provider_id], help_
    )


# --- Ending -------------------------------------------------------------------------------------------------------


@page(f"{ONE}/end", permit=SITE_ADMIN, prefetch=reassignments.rows, template="provider_end.html")
def choose_ending(ctx: Context, provider_id: str, query: Ending) -> dict[str, Any]:
    """When, and who takes the patients."""
    provider = accounts.find(ctx, provider_id)
    count = patients.count(ctx, provider_id)
    takers = _takers(ctx, provider_id) if count else Choices([])
    return {
        "provider": provider,
        "name": provider.name,
        "patients": count,
        "takers": takers.offered,
        "takers_help": takers.help,
        "asked": query,
        "wrong_day": _wrong_day(ctx, query),
    }


def _wrong_day(ctx: Context, asked: Ending) -> str:
    if asked.date:
        # A day that was typed is never passed over: the account would end today.
        if asked.when == "now":
            return "You chose now, and a day. Empty the day, or choose it."
        return deactivation.wrong_day(ctx, asked.date)
    wrong = {"": "", "now": "", "date": "Choose the day, or deactivate now."}
    return wrong.get(asked.when, "Choose now, or a day.")


@page(
    f"{ONE}/end/confirm",
    permit=SITE_ADMIN,
    prefetch=deactivation.rows,
    template="provider_end_confirm.html",
    on=choose_ending,
)
def confirm_ending(ctx: Context, provider_id: str, query: Ending) -> dict[str, Any] | Done:
    """What will happen; but without a choice, or for a day on which it can't, the choice again."""
    if not query.when:
        query = msgspec.structs.replace(query, when="date" if query.date else "unchosen")
    if _wrong_day(ctx, query):
        asked = {name: value for name, value in msgspec.to_builtins(query).items() if value}
        return Done(f"{place(provider_id)}/end?{urlencode(asked)}")
    provider = accounts.find(ctx, provider_id)
    taker = deactivation.taker(ctx, provider, model.Deactivate(query.date, query.reassign_to or None))
    return {
        "provider": provider,
        "name": provider.name,
        "asked": query,
        "date": query.date,
        "last_day": query.date - timedelta(days=1) if query.date else None,
        "taker": taker,
        "taker_leaves": rules.leaves_before(taker, query.date) if taker else None,
        "preview": deactivation.preview(ctx, provider_id),
        "types": words.TYPES,
    }


def _ended(done: model.Deactivated | model.DeactivationScheduled, provider_id: str) -> Done:
    called = done.name
    if isinstance(done, model.DeactivationScheduled):
        return Done(place(provider_id), f"{called} will be deactivated.")
    if done.reassignment_id:
        return Done(f"{place(provider_id)}/moves/{done.reassignment_id}", f"{called} is deactivated.")
    return Done(f"{place(provider_id)}/patients", f"{called} is deactivated.")


@action(f"{ONE}/end", on=choose_ending, permit=SITE_ADMIN, prefetch=deactivation.rows, then=_ended)
def deactivate(
    ctx: Context, provider_id: str, command: model.Deactivate
) -> model.Deactivated | model.DeactivationScheduled:
    """End an account, now or on a day to come."""
    return deactivation.deactivate(ctx, provider_id, command)


def _goes_on(provider: model.Provider, **_: str) -> Done:
    return Done(place(provider.id), f"{provider.name} stays active; the scheduled deactivation is canceled.")


@action(f"{ONE}/end/cancel", on=show_provider, permit=SITE_ADMIN, prefetch=accounts.rows, then=_goes_on)
def cancel_ending(ctx: Context, provider_id: str) -> model.Provider:
    """Cancel what is scheduled."""
    return scheduling.cancel(ctx, provider_id)


# --- Coming back --------------------------------------------------------------------------------------------------


def _undone(done: model.Restored, **_: str) -> Done:
    back = " The patients are coming back." if done.reassignment_id else ""
    return Done(place(done.id), f"{done.name} is active as before.{back}")


@action(f"{ONE}/undo", on=show_provider, permit=SITE_ADMIN, prefetch=reactivation.rows, then=_undone)
def undo(ctx: Context, provider_id: str) -> model.Restored:
    """Take the deactivation back."""
    return reactivation.undo(ctx, provider_id)


def _back(provider: model.Provider, **_: str) -> Done:
    return Done(place(provider.id), f"{provider.name} is active again.")


@action(f"{ONE}/reactivate", on=show_provider, permit=SITE_ADMIN, prefetch=reactivation.rows, then=_back)
def reactivate(ctx: Context, provider_id: str) -> model.Provider:
    """Make the account active again."""
    return reactivation.reactivate(ctx, provider_id)


# --- Patients -----------------------------------------------------------------------------------------------------


@page(f"{ONE}/patients", permit=section("patients", "view"), prefetch=reassignments.rows, template="patients.html")
def show_patients(ctx: Context, provider_id: str, query: ListQuery) -> dict[str, Any]:
    """Who they are; and for who may move them, who could take them."""
    provider, count = accounts.find(ctx, provider_id), patients.count(ctx, provider_id)
    keeps = allows(accesses.held(ctx, provider_id), "patients", "full")
    takers = _takers(ctx, provider_id) if keeps and count else Choices([])
    return {
        "provider": provider,
        "name": provider.name,
        "patients": count,
        "found": patients.list_patients(ctx, provider_id, query),
        "query": query,
        "keeps": keeps,
        "takers": takers.offered,
        "takers_help": takers.help,
        "rtm_statuses": dict(CHOICES["rtm_statuses"]),
    }


def _moving(move: Reassignment, provider_id: str) -> Done:
    return Done(f"{place(provider_id)}/moves/{move.id}")


@action(
    f"{ONE}/patients", on=show_patients, permit=section("patients", "full"), prefetch=reassignments.rows, then=_moving
)
def reassign(ctx: Context, provider_id: str, command: ReassignPatients) -> Reassignment:
    """Move all patients of an account to another."""
    return reassignments.reassign(ctx, provider_id, command)


@action(
    f"{ONE}/patients/chosen",
    on=show_patients,
    permit=section("patients", "full"),
    prefetch=reassignments.rows,
    names=reassignments.named,
    then=_moving,
)
def reassign_chosen(ctx: Context, provider_id: str, command: Chosen) -> Reassignment:
    """Move patients who are chosen in the list."""
    if not command.patient_ids:
        raise invalid(("patient_ids", "Choose at least one patient in the list."))
    return reassignments.reassign(ctx, provider_id, ReassignPatients(command.to, command.patient_ids))


@page(f"{ONE}/patients/new", permit=section("patients", "full"), template="patient_new.html")
def show_new_patient(ctx: Context, provider_id: str) -> dict[str, Any]:
    """The form of a new patient."""
    return {"rtm_statuses": CHOICES["rtm_statuses"]}


def _registered(patient: RegisteredPatient, provider_id: str) -> Done:
    return Done(f"{place(provider_id)}/patients", "The patient is registered.")


@action(
    f"{ONE}/patients/new",
    on=show_new_patient,
    permit=section("patients", "full"),
    prefetch=configuration.rows,
    then=_registered,
)
def register_patient(ctx: Context, provider_id: str, command: RegisterPatient) -> RegisteredPatient:
    """Register a patient with the account."""
    return patients.register(ctx, provider_id, command)


@page(
    f"{ONE}/moves/{{reassignment_id}}",
    permit=section("patients", "view"),
    prefetch=reassignments.rows_of_account,
    template="move.html",
)
def show_move(ctx: Context, provider_id: str, reassignment_id: str) -> dict[str, Any]:
    """How far a move is."""
    move = reassignments.find_of_account(ctx, provider_id, reassignment_id)
    taker = accounts.find(ctx, move.to)
    return {"move": move, "name": accounts.find(ctx, provider_id).name, "taker": taker}


@page(f"{LIST}/left-behind", permit=SITE_ADMIN, template="left_behind.html")
def list_left_behind(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """The inactive accounts that still have patients."""
    return {"found": patients.list_accounts_left(ctx, query)}
