"""A domain of the customer's own before the API: off until its parameters are given."""

from typing import Any

from deploy import names
from deploy.resources import Resources

NAME, CERTIFICATE = "DomainName", "CertificateArn"
CONDITION = "HasDomain"


def parameters() -> dict[str, Any]:
    """Its name and certificate."""
    return {
        NAME: {"Type": "String", "Default": "", "Description": "A domain for the API, such as api.example.com"},
        CERTIFICATE: {
            "Type": "String",
            "Default": "",
            "AllowedPattern": "|arn:[a-z-]+:acm:.+",
            "Description": "The domain's certificate in ACM, of the same region",
        },
    }


def condition() -> dict[str, Any]:
    """Whether there is one."""
    return {CONDITION: {"Fn::Not": [{"Fn::Equals": [{"Ref": NAME}, ""]}]}}


def domain() -> Resources:
    """The domain, with the API at its root."""
    return {
        "Domain": {
            "Type": "AWS::ApiGateway::DomainName",
            "Condition": CONDITION,
            "Properties": {
                "DomainName": {"Ref": NAME},
                "RegionalCertificateArn": {"Ref": CERTIFICATE},
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "SecurityPolicy": "TLS_1_2",
            },
        },
        "DomainMapping": {
            "Type": "AWS::ApiGateway::BasePathMapping",
            "Condition": CONDITION,
            "Properties": {
                "DomainName": {"Ref": "Domain"},
                "RestApiId": {"Ref": "RestAPI"},
                "Stage": {"Fn::Sub": "${RestAPI.Stage}"},
            },
        },
    }


def outputs() -> dict[str, Any]:
    """Where the domain's DNS record must lead."""
    return {
        "DomainTarget": {
            "Condition": CONDITION,
            "Description": f"The domain's DNS record leads here, and from here to the stage {names.API_STAGE}",
            "Value": {"Fn::GetAtt": ["Domain", "RegionalDomainName"]},
        }
    }
