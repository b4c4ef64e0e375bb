"""What stands before the API: limits on what anybody may post, and what is off until somebody asks for it."""

import re
from typing import Any

from chalicelib.auth import PUBLIC
from chalicelib.serving import ENDPOINTS
from deploy import firewall
from deploy.functions import FUNCTIONS
from deploy.package import PROJECT
from tests.contract.template import Package, references

FORMS = {route.path for route in ENDPOINTS if route.permit is PUBLIC and route.method == "POST"}


def rule(package: Package) -> dict[str, Any]:
    (found,) = package.resources["Firewall"]["Properties"]["Rules"]
    statement: dict[str, Any] = found["Statement"]["RateBasedStatement"]
    assert found["Action"] == {"Block": {}}
    return statement


def test_the_firewall_counts_posts_to_public_forms_and_nothing_else(package: Package) -> None:
    assert {"/sessions", "/sign-up", "/password-resets"} <= FORMS
    method, path = rule(package)["ScopeDownStatement"]["AndStatement"]["Statements"]
    assert method["ByteMatchStatement"]["SearchString"] == "POST"
    pattern = path["RegexMatchStatement"]["RegexString"]
    assert len(pattern) <= 512  # WAF's limit
    for route in ENDPOINTS:
        example = re.sub(r"{\w+}", "prc_1.abc", route.path)
        for stage in ("", "/v1"):
            counted = route.method == "POST" and bool(re.search(pattern, stage + example))
            assert counted == (route.permit is PUBLIC and route.method == "POST"), (route.name, stage)


def test_the_firewall_is_put_before_the_stage_after_that_is_made(package: Package) -> None:
    done = package.transformed()["Resources"]
    (stage,) = [name for name, each in done.items() if each["Type"] == "AWS::ApiGateway::Stage"]
    assert stage in set(references(done["FirewallAssociation"]["Properties"]["ResourceArn"]))
    assert stage in set(references(done["DomainMapping"]["Properties"]["Stage"]))


def test_public_forms_have_a_lower_rate_than_all_else(package: Package) -> None:
    settings = package.resources["RestAPI"]["Properties"]["MethodSettings"]
    limits = {(each["HttpMethod"], each["ResourcePath"]): each["ThrottlingRateLimit"] for each in settings}
    rest = limits.pop(("*", "/*"))
    assert {(method, path[1:].replace("~1", "/")) for method, path in limits} == {("POST", path) for path in FORMS}
    assert all(0 < limit < rest for limit in limits.values())
    assert all(each["ThrottlingBurstLimit"] >= each["ThrottlingRateLimit"] for each in settings)


def test_what_the_firewall_turns_away_is_told_to_wait(package: Package) -> None:
    body = package.resources["RestAPI"]["Properties"]["DefinitionBody"]
    answer = body["x-amazon-apigateway-gateway-responses"]["WAF_FILTERED"]
    window = rule(package)["EvaluationWindowSec"]
    assert answer["statusCode"] == 429
    assert answer["responseParameters"]["gatewayresponse.header.Retry-After"] == f"'{window}'"


def test_the_firewall_keeps_no_samples_of_requests_whose_paths_hold_tokens(package: Package) -> None:
    properties = package.resources["Firewall"]["Properties"]
    configs = [properties["VisibilityConfig"], *(each["VisibilityConfig"] for each in properties["Rules"])]
    assert [each["SampledRequestsEnabled"] for each in configs] == [False, False]


def holds(condition: str, package: Package, **given: str) -> bool:
    """Whether a condition holds under the defaults and the parameters given."""
    (negated,) = package.template["Conditions"][condition]["Fn::Not"]
    reference, value = negated["Fn::Equals"]
    name = reference["Ref"]
    return bool(given.get(name, package.template["Parameters"][name]["Default"]) != value)


def test_there_is_a_firewall_unless_it_is_refused(package: Package) -> None:
    for name in ("Firewall", "FirewallAssociation"):
        assert package.resources[name]["Condition"] == "HasFirewall"
    assert holds("HasFirewall", package)
    assert not holds("HasFirewall", package, SignInLimit="0")
    allowed = package.template["Parameters"][firewall.LIMIT]["AllowedPattern"]
    assert [text for text in ("0", "9", "10", "-1", "300", "") if re.fullmatch(allowed, text)] == ["0", "10", "300"]


def test_there_is_a_domain_only_when_it_is_named(package: Package) -> None:
    for name in ("Domain", "DomainMapping"):
        assert package.resources[name]["Condition"] == "HasDomain"
    assert not holds("HasDomain", package)
    assert holds("HasDomain", package, DomainName="api.example.com")


def test_concurrency_is_reserved_only_where_a_number_is_given(package: Package) -> None:
    for name, function in package.functions().items():
        reserved = function.get("ReservedConcurrentExecutions")
        assert (reserved is not None) == (FUNCTIONS[name].room != "none"), name
        if reserved:
            condition, given, otherwise = reserved["Fn::If"]
            assert otherwise == {"Ref": "AWS::NoValue"}
            assert not holds(condition, package)
            assert holds(condition, package, **{given["Ref"]: "5"})


def test_operations_lists_the_parameters_that_are_no_settings(package: Package) -> None:
    text = (PROJECT / "docs/operations.md").read_text()
    settings = {value["Ref"] for value in package.variables().values() if "Ref" in value}
    for name in package.template["Parameters"].keys() - settings:
        assert re.search(rf"`?{name}\b", text), name
