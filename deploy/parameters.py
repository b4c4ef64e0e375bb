"""The settings in the template. Every setting's value is a reference: to the parameter or the resource of its name."""

from typing import Any

from chalicelib.config import SETTINGS
from deploy import concurrency, domain, firewall, names

_EMAIL = r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+"
_ADDRESS = {"Type": "String", "AllowedPattern": _EMAIL, "ConstraintDescription": "one bare email address"}


# Several stacks may stand in one account: none may add to another's metrics, or raise its alarms.
_FIXED = {
    "METRICS_NAMESPACE": {"Ref": "AWS::StackName"},
    # A reference to the function would close a circle: it knows the API's address, and the API those who invoke it.
    "CHECK_IMAGE_FUNCTION": {"Fn::Sub": names.deployed("check_image")},
}


def settings() -> list[str]:
    """The settings that all functions share; ROOM is each function's own."""
    return [setting for setting in SETTINGS if setting != "ROOM"]


def environment() -> dict[str, Any]:
    """The variables of every function."""
    return {setting: _FIXED.get(setting, {"Ref": names.resource(setting)}) for setting in settings()}


def parameters() -> dict[str, Any]:
    """What whoever deploys decides: the departments' addresses, and each setting that has a default."""
    chosen: dict[str, Any] = {
        "AccountingEmail": _ADDRESS | {"Description": "Accounting's inbox; it must confirm the subscription"},
        "SupportEmail": _ADDRESS | {"Description": "Support's inbox; it must confirm the subscription"},
        "OperationsEmail": _ADDRESS | {"Description": "Where alarms go; it must confirm the subscription"},
    }
    for setting in settings():
        default, meaning = SETTINGS[setting]
        if default is not None and setting not in _FIXED:
            own = _OWN.get(setting, {"Type": "String", "Default": default})
            chosen[names.resource(setting)] = own | {"Description": meaning}
    return chosen | firewall.parameter() | domain.parameters() | concurrency.parameters()


# The code's defaults of these two are right on a developer's machine only.
_OWN: dict[str, dict[str, Any]] = {
    "MAIL_FROM": _ADDRESS,
    "PUBLIC_URL": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": r"|https://\S*[^\s/]",
        "ConstraintDescription": "https://... without a slash at the end, or empty for API Gateway's own address",
    },
}


def conditions() -> dict[str, Any]:
    """Questions about the parameters."""
    has_public_url = {"Fn::Not": [{"Fn::Equals": [{"Ref": names.resource("PUBLIC_URL")}, ""]}]}
    return {
        "HasPublicUrl": has_public_url,
        **firewall.condition(),
        **domain.condition(),
        **concurrency.conditions(),
    }


def public_url() -> dict[str, Any]:
    """PUBLIC_URL, also where nobody has chosen one: the domain, or API Gateway's own address.

    Only for functions that the API doesn't call: its definition names those it calls, which closes a circle.
    """
    own = f"https://${{RestAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{names.API_STAGE}"
    address = {"Fn::If": [domain.CONDITION, {"Fn::Sub": f"https://${{{domain.NAME}}}"}, {"Fn::Sub": own}]}
    return {"Fn::If": ["HasPublicUrl", {"Ref": names.resource("PUBLIC_URL")}, address]}
