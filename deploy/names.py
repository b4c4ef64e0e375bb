"""What things are called in the template."""

from chalice.utils import to_cfn_resource_name

from deploy.functions import FUNCTIONS

APP = "practice-admin"
STAGE = "prod"
"""Chalice's one stage. Environments (dev, prod, a customer's own) are CloudFormation stacks of the one template, told
apart by their stack's name and parameters; a Chalice stage for each would write the same template several times."""
API_STAGE = "v1"
"""API Gateway's stage: the first part of every path, so it is the API's version."""


def resource(setting: str) -> str:
    """The resource or parameter that is a setting's value: IDENTITY_TABLE is `IdentityTable`."""
    return to_cfn_resource_name(setting.lower())


def function(name: str) -> str:
    """The function's resource, as Chalice names it."""
    return "APIHandler" if name == "api_handler" else to_cfn_resource_name(name)


def deployed(name: str) -> str:
    """What the function is called in AWS, for `Fn::Sub`: known beforehand, so that nothing has to ask for it."""
    return f"${{AWS::StackName}}-{name}"


def log_group(name: str) -> str:
    """The log group of a function."""
    return f"{function(name)}Logs"


def serving(room: str) -> str:
    """The name of the function that serves a room's routes. Raises StopIteration for a room without one."""
    return next(name for name, function in FUNCTIONS.items() if function.room == room)
