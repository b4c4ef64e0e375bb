"""A stage (dev, prod, a customer's own) is one stack of the one template: deploy, roll back, destroy."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.artifacts import Artifacts, Release
from deploy.stack import Change, ChangeSet, Stack
from deploy.target import DeployError, Target

Ask = Callable[[str], bool]
_NAME = re.compile(r"[a-z][a-z0-9-]{0,15}")  # functions' names hold it, and have 64 characters
_PENDING = "PendingConfirmation"


def check_name(stage: str) -> None:
    """Raises DeployError for what can't be the name of a stage."""
    if not stage:
        raise DeployError("Say which stage, such as STAGE=dev.")
    if not _NAME.fullmatch(stage):
        raise DeployError(f"A stage is called by a-z, 0-9 and hyphens, 16 at most, unlike {stage!r}.")


def parsed(parameters: Iterable[str]) -> dict[str, str]:
    """Parameters from texts like "MailFrom=no-reply@example.com". Raises DeployError for any other text."""
    pairs = [text.partition("=") for text in parameters]
    for name, sign, _ in pairs:
        if not sign:
            raise DeployError(f"Write parameters as Name=value, unlike {name}.")
    return {name: value for name, _, value in pairs}


class Stage:
    """One stage at one target.

    `ask` puts a question and says whether the answer is yes; with `agreed`, only those about data are put.
    Every method raises DeployError, and botocore's errors.
    """

    def __init__(self, target: Target, name: str, ask: Ask, *, agreed: bool = False) -> None:
        self.name = name
        self.stack = Stack(target, f"practice-admin-{name}")
        self._target = target
        self._artifacts = Artifacts(target)
        self._ask = ask
        self._agreed = agreed

    def deploy(self, build: Path, parameters: Mapping[str, str]) -> None:
        """Deploy what `make package` wrote into `build`. Parameters that are not given stay as they are."""
        key = self._artifacts.publish(build)
        self._release(key, parameters)
        self._note_present(key)
        for name, value in self.outputs().items():
            print(f"  {name}: {value}")
        for step in self.next_steps():
            print(f"Next: {step}")

    def roll_back(self) -> None:
        """Go back to the release before the present one: its template, its code, its parameters."""
        releases = self._artifacts.releases(self.name)
        if len(releases) < 2:
            raise DeployError(f"Stage {self.name} has no earlier release.")
        previous = releases[-2]
        print(f"Back to the release of {previous.at}.")
        self._release(previous.template, previous.parameters)
        self._artifacts.note(self.name, releases[:-1])

    def destroy(self) -> None:
        """Delete the stack. What holds data is kept, outside of any stack."""
        if not (
            self._agreed
            or self._ask(f"Delete {self.stack.name}? Tables, keys, secret, reports and uploaded files are kept.")
        ):
            raise DeployError("Nothing was deleted.")
        for line in self.stack.delete():
            print(line)
        self._artifacts.note(self.name, [])

    def outputs(self) -> dict[str, str]:
        """What the stack says of itself."""
        stack = self.stack.described() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def next_steps(self) -> list[str]:
        """What only a person can do, as far as it is not done."""
        parameters, outputs = self._present_parameters(), self.outputs()
        steps = []
        for department in ("Accounting", "Support", "Operations"):
            topic = self._target.client("sns").list_subscriptions_by_topic(TopicArn=outputs[f"{department}Topic"])
            if any(each["SubscriptionArn"] == _PENDING for each in topic["Subscriptions"]):
                inbox = parameters[f"{department}Email"]
                steps.append(f"confirm the subscription that was mailed to {department}, {inbox} (docs/operations.md)")
        if not self._sender_is_verified(parameters["MailFrom"]):
            steps.append(f"verify {parameters['MailFrom']}, or its domain, in SES: until then no customer gets mail")
        return steps

    def _sender_is_verified(self, address: str) -> bool:
        ses = self._target.client("sesv2")
        for identity in (address, address.partition("@")[2]):
            try:
                if ses.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
                    return True
            except ses.exceptions.NotFoundException:
                continue
        return False

    def _release(self, key: str, parameters: Mapping[str, str]) -> None:
        """Lead the stack to a template."""
        self.stack.clear_failed_creation()
        change_set = self.stack.propose(self._artifacts.url(key), self._parameters(key, parameters))
        if change_set is None:
            print(f"{self.stack.name} is up to date.")
            return
        self._confirm(change_set)
        for line in change_set.execute():
            print(line, flush=True)

    def _parameters(self, key: str, given: Mapping[str, str]) -> list[dict[str, Any]]:
        """Those given, and those of the present stack. Raises DeployError naming each that is missing or unknown."""
        declared = self._artifacts.template(key)["Parameters"]
        kept = self._present_parameters().keys()
        missing = [name for name, each in declared.items() if "Default" not in each and name not in {*given, *kept}]
        wrong = [f"There is no parameter {name}." for name in given if name not in declared]
        wrong += [f"{name} is missing: {declared[name]['Description']}" for name in missing]
        if wrong:
            raise DeployError("\n".join(wrong))
        chosen = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
        return chosen + [
            {"ParameterKey": name, "UsePreviousValue": True} for name in declared if name in kept - given.keys()
        ]

    def _confirm(self, change_set: ChangeSet) -> None:
        changes = change_set.changes()
        for change in changes:
            print(f"  {change.action:<8} {change.name} ({change.kind})")
        lost = [change for change in changes if change.loses_data]
        if self._agreed and not lost:
            return
        if not self._ask(_question(self.stack.name, len(changes), lost)):
            change_set.drop()
            raise DeployError("Nothing was changed.")

    def _note_present(self, key: str) -> None:
        """Remember the present release, also where whoever deployed it was interrupted before this."""
        present = Release(key, self._present_parameters(), datetime.now(UTC).isoformat(timespec="seconds"))
        releases = self._artifacts.releases(self.name)
        last = releases[-1] if releases else None
        if last is None or (last.template, last.parameters) != (present.template, present.parameters):
            self._artifacts.note(self.name, [*releases, present])

    def _present_parameters(self) -> dict[str, str]:
        stack = self.stack.described() or {}
        return {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}


def _question(stack: str, count: int, lost: list[Change]) -> str:
    names = ", ".join(change.name for change in lost)
    warning = f"The data of {names} stays in AWS, but {stack} will no longer know it. " if lost else ""
    return f"{warning}Make these {count} changes to {stack}?"
