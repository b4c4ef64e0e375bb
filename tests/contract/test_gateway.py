"""What API Gateway answers by itself looks like what the code answers."""

import json

from chalicelib.errors import NotFound, Problem
from tests.contract.template import Package

MEMBERS = set(NotFound().document(""))


def test_every_error_of_the_gateway_is_a_problem_document_with_the_requests_id(package: Package) -> None:
    body = package.resources["RestAPI"]["Properties"]["DefinitionBody"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= set(answers)
    codes = {problem.code for problem in Problem.__subclasses__()} | {Problem.code}
    for kind, answer in answers.items():
        document = json.loads(answer["responseTemplates"]["application/json"])
        assert set(document) == MEMBERS, kind
        assert document["status"] == answer["statusCode"], kind
        assert document["request_id"] == "$context.requestId", kind
        assert document["code"] in codes, kind
        assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'", kind


def test_an_unknown_path_is_not_found_whoever_asks(package: Package) -> None:
    body = package.resources["RestAPI"]["Properties"]["DefinitionBody"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    for kind in ("MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND", "INVALID_SIGNATURE"):
        assert answers[kind]["statusCode"] == 404, kind


def test_sam_adds_no_second_stage(package: Package) -> None:
    assert package.resources["RestAPI"]["Properties"]["OpenApiVersion"] == "2.0"
