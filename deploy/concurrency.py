"""How many of one function may run at once, for those that requests from outside start: off until a parameter says."""

from typing import Any

from deploy import names
from deploy.functions import FUNCTIONS


def _capped() -> list[str]:
    return [name for name, function in FUNCTIONS.items() if function.room != "none"]


def _parameter(name: str) -> str:
    return f"Reserved{names.function(name)}"


def parameters() -> dict[str, Any]:
    """One for each such function; empty: as many as the account allows."""
    return {
        _parameter(name): {
            "Type": "String",
            "Default": "",
            "AllowedPattern": "|[1-9][0-9]*",
            "ConstraintDescription": "a number, or empty",
            "Description": f"Reserved concurrency of {name}; empty: none",
        }
        for name in _capped()
    }


def conditions() -> dict[str, Any]:
    """Which of them are given."""
    return {
        f"Has{_parameter(name)}": {"Fn::Not": [{"Fn::Equals": [{"Ref": _parameter(name)}, ""]}]} for name in _capped()
    }


def properties(name: str) -> dict[str, Any]:
    """What the function gets of it."""
    if name not in _capped():
        return {}
    parameter = _parameter(name)
    given = {"Fn::If": [f"Has{parameter}", {"Ref": parameter}, {"Ref": "AWS::NoValue"}]}
    return {"ReservedConcurrentExecutions": given}
