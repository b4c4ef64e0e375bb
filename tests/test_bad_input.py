"""Bad inputs: each is refused with the right problem, none is our fault, and nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from string import Template
from typing import Any, get_args

import botocore.client
import pytest

from chalicelib import clock
from chalicelib.identity.sessions import Token
from chalicelib.model import StaffRole
from chalicelib.support.rules import ticket_id
from tests import (
    bad_codes,
    bad_images,
    bad_linking,
    bad_patients,
    bad_providers,
    bad_requests,
    bad_staff,
    bad_tickets,
    bad_values,
)
from tests.api import Api
from tests.bad_requests import Bad, order
from tests.cast import Person, new_session, practice_with_people
from tests.clouds import CLOUD
from tests.conftest import NOON, kept
from tests.staff.people import staff_person
from tests.support.steps import filed
from tests.world import World

CASES = [
    case
    for cases in (
        *bad_requests.AREAS,
        *bad_values.AREAS,
        *bad_providers.AREAS,
        *bad_patients.AREAS,
        *bad_images.AREAS,
        *bad_linking.AREAS,
        *bad_codes.AREAS,
        *bad_staff.AREAS,
        *bad_tickets.AREAS,
    )
    for case in cases()
]
READS = {"BatchGetItem", "Query", "GetSecretValue"}


@dataclass(frozen=True)
class Scene:
    """One world for all cases, as none may change it: what it holds, who there is, and ids by name."""

    world: World
    api: Api
    before: dict[str, Any]
    tokens: dict[str, str]
    facts: dict[str, str]
    calls: list[str]


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """Two practices with orders and cursors of their lists, and a guard over the size of keys."""
    with CLOUD.opened(), clock.frozen(NOON), pytest.MonkeyPatch.context() as patch:
        world, api = kept(World.made), Api()
        cast = practice_with_people(api)
        admin, outsider = cast.site_admin, cast.outsider
        ours = _two_orders(api, admin)
        theirs = _two_orders(api, outsider)
        cursors = {
            name: api.get(f"{path}?limit=1", who.token).json_body["next_cursor"]
            for name, path, who in (
                ("users_cursor", "/users", admin),
                ("orders_cursor", "/license-orders", admin),
                ("their_cursor", "/license-orders", outsider),
            )
        }
        mine = cursors["orders_cursor"]
        with clock.frozen(NOON - timedelta(minutes=15)):
            idle = new_session("ada", admin.practice_id)
        with clock.frozen(NOON - timedelta(hours=12)):
            old = new_session("ada", admin.practice_id)
        secret = Token.parse(admin.token).secret
        facts = {
            "token": admin.token,
            "idle": idle,
            "old": old,
            "moved": Token(outsider.practice_id, "ada", secret).text,
            "renamed": Token(admin.practice_id, "sue", secret).text,
            "unknown": Token.new(admin.practice_id, "ada").text,
            "our_order": ours,
            "their_order": theirs,
            "our_practice": admin.practice_id,
            "our_ticket": ticket_id(admin.practice_id, filed(api, admin)),
            "our_provider": cast.provider_id,
            "their_provider": api.get("/providers", outsider.token).json_body["items"][0]["id"],
            "changed_cursor": ("B" if mine[0] == "A" else "A") + mine[1:],
            "cut_cursor": mine[:-2],
            **cursors,
        }
        tokens = {"site_admin": admin.token, "plain_user": cast.plain_user.token, "ended": idle}
        tokens |= {role: staff_person(role, role).token for role in get_args(StaffRole)}
        before, calls = world.everything(), _watched_calls(patch)
        yield Scene(world, api, before, tokens, facts, calls)
        assert world.everything() == before


def _two_orders(api: Api, buyer: Person) -> str:
    first, _ = (api.post("/license-orders", order(), buyer.token).json_body["id"] for _ in range(2))
    return str(first)


def _watched_calls(patch: pytest.MonkeyPatch) -> list[str]:
    """The AWS calls from here on. A key of a size that DynamoDB refuses and moto takes becomes an error."""
    calls: list[str] = []
    call = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

    def watched(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        calls.append(operation)
        _check_keys(arguments)
        return call(self, operation, arguments)

    patch.setattr(botocore.client.BaseClient, "_make_api_call", watched)
    return calls


def _check_keys(thing: Any) -> None:
    if isinstance(thing, dict):
        for name, limit in (("pk", 2048), ("sk", 1024)):
            if isinstance(thing.get(name), dict) and "S" in thing[name]:
                assert 1 <= len(thing[name]["S"].encode()) <= limit, f"DynamoDB takes no {name} of this size"
    for each in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        _check_keys(each)


def _filled(body: Any, facts: dict[str, str]) -> Any:
    if not isinstance(body, dict):
        return body
    texts = {name: value for name, value in body.items() if isinstance(value, str)}
    return body | {name: Template(value).safe_substitute(facts) for name, value in texts.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_is_refused_and_nothing_is_written(scene: Scene, case: Bad) -> None:
    method, _, path = Template(case.request).safe_substitute(scene.facts).partition(" ")
    scene.calls.clear()
    headers = {name: Template(value).safe_substitute(scene.facts) for name, value in case.headers.items()}
    body = _filled(case.body, scene.facts)
    answer = scene.api.request(method, path, body, raw=case.raw, token=scene.tokens.get(case.who), headers=headers)
    problem = answer.json_body
    assert (answer.status_code, problem["code"]) == (case.status, case.code), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == case.status
    assert problem["request_id"]
    named = [error["field"].encode("unicode_escape").decode() for error in problem.get("errors", ())]
    if case.name == "a stranger field":
        assert case.fields in named
    else:
        assert sorted(named) == sorted(case.fields.split())
    for message in (problem["detail"], *(error["message"] for error in problem.get("errors", ()))):
        assert message[0].isupper(), message
        assert message.endswith("."), message
        assert not set(message) & set("`$^\\"), message
    # Reading all tables takes long; only a call that could write needs it.
    if not set(scene.calls) <= READS:
        assert scene.world.everything() == scene.before


def test_there_are_at_least_a_hundred() -> None:
    assert len(CASES) >= 100
    assert len({case.request.partition("?")[0] for case in CASES}) >= 25
