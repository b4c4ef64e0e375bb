"""API Gateway: each route goes to its own room's function, and the gateway's own errors look like ours."""

from typing import Any

import app  # (loading it is what fills ENDPOINTS)
from chalicelib import errors
from chalicelib.answers import problem_response
from chalicelib.serving import ENDPOINTS
from deploy import firewall, names


def api() -> dict[str, Any]:
    """The resources that Chalice's own template gets wrong or leaves out around the API."""
    paths: dict[str, Any] = {}
    for route in ENDPOINTS:
        integration = {"uri": _integration(names.function(names.serving(route.room)))}
        paths.setdefault(route.path, {})[route.method.lower()] = {"x-amazon-apigateway-integration": integration}
    # Its metrics go by its title: another stack's API in the same account must have another.
    title = {"title": {"Ref": "AWS::StackName"}}
    body = {"info": title, "paths": paths, "x-amazon-apigateway-gateway-responses": gateway_responses()}
    # Said out loud, or SAM adds a second stage by the name of "Stage". Not traced: its traces would hold whole
    # addresses, with the tokens of mailed links and what people type into searches.
    stage = {"TracingEnabled": False, "MinimumCompressionSize": 1024, "MethodSettings": firewall.throttling()}
    resources: dict[str, Any] = {"RestAPI": {"Properties": {"OpenApiVersion": "2.0", "DefinitionBody": body, **stage}}}
    for room in app.FUNCTIONS_OF_ROOMS:
        function = names.function(names.serving(room))
        resources[function] = {"Properties": {"Handler": "app.app"}}
        resources[f"{function}Permission"] = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": function},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {
                    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}/*"
                },
            },
        }
    return resources


def _integration(function: str) -> dict[str, str]:
    lambdas = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{lambdas}/${{{function}.Arn}}/invocations"}


def gateway_responses() -> dict[str, Any]:
    """What API Gateway answers by itself: the same problem documents, headers and codes as the code's."""
    not_found, unavailable = errors.NotFound(), errors.Unavailable(retry_after=1)
    answers = {
        "DEFAULT_4XX": errors.Malformed(),
        "DEFAULT_5XX": errors.Problem(),
        "RESOURCE_NOT_FOUND": not_found,
        # An unknown path, which it takes for a request that AWS should have signed: 403 by default. No route of ours
        # wants AWS's signature, so a wrong one is an unknown path with somebody's bearer token.
        "MISSING_AUTHENTICATION_TOKEN": not_found,
        "INVALID_SIGNATURE": not_found,
        "EXPIRED_TOKEN": not_found,
        "ACCESS_DENIED": errors.Forbidden(),
        # The firewall has one rule: too many from one address in five minutes.
        "WAF_FILTERED": errors.TooManyRequests(retry_after=300),
        "UNSUPPORTED_MEDIA_TYPE": errors.UnsupportedMediaType(),
        "REQUEST_TOO_LARGE": errors.TooLarge(),
        "THROTTLED": errors.TooManyRequests(retry_after=1),
        "QUOTA_EXCEEDED": errors.TooManyRequests(retry_after=60),
        # The function crashed, or did not answer in time: the change may have happened.
        "INTEGRATION_FAILURE": unavailable,
        "INTEGRATION_TIMEOUT": unavailable,
    }
    return {kind: _gateway_response(problem) for kind, problem in answers.items()}


def _gateway_response(problem: errors.Problem) -> dict[str, Any]:
    response = problem_response(problem, "$context.requestId")
    return {
        "statusCode": response.status_code,
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in response.headers.items()
        },
        "responseTemplates": {"application/json": response.body},
    }
