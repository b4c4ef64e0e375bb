"""In front of what anybody may post without signing in: so many a second in all, so many from one address.

Passwords are throttled for each username by the code; this keeps a flood from reaching it.
"""

import re
from typing import Any

import app  # noqa: F401 (loading it is what fills ENDPOINTS)
from chalicelib.auth import PUBLIC
from chalicelib.serving import ENDPOINTS
from deploy import names
from deploy.resources import Resources

LIMIT = "SignInLimit"
CONDITION = "HasFirewall"
# Requests a second over all callers, and at once. A sign-in hashes a password: 20 a second keep some 10 functions busy.
_ALL, _FORMS = (200, 400), (20, 40)


def forms() -> list[str]:
    """The paths that take a POST from anybody: sign-in, sign-up, resets, emergency tickets."""
    return sorted(route.path for route in ENDPOINTS if route.permit is PUBLIC and route.method == "POST")


def throttling() -> list[dict[str, Any]]:
    """The stage's settings: the forms have a lower rate than all other methods."""
    settings = [_setting("/*", "*", _ALL)]
    return settings + [_setting(f"/{path.replace('/', '~1')}", "POST", _FORMS) for path in forms()]


def _setting(path: str, method: str, limits: tuple[int, int]) -> dict[str, Any]:
    rate, burst = limits
    return {"ResourcePath": path, "HttpMethod": method, "ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}


def parameter() -> dict[str, Any]:
    """How many POSTs one address may make, by the parameter that holds it."""
    return {
        LIMIT: {
            "Type": "String",
            "Default": "300",
            "AllowedPattern": "0|[1-9][0-9]+",
            "ConstraintDescription": "0 for no firewall, or at least 10",
            "Description": "Sign-ins and public forms that one address may post in five minutes; 0: no firewall",
        }
    }


def condition() -> dict[str, Any]:
    """Whether there is a firewall."""
    return {CONDITION: {"Fn::Not": [{"Fn::Equals": [{"Ref": LIMIT}, "0"]}]}}


def pattern() -> str:
    """The regular expression of the forms' paths, with the API's stage in front or, on a domain of its own, without."""
    paths = "|".join(re.sub(r"{\w+}", "[^/]+", path) for path in forms())
    return f"^(/{names.API_STAGE})?({paths})/?$"


def firewall() -> Resources:
    """The web ACL with its one rule, and its place before the stage."""
    rule = {
        "Name": "OneAddress",
        "Priority": 0,
        "Action": {"Block": {}},
        "Statement": {
            "RateBasedStatement": {
                "AggregateKeyType": "IP",
                "EvaluationWindowSec": 300,
                "Limit": {"Ref": LIMIT},
                "ScopeDownStatement": {"AndStatement": {"Statements": [_is_post(), _is_form()]}},
            }
        },
        "VisibilityConfig": _visibility("OneAddress"),
    }
    stage = "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${RestAPI}/stages/${RestAPI.Stage}"
    return {
        "Firewall": {
            "Type": "AWS::WAFv2::WebACL",
            "Condition": CONDITION,
            "Properties": {
                "Scope": "REGIONAL",
                "DefaultAction": {"Allow": {}},
                "Rules": [rule],
                "VisibilityConfig": _visibility("All"),
            },
        },
        "FirewallAssociation": {
            "Type": "AWS::WAFv2::WebACLAssociation",
            "Condition": CONDITION,
            "Properties": {
                # The stage's name by reference: this must wait until the stage is there.
                "ResourceArn": {"Fn::Sub": stage},
                "WebACLArn": {"Fn::GetAtt": ["Firewall", "Arn"]},
            },
        },
    }


def _is_post() -> dict[str, Any]:
    unchanged = [{"Priority": 0, "Type": "NONE"}]
    return {
        "ByteMatchStatement": {
            "FieldToMatch": {"Method": {}},
            "PositionalConstraint": "EXACTLY",
            "SearchString": "POST",
            "TextTransformations": unchanged,
        }
    }


def _is_form() -> dict[str, Any]:
    return {
        "RegexMatchStatement": {
            "FieldToMatch": {"UriPath": {}},
            "RegexString": pattern(),
            "TextTransformations": [{"Priority": 0, "Type": "URL_DECODE"}],
        }
    }


def _visibility(name: str) -> dict[str, Any]:
    # No samples: they would show the tokens of mailed links.
    return {"CloudWatchMetricsEnabled": True, "MetricName": name, "SampledRequestsEnabled": False}
