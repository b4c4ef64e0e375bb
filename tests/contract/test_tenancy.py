"""The tenancy matrix, made of the table of routes: what is not one's own is answered as if it were not there.

Every route of a section, by everybody who may stand before it: with each privilege in each section, with all but one,
with none, from another practice, taken off a second ago, let in for a time that is over. And every route that names
anything, with what another practice has and with what nobody has: the answers are the same, byte for byte, but for the
request's id.

A room that names something new by its path adds what that is to `_things`; until then its routes fail here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib import clock, http
from chalicelib.http import Route
from chalicelib.identity.model import Privileges
from chalicelib.model import SECTIONS
from deploy.examples import EXAMPLES
from tests.api import Api
from tests.cast import FULL, Cast, Person, give_access, new_session, patient_body, practice_with_people, take_access
from tests.clouds import CLOUD
from tests.conftest import NOON, kept
from tests.contract.test_sections import LET_IN, RANKS, ROUTES, door, named, needed
from tests.identity.reaching import add_username
from tests.licensing.orders import placed
from tests.support.steps import ticket_body
from tests.world import World

NAMING = [route for route in http.ROUTES if "{" in route.path and not route.permit.staff]
"""What customers name things by. Staff's routes reach what a task names, and no customer's session opens them."""
NO_TENANTS: dict[str, str] = {
    "token": "a mailed link proves itself, whoever opens it",
    "slug": "articles are everybody's",
    "file": "one of three words",
}
"""The path parameters that name nothing of a practice's own, and why."""
UNLINKED, EXPIRED = "una", "exa"
Thing = tuple[str, str]


@dataclass(frozen=True)
class Matrix:
    """One world for all routes. `linked`: who reaches our account from another practice, with which privileges."""

    api: Api
    world: World
    cast: Cast
    linked: dict[str, tuple[Person, Privileges]]
    things: dict[str, Thing]


def _made() -> Matrix:
    world, api = kept(World.made), Api()
    cast = practice_with_people(api)
    ours, theirs = cast.site_admin.practice_id, cast.outsider.practice_id
    linked: dict[str, tuple[Person, Privileges]] = {}
    for name, privileges in _every_privilege().items():
        linked[name] = _let_in(f"user.{len(linked)}", theirs, ours, cast.provider_id, privileges), privileges
    for name, until in ((UNLINKED, None), (EXPIRED, clock.to_text(NOON))):
        add_username(theirs, name)
        give_access(name, ours, cast.provider_id, until=until)
    return Matrix(api, world, cast, linked, _things(api, cast))


def _let_in(name: str, home: str, practice_id: str, provider_id: str, privileges: Privileges) -> Person:
    add_username(home, name)
    give_access(name, practice_id, provider_id, privileges)
    return Person(name, home, new_session(name, home))


def _every_privilege() -> dict[str, Privileges]:
    """Each privilege in each section beside nothing; everything but one; everything; nothing."""
    found = {"everything": FULL, "nothing": Privileges()}
    for section in SECTIONS:
        found |= {f"{section}: {each}": replace(Privileges(), **{section: each}) for each in ("view", "full")}
        found[f"all but {section}"] = replace(FULL, **{section: "none"})
    return found


def _things(api: Api, cast: Cast) -> dict[str, Thing]:
    """By path parameter: the id of what our practice has, and one that nobody has."""
    token, account = cast.site_admin.token, f"/providers/{cast.provider_id}"

    def made(path: str, body: Any = None, who: str = token, field: str = "id") -> str:
        answer = api.post(path, body, who)
        assert answer.status_code in (200, 201, 202), (path, answer.body)
        return str(answer.json_body[field])

    placed(api, cast, physician=2, midlevel=0)
    second = made("/providers", EXAMPLES["CreateProvider"] | {"credential": "MD"})
    made(f"{account}/patients", patient_body())
    made(f"{account}/codes/diagnosis", EXAMPLES["NewDiagnosis"], field="code")
    made(f"/providers/{cast.their_provider_id}/codes/diagnosis", EXAMPLES["NewDiagnosis"], cast.outsider.token, "code")
    copy = {"from": cast.their_provider_id, "to": cast.provider_id, "entries": {"diagnosis": ["E11.9"]}}
    moved = made(f"{account}/patients/reassign", {"to": second})
    return {
        "provider_id": (cast.provider_id, "prv_none"),
        "username": ("cleo", "nobody"),
        "order_id": (placed(api, cast, physician=1, midlevel=0)["id"], "ord_none"),
        "decrease_id": (made("/license-decreases", EXAMPLES["LicenseDecreaseRequest"]), "dec_none"),
        "patient_id": (made(f"{account}/patients", patient_body()), "pat_none"),
        "reassignment_id": (moved, "rea_none"),
        "invitation_id": (made(f"{account}/invitations", {"username": "pat"}), "inv_none"),
        "upload_id": (made(f"{account}/image"), "upl_none"),
        "code": ("E11.9", "Z99.9"),
        "copy_id": (made("/code-copies", copy, cast.master.token), f"cpy_none_{cast.provider_id}"),
        "number": (made("/tickets", ticket_body(), field="number"), "999"),
    }


