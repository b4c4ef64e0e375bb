"""The IAM policy of each function, from what it declares: its actions on its resources, its own log, its traces."""

from typing import Any

from chalicelib.access import Access
from deploy import names


def policy(name: str, access: Access) -> dict[str, Any]:
    """The policy document of the function `name`. Its resources are the template's own, so none is a wildcard."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            *(
                {"Effect": "Allow", "Action": sorted(actions), "Resource": arns(resource)}
                for resource, actions in sorted(access.items())
            ),
            {
                "Effect": "Allow",
                # Not CreateLogGroup: the template makes the group, with its retention.
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": {"Fn::GetAtt": [names.log_group(name), "Arn"]},
            },
            # Traces belong to no resource, so IAM knows none to name.
            {"Effect": "Allow", "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Resource": "*"},
        ],
    }


def arns(resource: str) -> Any:
    """The ARN, or ARNs, of a resource named as in `chalicelib.access`."""
    setting, _, part = resource.partition("/")
    name = names.resource(setting)
    if setting.endswith("_BUCKET"):
        return {"Fn::Sub": f"${{{name}.Arn}}/{part}/*"}
    if part:
        return {"Fn::Sub": f"${{{name}.Arn}}/{part}"}
    if setting.endswith("_FUNCTION"):
        function = names.deployed(setting.removesuffix("_FUNCTION").lower())
        return {"Fn::Sub": f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{function}"}
    if setting.endswith("_TABLE") or setting == "TOTP_KEY":
        return {"Fn::GetAtt": [name, "Arn"]}
    if setting == "MAIL_FROM":
        return _sender_identities(name)
    if setting == "MAIL_EVENTS":
        arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/"
        return {"Fn::Sub": f"{arn}${{{name}}}"}
    if setting == "SIGNING_SECRET":
        return {"Fn::GetAtt": [name, "Id"]}
    # Topics: a reference is the ARN.
    return {"Ref": name}


def _sender_identities(parameter: str) -> list[dict[str, Any]]:
    """SES checks the address where that is verified by itself, and otherwise its domain."""
    domain = {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": parameter}]}]}
    arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/"
    return [
        {"Fn::Sub": [f"{arn}${{Domain}}", {"Domain": domain}]},
        {"Fn::Sub": f"{arn}${{{parameter}}}"},
    ]
