"""The OpenAPI 3.1 document, made of the route declarations alone: `python -m deploy generate` writes it.

It is committed, and served as it stands: no Lambda makes it anew.
"""

import inspect
import json
import re
import tomllib
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from chalicelib import errors
from chalicelib.answers import MEDIA_TYPES, Elsewhere, Html
from chalicelib.auth import Permit
from chalicelib.http import ROUTES, Route
from deploy.examples import EXAMPLES

ROOT = Path(__file__).parent.parent
PATH = ROOT / "chalicelib" / "system" / "openapi.json"
Json = dict[str, Any]

_ABOUT = """\
JSON in `snake_case`; instants are RFC 3339 in UTC, money is integer cents, ids are opaque.

Sign in with `POST /sessions` and send its token as `Authorization: Bearer TOKEN`. A list answers `items` and \
`next_cursor`, which the next page takes as `cursor`. A `POST` that says so takes an `Idempotency-Key`: repeated with \
the same key within 24 hours, it answers the same again and changes nothing. What can be edited has an `ETag`: send it \
as `If-Match`, and an edit of what somebody else changed meanwhile is refused. Unknown fields are refused.

Every refusal is a problem document (RFC 9457) with a stable `code`; `errors` names all bad fields at once.
"""
_TITLES = {problem.status: problem.title for problem in errors.Problem.__subclasses__()}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
_PROBLEM: Json = {
    "description": "A refusal. `code` is stable; `title` and `detail` are for people.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "`urn:practice-admin:problem:` and the code"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z_]+$"},
        "request_id": {"type": "string", "description": "Name it when you ask for help"},
        "errors": {
            "description": "Every bad field of the request",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "Its path, such as `provider.email`"},
                    "message": {"type": "string"},
                },
                "required": ["field", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "request_id"],
}
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Repeat a request with the same key, and it is done once. Kept for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you edit, as it was answered: an edit of anything else is refused with 412.",
    "schema": {"type": "string", "maxLength": 200},
}


def write() -> None:
    """Write the document to where the system room serves it from."""
    PATH.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def document() -> Json:
    """The API as an OpenAPI 3.1 document. Raises MissingSetting where the tables' names are not set."""
    # Imported here, as a room needs its settings to load.
    rooms = [*import_module("app").ROOMS, "system"]
    routes = sorted(ROUTES, key=lambda route: rooms.index(route.room))
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": project["name"],
            "version": project["version"],
            "summary": project["description"],
            "description": _ABOUT,
        },
        # Relative to the document, so that it holds under any stage.
        "servers": [{"url": "."}],
        "tags": [{"name": room, "description": _about_room(room)} for room in rooms],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "From `POST /sessions`"},
                "staff": {"type": "http", "scheme": "bearer", "description": "From `POST /staff/sessions`"},
            },
            "parameters": {
                "IdempotencyKey": _IDEMPOTENCY_KEY,
                "IfMatch": _IF_MATCH | {"required": True},
                "OptionalIfMatch": _IF_MATCH,
            },
            "responses": {
                **{_name(*refusal): _refusal(*refusal) for refusal in sorted(_refusals(routes))},
                "Problem": _problem("Anything else that went wrong"),
            },
            "schemas": {**_schemas(routes), "Problem": _PROBLEM},
        },
    }


def refusals(route: Route) -> dict[int, tuple[str, ...]]:
    """The codes that a route refuses with, by status: its own, and those of its permit, path and body."""
    found: dict[int, list[str]] = {}

    def add(status: int, *codes: str) -> None:
        found.setdefault(status, []).extend(codes)

    if route.method != "GET":
        add(400, errors.Malformed.code)
        add(409, errors.Conflict.code)
        add(413, errors.TooLarge.code)
        add(415, errors.UnsupportedMediaType.code)
    if route.method != "GET" or route.query:
        add(422, errors.Invalid.code)
    if route.keeps_receipt:
        add(400, "bad_idempotency_key")
        add(422, "idempotency_key_reused")
    if route.edits:
        add(400, "bad_if_match")
        add(412, errors.Stale.code)
    if route.edits and route.method == "PATCH":
        add(428, errors.VersionRequired.code)
    if route.permit.signed_in:
        add(401, errors.NotSignedIn.code)
        add(403, *_permit_codes(route.permit))
    if ("{" in route.path or route.permit.section) and route.answer is not Html:
        add(404, errors.NotFound.code)
    add(429, errors.TooManyRequests.code)
    add(503, errors.Unavailable.code)
    for status, codes in route.refusals.items():
        add(status, *codes.split())
    return {status: tuple(codes) for status, codes in sorted(found.items()) if codes}


