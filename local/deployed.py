"""The packaged system on the local engine: one function per room, each under its own role, behind API Gateway.

`make run` is quicker and keeps its data. This is what shows that the template works: the same code that deploys to AWS
deploys here, but for the changes listed in `deploy/emulator_patches.py`, and IAM is enforced.
"""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.session import Session

from deploy.emulator_patches import PATCHES
from deploy.settings import BUILD
from deploy.stages import Stage
from deploy.target import Target
from local.engine import REGION, Engine
from local.resources import forget_aws

PROJECT = Path(__file__).parents[1]
STAGE = "local"
PARAMETERS = {
    "AccountingEmail": "accounting@practice-admin.example",
    "SupportEmail": "support@practice-admin.example",
    "OperationsEmail": "operations@practice-admin.example",
    "MailFrom": "no-reply@practice-admin.example",
    "SignInLimit": "0",  # the engine has no firewall
}
_SETTINGS = {
    "SERVICES": (
        "apigateway,cloudformation,cloudwatch,dynamodb,dynamodbstreams,events,iam,kms,lambda,logs,s3,secretsmanager,"
        "ses,sns,sqs,sts"
    ),
    "AUTH": "true",  # roles are enforced
}
_HEALTH_SECONDS = 3


class PackagingFailed(RuntimeError):
    """The package could not be made. The message is for a person to read."""


def run(home: Path) -> None:
    """Deploy to the engine that runs on `home`; where none runs, start one, and end with it.

    Raises PackagingFailed, InstallError, EngineError, DeployError; KeyboardInterrupt when a signal ends it.
    """
    forget_aws()
    home = home / "deployed"
    package()
    address = home / "address"
    if (url := _running(address)) is not None:
        _deploy(url)
        return
    with engine(home / "engine") as started:
        verify_sender(target(started.url))
        _deploy(started.url)
        address.write_text(started.url)
        print("Deploy anew from another terminal with `make deploy-local`. Ctrl-C ends it.", flush=True)
        try:
            started.wait()
        finally:
            address.unlink()


def package() -> None:
    """Package the project as it stands, into BUILD. Raises PackagingFailed."""
    print("Packaging.", flush=True)
    done = subprocess.run([sys.executable, "-m", "deploy", "package"], cwd=PROJECT)
    if done.returncode != 0:
        raise PackagingFailed("The package could not be made.")


@contextmanager
def engine(home: Path) -> Iterator[Engine]:
    """An engine to deploy to, in an empty directory that is gone afterwards."""
    shutil.rmtree(home, ignore_errors=True)
    try:
        with Engine(home, settings=_SETTINGS) as started:
            yield started
    finally:
        shutil.rmtree(home, ignore_errors=True)


def target(url: str) -> Target:
    """The engine at `url`, with all rights."""
    session = Session()
    session.set_credentials("test", "test")
    session.set_config_variable("region", REGION)
    return Target(session, url, PATCHES, pause=0.2)


def stage(url: str) -> Stage:
    """The one stage on the engine at `url`. Nothing is asked."""
    return Stage(target(url), STAGE, lambda _: True, agreed=True)


def api_url(url: str, outputs: dict[str, str]) -> str:
    """Where the deployed API answers."""
    return f"{url}/restapis/{outputs['RestAPIId']}/v1/_user_request_"


def _deploy(url: str) -> None:
    deployed = stage(url)
    deployed.deploy(BUILD, PARAMETERS)
    print(f"It answers at {api_url(url, deployed.outputs())}/health")


def verify_sender(target: Target) -> None:
    """What whoever deploys to AWS does in SES, once."""
    target.client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])


def _running(address: Path) -> str | None:
    """The URL of the engine that wrote its address there, if it still answers."""
    try:
        url = address.read_text()
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=_HEALTH_SECONDS):
            return url
    except OSError:
        return None
