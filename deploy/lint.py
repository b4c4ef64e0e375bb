"""`make lint-template`: checkov over the packaged template, offline. Where it is overruled, the reason stands here.

cfn-lint runs after it (`tests/contract/lint_template.py`). The two have an environment of their own: checkov pins much,
and both take a while to install.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from deploy.environment import prepared

_FUNCTION, _API = "AWS::Serverless::Function", "AWS::Serverless::Api"


class Finding(NamedTuple):
    """A check that a resource fails. `resource` begins with its type: "AWS::SQS::Queue.SupportDeadLetters"."""

    check: str
    resource: str
    name: str = ""


class Overruled(NamedTuple):
    """Why a check is overruled, on resources of one type."""

    kind: str
    reason: str


EXCEPTIONS: dict[str, Overruled] = {
    "CKV_AWS_115": Overruled(
        _FUNCTION,
        "EventBridge starts scheduled functions one at a time; those with routes have a parameter for it",
    ),
    "CKV_AWS_116": Overruled(
        _FUNCTION,
        "a dead-letter queue would hold requests that were answered, ticks of which the next finds the same work, or "
        "bounces that the next mail causes again",
    ),
    "CKV_AWS_117": Overruled(_FUNCTION, "nothing that they reach is in a VPC; IAM decides what they reach"),
    "CKV_AWS_119": Overruled(
        "AWS::DynamoDB::Table",
        "AWS's managed key: its use is in CloudTrail, and no function needs a permission on it",
    ),
    "CKV_AWS_120": Overruled(_API, "every answer depends on who asks, and is never to be kept"),
    "CKV_AWS_149": Overruled(
        "AWS::SecretsManager::Secret",
        "AWS's managed key: no other account is to read the secret, and functions need a permission on it already",
    ),
    "CKV_AWS_158": Overruled(
        "AWS::Logs::LogGroup",
        "CloudWatch encrypts by itself, and no line holds patient data or a secret",
    ),
    "CKV_AWS_173": Overruled(
        _FUNCTION,
        "Lambda encrypts by itself, and the variables are names of resources, no secrets",
    ),
    "CKV_AWS_18": Overruled(
        "AWS::S3::Bucket",
        "one function writes reports, one command reads them; what happens to an upload is in the audit trail",
    ),
    "CKV_AWS_192": Overruled("AWS::WAFv2::WebACL", "there is no Java behind it"),
    "CKV_AWS_21": Overruled(
        "AWS::S3::Bucket",
        "every version of a report is kept; of an uploaded file nothing is to stay once it is deleted",
    ),
    "CKV_AWS_27": Overruled(
        "AWS::SQS::Queue",
        "they are encrypted, by SQS's own keys: SNS can't write to a queue under AWS's managed KMS key",
    ),
    "CKV_AWS_73": Overruled(
        _API,
        "its traces would hold whole addresses, with tokens of mailed links and searches; each function is traced",
    ),
    "CKV_AWS_76": Overruled(
        _API,
        "each function logs its requests, and what the gateway refuses itself is in its metrics",
    ),
}
"""By the check's id."""


class LintError(RuntimeError):
    """checkov did not come to an end, or did not see the whole template. The message has what it said."""


def complaints(found: Iterable[Finding], exceptions: Mapping[str, Overruled] = EXCEPTIONS) -> list[str]:
    """What is wrong: findings that no exception covers, and exceptions that no finding needs."""
    needed, lines = set(), []
    for each in found:
        exception = exceptions.get(each.check)
        if exception is not None and each.resource.startswith(f"{exception.kind}."):
            needed.add(each.check)
        else:
            lines.append(f"{each.resource}: {each.check} {each.name}")
    return lines + [f"{check}: this exception is needed no more" for check in exceptions if check not in needed]


def findings(template: dict[str, Any]) -> list[Finding]:
    """All checks that fail. Raises LintError, InstallError."""
    # checkov stumbles over a parameter's default inside Fn::If.
    bare = {
        name: {key: value for key, value in each.items() if key != "Default"}
        for name, each in template["Parameters"].items()
    }
    with TemporaryDirectory() as directory:
        file = Path(directory) / "template.json"
        file.write_text(json.dumps(_unsubstituted({**template, "Parameters": bare}), indent=1))
        command = [str(prepared("lint")), "-m", "checkov.main", "--file", str(file)]
        offline = ["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"]
        done = subprocess.run(command + offline, capture_output=True, text=True, cwd=directory)
    try:
        report = json.loads(done.stdout)
        summary, failed = report["summary"], report["results"]["failed_checks"]
    except (ValueError, TypeError, KeyError):
        raise LintError(f"checkov failed:\n{done.stderr[-4000:]}") from None
    seen, there = summary["resource_count"], len(template["Resources"])
    if seen != there or summary["parsing_errors"]:
        raise LintError(f"checkov has read {seen} of {there} resources")
    return [Finding(each["check_id"], each["resource"], each["check_name"]) for each in failed]


def _unsubstituted(part: Any) -> Any:
    """The same with the texts of Fn::Sub as they stand: checkov takes longest to fill in what no check reads."""
    if isinstance(part, list):
        return [_unsubstituted(each) for each in part]
    if not isinstance(part, dict):
        return part
    if isinstance(text := part.get("Fn::Sub"), str):
        return text
    return {name: _unsubstituted(each) for name, each in part.items()}


def lint(template: Path) -> int:
    """Check the template in a file, and print; 1 where there is something to complain of."""
    wrong = complaints(findings(json.loads(template.read_text())))
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"checkov finds nothing but {len(EXCEPTIONS)} kinds of exceptions, each with its reason")
    return 1 if wrong else 0