def _permit_codes(permit: Permit) -> list[str]:
    asked = {
        "enrollment_required": not permit.enrolling,
        "role_required": permit.role or len(permit.staff) == 1,
        "privilege_required": permit.section,
    }
    return [code for code, applies in asked.items() if applies]


def _about_room(room: str) -> str:
    return (inspect.getdoc(import_module(f"chalicelib.{room}")) or "").partition("\n\n")[0]


def _operation(route: Route) -> Json:
    summary, _, more = " ".join((inspect.getdoc(route.handler) or "").split()).partition(". ")
    operation: Json = {
        "operationId": route.handler.__name__,
        "tags": [route.room],
        "summary": summary.rstrip("."),
        "description": f"{more} Who may: {route.permit.name}.".strip(),
        "x-permit": route.permit.name,
        "security": [{"staff" if route.permit.staff else "bearer": []}] if route.permit.signed_in else [],
    }
    if parameters := _parameters(route):
        operation["parameters"] = parameters
    if route.command:
        kinds = route.commands
        schemas = [_schema(kind) for kind in kinds]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        required = any(_components(kind)[kind.__name__].get("required") for kind in kinds)
        operation["requestBody"] = {"required": required, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = {
        **{str(status): _success(route, status, answer) for status, answer in answers(route).items()},
        **{
            str(status): {"$ref": f"#/components/responses/{_name(status, codes)}"}
            for status, codes in refusals(route).items()
        },
        "default": {"$ref": "#/components/responses/Problem"},
    }
    return operation


def _parameters(route: Route) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    if route.query:
        fields = _components(route.query)[route.query.__name__]
        for name, schema in fields["properties"].items():
            required = name in fields.get("required", ())
            found.append({"name": name, "in": "query", "required": required, "schema": schema})
    if route.keeps_receipt:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if route.edits:
        name = "IfMatch" if route.method == "PATCH" else "OptionalIfMatch"
        found.append({"$ref": f"#/components/parameters/{name}"})
    return found


def answers(route: Route) -> dict[int, Any]:
    """The type of each success of a route, by status."""
    return {route.status: route.answer, **route.also}


def _success(route: Route, status: int, answer: Any) -> Json:
    response: Json = {"description": HTTPStatus(status).phrase}
    headers = {}
    if route.location:
        headers["Location"] = f"The path of what was made, under the API's root: {route.location}"
    if route.versioned and status != 204:
        headers["ETag"] = "The version of what is answered, for `If-Match`"
    if answer is Elsewhere:
        headers["Location"] = "A link to the file, which is too large for an answer; it works for five minutes"
    if headers:
        schema = {"type": "string"}
        response["headers"] = {name: {"description": what, "schema": schema} for name, what in headers.items()}
    if answer in MEDIA_TYPES:
        response["content"] = {MEDIA_TYPES[answer]: {"schema": {"type": "string"}}}
    elif status != 204 and answer is not Elsewhere:
        response["content"] = {"application/json": {"schema": _schema(answer)}}
    return response


def _refusals(routes: list[Route]) -> set[tuple[int, tuple[str, ...]]]:
    return {refusal for route in routes for refusal in refusals(route).items()}


def _name(status: int, codes: tuple[str, ...]) -> str:
    return ".".join([str(status), *codes])


def _refusal(status: int, codes: tuple[str, ...]) -> Json:
    response = _problem(_TITLES[status])
    schema = response["content"]["application/problem+json"]["schema"]
    schema["properties"] = {"code": {"enum": list(codes)}}
    if status == 429:
        response["headers"] = _RETRY_AFTER
    return response


def _problem(description: str) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


# --- Schemas ------------------------------------------------------------------------------------------------------


def _schema(kind: Any) -> Json:
    return _made(kind)[0][0]


def _components(*kinds: Any) -> dict[str, Json]:
    return _made(*kinds)[1]


def _made(*kinds: Any) -> tuple[list[Json], dict[str, Json]]:
    """The schemas of the types, and the components that they refer to."""
    made = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    # `Page[User]` becomes `Page_User_` there, and `UserPage` here.
    schemas, components = json.loads(re.sub(r"Page_(\w+)_", r"\1Page", json.dumps(made)))
    for component in components.values():
        del component["title"]  # it only repeats the component's name
    return schemas, components


def _schemas(routes: list[Route]) -> dict[str, Json]:
    requests = _components(*(kind for route in routes for kind in route.commands))
    for name, component in requests.items():
        component["additionalProperties"] = False
        if name in EXAMPLES:
            component["examples"] = [EXAMPLES[name]]
    others = (None, Elsewhere, *MEDIA_TYPES)
    answered = [each for route in routes for each in answers(route).values() if each not in others]
    return dict(sorted({**_components(*answered), **requests}.items()))
