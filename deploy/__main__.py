"""`generate` writes the files that are made from the code, `package` what CloudFormation needs, `lint` checks that.

`deploy`, `rollback` and `destroy` act on one stage, with the AWS credentials and region in use.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from deploy import settings


def main() -> int:
    """Run one of the commands; 1 when it failed."""
    arguments = _arguments()
    if arguments.command in ("deploy", "rollback", "destroy"):
        return _on_aws(arguments)
    # The declarations are in modules that read their settings when they are loaded.
    environment = settings.environment()
    os.environ.clear()
    os.environ.update(environment)
    if arguments.command == "generate":
        return generate()
    return package(arguments.out) if arguments.command == "package" else lint()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("generate", "lint"):
        commands.add_parser(name)
    package = commands.add_parser("package")
    package.add_argument("--out", type=Path, default=settings.BUILD, help="the directory to write to (default: build)")
    for name in ("deploy", "rollback", "destroy"):
        command = commands.add_parser(name)
        command.add_argument("--stage", required=True, help="such as dev or prod: the stack is practice-admin-STAGE")
        command.add_argument("--yes", action="store_true", help="ask nothing, but where data would be left behind")
        if name == "deploy":
            command.add_argument(
                "parameters", nargs="*", metavar="Name=value", help="kept from deployment to deployment"
            )
    return parser.parse_args()


def generate() -> int:
    """Write `.chalice/`, the OpenAPI document and the Help Center's index."""
    from deploy import chalice_files, help_articles, openapi

    chalice_files.write()
    openapi.write()
    help_articles.write()
    return 0


def package(out: Path) -> int:
    """Have the template and the zip in `out`."""
    from deploy.package import PackagingError
    from deploy.package import package as write

    try:
        write(out)
    except PackagingError as error:
        print(error, file=sys.stderr)
        return 1
    for name in ("sam.json", "deployment.zip"):
        print(f"{out.name}/{name} {(out / name).stat().st_size:>10} bytes")
    return 0


def lint() -> int:
    """Check the template in `build/`."""
    from deploy import lint
    from deploy.environment import InstallError

    try:
        return lint.lint(settings.BUILD / "sam.json")
    except (lint.LintError, InstallError) as error:
        print(error, file=sys.stderr)
        return 1


def _on_aws(arguments: argparse.Namespace) -> int:
    from deploy.stages import Stage, check_name, parsed
    from deploy.target import DeployError, Target

    try:
        check_name(arguments.stage)
        target = Target(Session())
        print(f"Stage {arguments.stage} in {target.region}, account {target.account}.", flush=True)
        stage = Stage(target, arguments.stage, _ask, agreed=arguments.yes)
        if arguments.command == "deploy":
            # In a process of its own, which sees no credentials.
            subprocess.run([sys.executable, "-m", "deploy", "package"], check=True)
            stage.deploy(settings.BUILD, parsed(arguments.parameters))
        elif arguments.command == "rollback":
            stage.roll_back()
        else:
            stage.destroy()
    except DeployError as error:
        print(error, file=sys.stderr)
    except subprocess.CalledProcessError:
        pass  # (it has said why)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped watching. What was begun goes on in CloudFormation.", file=sys.stderr)
    else:
        return 0
    return 1


def _ask(question: str) -> bool:
    if not sys.stdin.isatty():
        print(f"{question} There is nobody to ask: say YES=1.", file=sys.stderr)
        return False
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


if __name__ == "__main__":
    sys.exit(main())
