"""The API's description: generated, committed, valid, and true."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import app as application
from chalicelib.answers import Html
from chalicelib.http import ROUTES
from chalicelib.serving import ENDPOINTS
from chalicelib.validation import convert
from deploy import openapi
from deploy.examples import EXAMPLES
from tests.api import Api
from tests.cast import PASSWORD, Cast, sign_up_body

DOCUMENT = openapi.document()
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method.upper()} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
COMMANDS = {kind.__name__: kind for route in ROUTES for kind in route.commands}


def test_the_committed_document_is_the_generated_one() -> None:
    committed = openapi.PATH.read_text(encoding="utf-8")
    assert json.loads(committed) == DOCUMENT, "The routes changed: run `make generate` and commit openapi.json."
    assert (openapi.ROOT / "openapi.json").resolve() == openapi.PATH


def test_it_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_it_describes_every_route_and_no_other() -> None:
    served = {(path, method) for path, methods in application.app.routes.items() for method in methods}
    screens = {(each.path, each.method) for each in ENDPOINTS if each.path == "/" or each.path.startswith("/console")}
    assert served - screens == {
        (path, method.upper()) for path, methods in DOCUMENT["paths"].items() for method in methods
    }


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [param.values[2]["operationId"] for param in OPERATIONS]  # type: ignore[index]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_says_what_it_does_and_who_may(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"].endswith(f"Who may: {operation['x-permit']}.")
    assert ("401" in operation["responses"]) >= bool(operation["security"])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_successes_of_an_operation_are_the_declared_ones(route: Any) -> None:
    responses = DOCUMENT["paths"][route.path][route.method.lower()]["responses"]
    assert [status for status in responses if status[0] in "23"] == [str(route.status), *map(str, route.also)]
    success = responses[str(route.status)]
    assert ("content" in success) == (route.status != 204)
    assert ("text/html" in success.get("content", {})) == (route.answer is Html)
    assert ("Location" in success.get("headers", {})) == bool(route.location)
    assert route.location or route.status != 201


@pytest.mark.parametrize("name", COMMANDS)
def test_every_request_type_has_an_example_that_is_accepted(name: str) -> None:
    convert(COMMANDS[name], EXAMPLES[name])
    components = DOCUMENT["components"]
    Draft202012Validator({**components["schemas"][name], "components": components}).validate(EXAMPLES[name])


def test_the_main_routes_answer_as_described(api: Api, cast: Cast) -> None:
    # `Api` holds each answer to the description.
    admin, order = cast.site_admin, EXAMPLES["PlaceLicenseOrder"]
    sign_in = {"username": "ada", "password": PASSWORD, "totp": admin.code()}
    walked = [
        ("GET", "/health", None, None, 200),
        ("GET", "/ready", None, None, 200),
        ("GET", "/openapi.json", None, None, 200),
        ("GET", "/docs", None, None, 200),
        ("POST", "/sign-up", sign_up_body("mia", "Maple Road Clinic"), None, 201),
        ("POST", "/sign-up", sign_up_body("mia", "Maple Road Clinic"), None, 409),
        ("POST", "/sessions", sign_in, None, 201),
        ("POST", "/password-resets", {"username": "pat"}, None, 202),
        ("GET", "/sessions/current", None, admin.token, 200),
        ("GET", "/me", None, admin.token, 200),
        ("GET", "/practice", None, admin.token, 200),
        ("POST", "/users", EXAMPLES["NewUser"] | {"username": "zoë"}, admin.token, 201),
        ("GET", "/users?limit=2", None, admin.token, 200),
        ("GET", "/users/zo%C3%AB", None, admin.token, 200),
        ("GET", "/license-agreement", None, admin.token, 200),
        ("POST", "/license-quotes", EXAMPLES["LicenseQuoteRequest"], admin.token, 200),
        ("POST", "/license-orders", order, admin.token, 201),
        ("GET", "/license-orders", None, admin.token, 200),
        ("GET", "/licenses", None, admin.token, 200),
        ("GET", "/audit", None, admin.token, 200),
        ("POST", "/me/totp", {}, cast.plain_user.token, 200),
        ("GET", "/licenses", None, cast.plain_user.token, 403),
        ("DELETE", "/me/totp", None, admin.token, 403),
        ("DELETE", "/sessions/current", None, admin.token, 204),
        ("GET", "/me", None, admin.token, 401),
    ]
    for method, path, body, token, status in walked:
        answer = api.request(method, path, body, token=token)
        assert answer.status_code == status, (method, path, answer.body)
        if status == 201 and token:
            found = api.get(str(answer.headers["Location"]), token)
            assert found.json_body.items() >= answer.json_body.items()


def test_the_page_for_people_needs_nothing_from_elsewhere(api: Api) -> None:
    page = api.get("/docs").body.decode()
    assert len(page) < 25_000
    assert "http://" not in page
    assert "https://" not in page
    assert '"openapi.json"' in page
    assert not re.search(r"(?<!-)\bstyle[:=]", page), "its policy lets no element have a style of its own"
