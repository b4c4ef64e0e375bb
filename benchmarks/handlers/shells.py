"""The ways to handle a request: each makes a Lambda handler of both routes. All but ours share `ByHand`."""

# mypy: disable-error-code="import-not-found,untyped-decorator,no-any-return"
# because what the program is measured against is installed in the benchmark's environment alone.

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.handlers.by_hand import ByHand
from chalicelib.licensing.model import PlaceLicenseOrder

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def _log(event: dict[str, Any], status: int) -> None:
    line = {"request_id": event["requestContext"]["requestId"], "path": event["path"], "status": status}
    sys.stdout.write(json.dumps(line) + "\n")


def ours() -> Handler:
    """The program."""
    import app

    return app.app


def raw(*, validation: bool = True) -> Handler:
    """A function on boto3 and nothing else."""
    hand = ByHand(validation=validation)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        token, identity = event["headers"]["Authorization"].removeprefix("Bearer "), event["requestContext"]["identity"]
        status, headers = 200, _HEADERS
        if (event["httpMethod"], event["path"]) == ("GET", "/licenses"):
            answer = hand.dashboard(token)
        else:
            command = PlaceLicenseOrder(**json.loads(event["body"]))
            answer = hand.place_order(token, command, event["requestContext"]["requestId"], identity["sourceIp"])
            status, headers = 201, {**_HEADERS, "Location": f"/license-orders/{answer['id']}"}
        _log(event, status)
        return {"statusCode": status, "headers": headers, "body": json.dumps(answer)}

    return handle


def raw_unchecked() -> Handler:
    """The same, with botocore's parameter validation off, as PynamoDB has it."""
    return raw(validation=False)


def chalice() -> Handler:
    """Chalice with its routes and nothing of ours."""
    from chalice.app import Chalice, Response

    app: Any = Chalice(app_name="bare")
    hand = ByHand()

    def token() -> str:
        return str(app.current_request.headers["Authorization"]).removeprefix("Bearer ")

    @app.route("/licenses")
    def licenses() -> Response:
        return Response(hand.dashboard(token()), {**_HEADERS})

    @app.route("/license-orders", methods=["POST"])
    def place() -> Response:
        request = app.current_request
        command, context = PlaceLicenseOrder(**request.json_body), request.context
        order = hand.place_order(token(), command, context["requestId"], context["identity"]["sourceIp"])
        return Response(order, {**_HEADERS, "Location": f"/license-orders/{order['id']}"}, 201)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = app(event, context)
        _log(event, answer["statusCode"])
        return answer

    return handle


def powertools() -> Handler:
    """AWS Lambda Powertools' resolver for REST APIs."""
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

    app, hand = APIGatewayRestResolver(), ByHand()

    def token() -> str:
        return str(app.current_event.headers["Authorization"]).removeprefix("Bearer ")

    @app.get("/licenses")
    def licenses() -> dict[str, Any]:
        return hand.dashboard(token())

    @app.post("/license-orders")
    def place() -> Any:
        command, context = PlaceLicenseOrder(**app.current_event.json_body), app.current_event.request_context
        order = hand.place_order(token(), command, str(context.request_id), str(context.identity.source_ip))
        headers = {**_HEADERS, "Location": f"/license-orders/{order['id']}"}
        return Response(201, "application/json", json.dumps(order), headers)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = app.resolve(event, context)
        _log(event, answer["statusCode"])
        return answer

    return handle


def fastapi() -> Handler:
    """FastAPI behind Mangum."""
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse
    from mangum import Mangum
    from pydantic import BaseModel

    app, hand = FastAPI(), ByHand()

    class Order(BaseModel):
        physician: int = 0
        midlevel: int = 0
        agreement_version: str
        agreement_accepted: bool

    def token(request: Request) -> str:
        return request.headers["Authorization"].removeprefix("Bearer ")

    @app.get("/licenses")
    async def licenses(request: Request) -> dict[str, Any]:
        return hand.dashboard(token(request))

    @app.post("/license-orders")
    async def place(request: Request, order: Order) -> JSONResponse:
        context = request.scope["aws.event"]["requestContext"]
        command = PlaceLicenseOrder(**order.model_dump())
        placed = hand.place_order(token(request), command, context["requestId"], context["identity"]["sourceIp"])
        return JSONResponse(placed, 201, {**_HEADERS, "Location": f"/license-orders/{placed['id']}"})

    adapter = Mangum(app, lifespan="off")

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = adapter(event, context)
        _log(event, answer["statusCode"])
        return answer

    return handle


SHELLS: dict[str, Callable[[], Handler]] = {
    each.__name__: each for each in (raw, raw_unchecked, ours, chalice, powertools, fastapi)
}
