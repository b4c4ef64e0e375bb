"""One CloudFormation stack: change sets that are shown before they are executed, and what came of them."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from deploy.target import DeployError, Target

# The template makes roles, and SAM's transform is a macro.
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")
_HOLDS_DATA = ("AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")
_STACK = "AWS::CloudFormation::Stack"


class Change(NamedTuple):
    """What a change set does to one resource. `action`: Add, Modify, Remove, or Replace."""

    action: str
    name: str
    kind: str

    @property
    def loses_data(self) -> bool:
        """Whether data would be left behind: what holds it is kept in AWS, but the system would no longer know it."""
        return self.action in ("Remove", "Replace") and self.kind in _HOLDS_DATA


class Stack:
    """A stack by name; it need not exist yet."""

    def __init__(self, target: Target, name: str) -> None:
        self.name = name
        self._pause = target.pause
        self._client = target.client("cloudformation")

    def described(self) -> dict[str, Any] | None:
        """What CloudFormation says of it; None where there is none, or nothing but a change set for it."""
        try:
            stack: dict[str, Any] = self._client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if stack["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") else stack

    def propose(self, url: str, parameters: list[dict[str, Any]]) -> "ChangeSet | None":
        """The change set that leads to the template at `url`; None where nothing would change.

        Raises DeployError with CloudFormation's reason where it can't be made.
        """
        stack = self.described()
        change_set = ChangeSet(self, self._client, self._pause, new=stack is None)
        self._client.create_change_set(
            StackName=self.name,
            ChangeSetName=change_set.name,
            ChangeSetType="CREATE" if stack is None else "UPDATE",
            TemplateURL=url,
            Parameters=parameters,
            Capabilities=_CAPABILITIES,
        )
        return change_set if change_set.made() else None

    def clear_failed_creation(self) -> None:
        """Delete what a creation that failed has left: CloudFormation lets nothing else be done with it."""
        stack = self.described()
        if stack is not None and stack["StackStatus"] == "ROLLBACK_COMPLETE":
            for _ in self.delete():
                pass

    def delete(self) -> Iterator[str]:
        """Delete it, giving a line of progress for each resource. Raises DeployError when it could not be."""
        stack = self.described()
        if stack is None:
            raise DeployError(f"There is no stack {self.name}.")
        seen = {event["EventId"] for event in self.events(stack["StackId"])}
        self._client.delete_stack(StackName=self.name)
        yield from self.follow(stack["StackId"], seen)

    def events(self, stack_id: str) -> list[dict[str, Any]]:
        """All events, oldest first."""
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=stack_id)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def follow(self, stack_id: str, seen: set[str]) -> Iterator[str]:
        """A line for each resource that is done, until the stack is; events in `seen` are of the past.

        Raises DeployError with the first failed resource's reason.
        """
        failures: list[str] = []
        while True:
            for event in self.events(stack_id):
                if event["EventId"] in seen:
                    continue
                seen.add(event["EventId"])
                status, name = event["ResourceStatus"], event["LogicalResourceId"]
                if status.endswith("IN_PROGRESS"):
                    continue
                if event["ResourceType"] == _STACK and event["PhysicalResourceId"] == stack_id:
                    yield f"{status} {name}"
                    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"):
                        failures.append(event.get("ResourceStatusReason", "No reason is given."))
                        raise DeployError(_failure(status, failures[0]))
                    return
                yield f"{status} {name}"
                if status.endswith("_FAILED"):
                    reason = event.get("ResourceStatusReason", "no reason given")
                    failures.append(f"{name} ({event['ResourceType']}): {reason}")
            time.sleep(self._pause)


class ChangeSet:
    """A proposed change of a stack."""

    def __init__(self, stack: Stack, client: Any, pause: float, *, new: bool) -> None:
        self.name = f"release-{time.time_ns()}"
        self._stack = stack
        self._client = client
        self._pause = pause
        self._new = new
        self._who = {"StackName": stack.name, "ChangeSetName": self.name}

    def made(self) -> bool:
        """Wait until it is made; False, and it is gone again, where there is nothing to change."""
        while (described := self._client.describe_change_set(**self._who))["Status"] not in (
            "CREATE_COMPLETE",
            "FAILED",
        ):
            time.sleep(self._pause)
        if described["Status"] == "CREATE_COMPLETE":
            return True
        self.drop()
        reason = described.get("StatusReason", "no reason given")
        if any(text in reason for text in _NOTHING_TO_DO):
            return False
        raise DeployError(f"CloudFormation refuses the template: {reason}")

    def changes(self) -> list[Change]:
        """What it would do, by resource."""
        pages = self._client.get_paginator("describe_change_set").paginate(**self._who)
        found = [each["ResourceChange"] for page in pages for each in page["Changes"]]
        return [
            Change(
                "Replace" if each.get("Replacement") == "True" else each["Action"],
                each["LogicalResourceId"],
                each["ResourceType"],
            )
            for each in found
        ]

    def drop(self) -> None:
        """Forget it, and with it the empty stack that the first change set of a stack comes with."""
        self._client.delete_change_set(**self._who)
        if self._new:
            self._client.delete_stack(StackName=self._stack.name)

    def execute(self) -> Iterator[str]:
        """Do it, giving a line of progress for each resource.

        Raises DeployError when it failed; CloudFormation has then put everything back.
        """
        stack_id = self._client.describe_change_set(**self._who)["StackId"]
        seen = {event["EventId"] for event in self._stack.events(stack_id)}
        self._client.execute_change_set(**self._who)
        yield from self._stack.follow(stack_id, seen)


def _failure(status: str, first: str) -> str:
    # Those that follow the first are mostly "cancelled", because of it.
    ending = {
        "UPDATE_ROLLBACK_COMPLETE": "Everything is as it was before.",
        "ROLLBACK_COMPLETE": "Nothing was made. Deploying again begins anew.",
    }
    return f"It failed. {first}\n{ending.get(status, f'The stack is left in {status}.')}"
