"""Each room and each scheduled handler is a function of its own, reached by its own routes and rules alone."""

import re

import app
from chalicelib.serving import ENDPOINTS
from deploy import names
from deploy.functions import FUNCTIONS
from tests.contract.template import SERVERLESS, Package

RATES = {
    "relay_events": "rate(1 minute)",
    "continue_reassignments": "rate(1 minute)",
    "continue_code_copies": "rate(1 minute)",
    "charge_due_orders": "rate(15 minutes)",
    "apply_decreases": "rate(1 hour)",
    "deactivate_due": "rate(5 minutes)",
    "check_sla": "rate(5 minutes)",
    "close_solved_tickets": "rate(1 hour)",
    "reconcile_month": "cron(0 6-23 1 * ? *)",
    "end_trials": "rate(1 day)",
    "block_dormant": "rate(1 day)",
    "check_subscriptions": "rate(1 day)",
    "sweep_expired": "rate(1 day)",
}

CALLED = {"check_image", "staff_command", "ses_feedback"}
"""Functions that neither the API nor a schedule starts."""


def test_the_template_has_exactly_the_declared_functions(package: Package) -> None:
    assert set(package.of_type(SERVERLESS)) == {names.function(name) for name in FUNCTIONS}


def test_every_room_has_a_function(package: Package) -> None:
    assert {function.room for function in FUNCTIONS.values()} == {"system", "none", *app.FUNCTIONS_OF_ROOMS}


def test_every_function_starts_in_the_composition_root(package: Package) -> None:
    handlers = {name: function["Handler"] for name, function in package.functions().items()}
    routed = {names.serving(room) for room in ("system", *app.FUNCTIONS_OF_ROOMS)}
    assert handlers == {name: "app.app" if name in routed else f"app.{name}" for name in FUNCTIONS}


def test_every_function_has_a_role_and_a_log_group_of_its_own(package: Package) -> None:
    functions = package.functions().values()
    assert len({function["Role"]["Fn::GetAtt"][0] for function in functions}) == len(FUNCTIONS)
    groups = {function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions}
    assert groups == set(package.of_type("AWS::Logs::LogGroup"))
    assert len(groups) == len(FUNCTIONS)
    assert all(group["RetentionInDays"] for group in package.of_type("AWS::Logs::LogGroup").values())


def test_every_function_gets_what_it_declares(package: Package) -> None:
    given = {
        name: (function["Environment"]["Variables"]["ROOM"], function["MemorySize"], function["Timeout"])
        for name, function in package.functions().items()
    }
    assert given == {name: (each.room, each.memory, each.timeout) for name, each in FUNCTIONS.items()}


def test_every_route_is_served_by_its_own_rooms_function(package: Package) -> None:
    paths = package.resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    integrations = {
        (method.upper(), path): each["x-amazon-apigateway-integration"]
        for path, methods in paths.items()
        for method, each in methods.items()
    }
    assert {route: each["uri"]["Fn::Sub"] for route, each in integrations.items()} == {
        (route.method, route.path): "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        f"${{{names.function(names.serving(route.room))}.Arn}}/invocations"
        for route in ENDPOINTS
    }
    # Chalice's own part is there too: it has seen every route.
    for route, each in integrations.items():
        assert (each.get("type"), each.get("httpMethod")) == ("aws_proxy", "POST"), route


def test_every_operation_names_the_parameters_of_its_path(package: Package) -> None:
    for path, methods in package.resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"].items():
        for method, operation in methods.items():
            declared = {each["name"] for each in operation.get("parameters", [])}
            assert declared == set(re.findall(r"{(\w+)}", path)), (method, path)


def test_api_gateway_may_invoke_the_functions_of_its_routes_and_no_others(package: Package) -> None:
    permissions = [
        each
        for each in package.of_type("AWS::Lambda::Permission").values()
        if each["FunctionName"] != {"Ref": names.function("ses_feedback")}
    ]
    assert {each["Principal"] for each in permissions} == {"apigateway.amazonaws.com"}
    assert all("RestAPI" in str(each["SourceArn"]) for each in permissions)
    routed = {names.function(names.serving(route.room)) for route in ENDPOINTS}
    assert sorted(each["FunctionName"]["Ref"] for each in permissions) == sorted(routed)


def test_every_scheduled_handler_has_a_rule_at_its_rate_and_no_retries(package: Package) -> None:
    scheduled = {name: each for name, each in package.functions().items() if "Events" in each}
    assert {
        name: [event["Properties"]["Schedule"] for event in each["Events"].values()] for name, each in scheduled.items()
    } == {name: [rate] for name, rate in RATES.items()}
    assert all(each["EventInvokeConfig"] == {"MaximumRetryAttempts": 0} for each in scheduled.values())
    assert {name for name, each in FUNCTIONS.items() if each.room == "none"} == {*RATES, *CALLED}


def test_sns_alone_may_tell_ses_feedback_and_of_its_own_topic_alone(package: Package) -> None:
    function = {"Ref": names.function("ses_feedback")}
    permissions = package.of_type("AWS::Lambda::Permission").values()
    (permission,) = (each for each in permissions if each["FunctionName"] == function)
    assert (permission["Principal"], permission["SourceArn"]) == ("sns.amazonaws.com", {"Ref": "FeedbackTopic"})
    (subscription,) = (
        each for each in package.of_type("AWS::SNS::Subscription").values() if each["Protocol"] == "lambda"
    )
    assert subscription["TopicArn"] == {"Ref": "FeedbackTopic"}
    # Nobody tells it again but Lambda itself.
    assert package.functions()["ses_feedback"]["EventInvokeConfig"] == {"MaximumRetryAttempts": 2}


def test_ses_tells_of_bounces_and_complaints_of_every_mail(package: Package) -> None:
    (destination,) = package.of_type("AWS::SES::ConfigurationSetEventDestination").values()
    assert destination["ConfigurationSetName"] == {"Ref": "MailEvents"}
    told = destination["EventDestination"]
    assert (set(told["MatchingEventTypes"]), told["Enabled"]) == ({"bounce", "complaint"}, True)
    assert told["SnsDestination"] == {"TopicARN": {"Ref": "FeedbackTopic"}}
    assert package.variables()["MAIL_EVENTS"] == {"Ref": "MailEvents"}


def test_a_sweep_ends_before_its_next_tick(package: Package) -> None:
    seconds = {
        "rate(1 minute)": 60,
        "rate(5 minutes)": 300,
        "rate(15 minutes)": 900,
        "rate(1 hour)": 3600,
        "cron(0 6-23 1 * ? *)": 3600,
        "rate(1 day)": 86_400,
    }
    assert all(FUNCTIONS[name].timeout < seconds[rate] for name, rate in RATES.items())
