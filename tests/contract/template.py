"""Reading the packaged template."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from samtranslator.translator.transform import transform

from deploy import names
from deploy.functions import FUNCTIONS

SERVERLESS = "AWS::Serverless::Function"
PSEUDO = {f"AWS::{name}" for name in ("AccountId", "NoValue", "Partition", "Region", "StackName", "URLSuffix")}


class _NoPolicies:
    """No function of ours has a policy of AWS's."""

    def load(self) -> dict[str, str]:
        return {}


class Package(NamedTuple):
    """What `make package` wrote."""

    template: dict[str, Any]
    template_file: Path
    archive: Path
    unpacked: Path

    @property
    def resources(self) -> dict[str, Any]:
        resources: dict[str, Any] = self.template["Resources"]
        return resources

    def of_type(self, kind: str) -> dict[str, Any]:
        """Properties by logical name, of all resources of one type."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    def functions(self) -> dict[str, Any]:
        """Properties of each function, by its name in `deploy/functions.py`."""
        return {name: self.resources[names.function(name)]["Properties"] for name in FUNCTIONS}

    def variables(self) -> dict[str, Any]:
        """The environment that all functions share."""
        shared: dict[str, Any] = self.template["Globals"]["Function"]["Environment"]["Variables"]
        return shared

    def transformed(self) -> dict[str, Any]:
        """The template as CloudFormation gets it from SAM."""
        template = deepcopy(self.template)
        for resource in template["Resources"].values():
            if resource["Type"] == SERVERLESS:
                resource["Properties"]["CodeUri"] = "s3://bucket/deployment.zip"
        done: dict[str, Any] = transform(template, {}, _NoPolicies())
        return done

    def statements(self, function: str) -> list[dict[str, Any]]:
        """Every statement of the function's role."""
        role = self.functions()[function]["Role"]["Fn::GetAtt"][0]
        policies = self.resources[role]["Properties"]["Policies"]
        return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def references(node: Any) -> Iterator[str]:
    """Every name that an intrinsic function anywhere under `node` refers to."""
    if isinstance(node, list):
        for each in node:
            yield from references(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _named_by(key, value)
            yield from references(value)


def _named_by(key: str, value: Any) -> Iterator[str]:
    if key in ("Ref", "Condition") and isinstance(value, str):
        yield value
    elif key == "DependsOn":
        yield from [value] if isinstance(value, str) else value
    elif key == "Fn::If":
        yield value[0]
    elif key == "Fn::GetAtt":
        yield value.split(".")[0] if isinstance(value, str) else value[0]
    elif key == "Fn::Sub":
        text, own = (value, {}) if isinstance(value, str) else value
        holes = (part.split("}")[0] for part in text.split("${")[1:])
        yield from (hole.split(".")[0] for hole in holes if hole not in own and not hole.startswith("!"))


def statements(node: Any) -> Iterator[dict[str, Any]]:
    """Every policy statement anywhere under `node`: of roles, keys, queues."""
    if isinstance(node, list):
        for each in node:
            yield from statements(each)
    elif isinstance(node, dict):
        if "Effect" in node:
            yield node
        for value in node.values():
            yield from statements(value)


def as_list(value: Any) -> list[Any]:
    """One or many, as IAM has it."""
    return value if isinstance(value, list) else [value]
