"""Where to deploy to: an AWS account in one region, or an emulator of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from botocore.session import Session

Template = dict[str, Any]


class Patch(NamedTuple):
    """A change of the template that a target needs because it is not AWS, and why."""

    reason: str
    apply: Callable[[Template], None]


class DeployError(RuntimeError):
    """It was not deployed. The message says why, for a person to read."""


@dataclass(frozen=True)
class Target:
    """`session`: its credentials and region. `endpoint`: None for AWS itself. `pause`: seconds between two looks."""

    session: Session
    endpoint: str | None = None
    patches: tuple[Patch, ...] = ()
    pause: float = 2

    def client(self, service: str) -> Any:
        """A client of one AWS service there."""
        return self.session.create_client(service, endpoint_url=self.endpoint)

    @cached_property
    def region(self) -> str:
        """Its region. Raises DeployError where none is chosen."""
        region = self.session.get_config_variable("region")
        if not region:
            raise DeployError("No AWS region is chosen. Set AWS_DEFAULT_REGION, or a region in your AWS profile.")
        return str(region)

    @cached_property
    def account(self) -> str:
        """The account's number."""
        return str(self.client("sts").get_caller_identity()["Account"])