@pytest.fixture
def scene(at_noon: datetime) -> Iterator[Matrix]:
    """The matrix as it was made."""
    with CLOUD.opened():
        yield kept(_made)


def asked(matrix: Matrix, route: Route, who: Person, ids: dict[str, str]) -> HTTPResponse:
    """One request of a route, valid but for whose things it names."""
    path = re.sub(r"{(\w+)}", lambda found: ids[found[1]], route.path)
    kinds = get_args(route.command) or (route.command,)
    body = EXAMPLES[kinds[0].__name__] if kinds[0] else None
    if route.permit.source:
        body = named(route, ids["provider_id"])
    headers = {"If-Match": "*"} if route.edits else {}
    return matrix.api.request(route.method, path, body, token=who.token, headers=headers)


def seen(answer: HTTPResponse) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but the request's id."""
    body = re.sub(rb'"request_id":"[^"]*"', b"", answer.body)
    return answer.status_code, body, {name: str(value) for name, value in answer.headers.items()}


def ids_of(matrix: Matrix, which: int, **others: str) -> dict[str, str]:
    """Our ids (0), or those of nobody (1)."""
    words = {"file": "diagnosis", "token": "x", "slug": "x"}
    return words | {name: thing[which] for name, thing in matrix.things.items()} | others


# --- Every section, every privilege ---------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_of_a_section_lets_in_whom_its_privilege_names_and_nobody_else(scene: Matrix, route: Route) -> None:
    matrix, cast, section = scene, scene.cast, route.permit.section
    assert section is not None
    for name, (person, privileges) in matrix.linked.items():
        enough = RANKS[getattr(privileges, section)] >= RANKS[needed(route)]
        expected = LET_IN if enough else "privilege_required"
        assert door(matrix.api, route, cast.provider_id, person) == expected, name
    for own in (cast.site_admin, cast.clinician):
        assert door(matrix.api, route, cast.provider_id, own) == LET_IN, own.username


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_who_was_taken_off_a_second_ago_or_whose_time_is_over_finds_nothing_there(scene: Matrix, route: Route) -> None:
    matrix, cast = scene, scene.cast
    theirs = cast.outsider.practice_id
    una, exa = (Person(name, theirs, new_session(name, theirs)) for name in (UNLINKED, EXPIRED))
    assert door(matrix.api, route, cast.provider_id, una) == LET_IN
    # They reach another account, so they are still signed in.
    for person in (una, exa):
        give_access(person.username, theirs, cast.their_provider_id)
    take_access(UNLINKED, cast.site_admin.practice_id, cast.provider_id)
    missing = ids_of(matrix, 1, copy_id="cpy_none_prv_none")
    for person in (una, exa, cast.outsider, cast.plain_user):
        refused = asked(matrix, route, person, ids_of(matrix, 0))
        assert refused.status_code == 404, (route.name, person.username)
        assert seen(refused) == seen(asked(matrix, route, person, missing)), (route.name, person.username)


# --- Every id --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", NAMING, ids=lambda route: route.name)
def test_what_another_practice_has_is_missing_like_what_nobody_has(scene: Matrix, route: Route) -> None:
    matrix, cast = scene, scene.cast
    parameters = set(re.findall(r"{(\w+)}", route.path)) - NO_TENANTS.keys()
    unknown = parameters - matrix.things.keys()
    assert not unknown, f"say in _things what a practice has by {unknown}"
    if not parameters:
        return
    before = matrix.world.everything()
    # All of it theirs; then, on an account of one's own, only what is named beside it.
    for others in ({}, {"provider_id": cast.their_provider_id}):
        foreign = asked(matrix, route, cast.outsider, ids_of(matrix, 0, **others))
        missing = asked(matrix, route, cast.outsider, ids_of(matrix, 1, **others))
        if others and parameters <= {"provider_id", "code"}:
            continue  # that is one's own altogether
        assert foreign.status_code == 404, (route.name, foreign.body)
        assert seen(foreign) == seen(missing), route.name
        assert matrix.world.everything() == before, route.name


def test_every_route_that_names_something_is_in_the_matrix(scene: Matrix) -> None:
    names = {name for route in NAMING for name in re.findall(r"{(\w+)}", route.path)}
    assert names == scene.things.keys() | NO_TENANTS.keys()


def test_what_the_matrix_holds_is_there_for_those_whose_it_is(scene: Matrix) -> None:
    # So that "missing" is not said of what never was.
    matrix, admin = scene, scene.cast.site_admin
    for route in (route for route in NAMING if route.method == "GET"):
        parameters = set(re.findall(r"{(\w+)}", route.path)) - NO_TENANTS.keys()
        if parameters and not route.path.endswith(("/image", ".csv")):  # there is none; which file is not said
            found = asked(matrix, route, admin, ids_of(matrix, 0))
            assert found.status_code == 200, (route.name, found.body)
