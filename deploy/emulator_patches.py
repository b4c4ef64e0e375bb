"""The changes without which the template does not work on the local engine. All else is deployed as it is on AWS.

Each is named with its reason; what it leaves out, no run on the engine vouches for.
"""

from collections.abc import Iterator
from typing import Any

from deploy.target import Patch, Template


def _gateway_responses(template: Template) -> None:
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    for kind, answer in body.pop("x-amazon-apigateway-gateway-responses").items():
        # The engine makes resources in the order of their names, and only what is there before the deployment counts.
        template["Resources"][f"RestAPIAnswer{kind.title().replace('_', '')}"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "RestAPI"},
                "ResponseType": kind,
                "StatusCode": str(answer["statusCode"]),
                "ResponseParameters": answer["responseParameters"],
                "ResponseTemplates": answer["responseTemplates"],
            },
        }


def _binary_media_types(template: Template) -> None:
    properties = template["Resources"]["RestAPI"]["Properties"]
    properties["BinaryMediaTypes"] = properties["DefinitionBody"].pop("x-amazon-apigateway-binary-media-types")


def _key_policy(template: Template) -> None:
    for key in _of_type(template, "AWS::KMS::Key"):
        for statement in key["KeyPolicy"]["Statement"]:
            statement.pop("Condition", None)


def _mail(template: Template) -> None:
    for role in _of_type(template, "AWS::IAM::Role"):
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Action"] == ["ses:SendEmail"]:
                    statement["Resource"] = "*"


def _metric_math(template: Template) -> None:
    resources = template["Resources"]
    for name in [name for name, each in resources.items() if "Metrics" in each["Properties"]]:
        del resources[name]


def _plain_http(template: Template) -> None:
    for policy in _of_type(template, "AWS::S3::BucketPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
                statement["Principal"] = {
                    "AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/nobody"}
                }


def _of_type(template: Template, kind: str) -> Iterator[dict[str, Any]]:
    return (each["Properties"] for each in template["Resources"].values() if each["Type"] == kind)


PATCHES = (
    Patch("It ignores gateway responses in the API's definition, so they become resources.", _gateway_responses),
    Patch("It ignores binary media types in the API's definition, so they become a property.", _binary_media_types),
    Patch("It knows no encryption context in conditions, so the key's policy goes without.", _key_policy),
    Patch("It asks for ses:SendEmail on *, whoever the sender is, so that is allowed.", _mail),
    Patch("It knows no metric math, so alarms that rest on it are left out.", _metric_math),
    Patch("It speaks plain HTTP, so the bucket's policy refuses that to nobody in particular.", _plain_http),
)
