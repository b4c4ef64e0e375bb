"""What is changed for the local engine is little, and none of it is what tests on the engine are there to show."""

from copy import deepcopy
from typing import Any

import pytest

from deploy.emulator_patches import PATCHES
from deploy.target import Patch
from tests.contract.template import Package


def patched(package: Package, *patches: Patch) -> dict[str, Any]:
    template = deepcopy(package.template)
    for patch in patches:
        patch.apply(template)
    return template


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.reason)
def test_a_patch_still_has_something_to_change(patch: Patch, package: Package) -> None:
    assert patched(package, patch) != package.template


def test_resources_are_only_added_for_the_gateways_answers_and_only_left_out_for_metric_math(package: Package) -> None:
    before, after = package.resources, patched(package, *PATCHES)["Resources"]
    added = {after[name]["Type"] for name in set(after) - set(before)}
    left_out = {before[name]["Type"] for name in set(before) - set(after)}
    assert (added, left_out) == ({"AWS::ApiGateway::GatewayResponse"}, {"AWS::CloudWatch::Alarm"})


def test_nothing_else_is_changed_but_the_api_the_keys_and_the_buckets_policies_and_who_may_mail(
    package: Package,
) -> None:
    before, after = package.resources, patched(package, *PATCHES)["Resources"]
    changed = {name: before[name]["Type"] for name in set(before) & set(after) if before[name] != after[name]}
    roles = {name for name, kind in changed.items() if kind == "AWS::IAM::Role"}
    allowed = {"AWS::ApiGateway::RestApi", "AWS::Serverless::Api", "AWS::KMS::Key", "AWS::S3::BucketPolicy"}
    assert {kind for name, kind in changed.items() if name not in roles} <= allowed
    for name in roles:
        was, now = (_statements(each[name]) for each in (before, after))
        different = [one for one, other in zip(was, now, strict=True) if one != other]
        assert [each["Action"] for each in different] == [["ses:SendEmail"]] * 2, name


def test_the_apis_paths_are_deployed_as_they_are(package: Package) -> None:
    before, after = (
        each["RestAPI"]["Properties"]["DefinitionBody"]
        for each in (
            package.resources,
            patched(package, *PATCHES)["Resources"],
        )
    )
    assert after["paths"] == before["paths"]


def _statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    policies = role["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
