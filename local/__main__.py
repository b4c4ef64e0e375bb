"""`python -m local run`, `deploy`, `tick`, `code` and `staff`: the whole system on this machine.

Nothing heavy is imported here: Ctrl-C must be caught from the first moment on.
"""

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1] / ".local"


def main() -> int:
    """Run one command; gives the exit code. What goes wrong in a known way is told in a sentence."""
    arguments = _arguments()
    try:
        return int(arguments.command(arguments))
    except KeyboardInterrupt:
        if not arguments.kept:
            return 130
        print(f"\nEnded. {arguments.kept} is kept.")
        return 0
    except RuntimeError as error:  # InstallError, EngineError, NoLogins and this package's others speak to people
        if type(error).__module__.startswith(("local.", "deploy.")):
            print(error, file=sys.stderr)
            return 1
        raise


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description="The whole system on this machine.")
    parser.set_defaults(kept="")
    parser.add_argument("--home", type=Path, default=HOME, help="where its data lies (default: .local)")
    commands = parser.add_subparsers(required=True, metavar="run | deploy | tick | code | staff")
    run = commands.add_parser("run", help="start it; Ctrl-C ends it; the environment variable PORT changes its port")
    run.set_defaults(command=_run, kept="Everything")
    deploy = commands.add_parser("deploy", help="package it, and deploy it to a local engine; Ctrl-C ends that")
    deploy.set_defaults(command=_deploy, kept="Nothing")
    tick = commands.add_parser("tick", help="fire a scheduled handler of the running system")
    tick.add_argument("name", help="the handler, such as charge_due_orders")
    tick.add_argument("--at", help="hold the handler's clock at this instant, such as 2026-07-08T17:00:00Z")
    tick.set_defaults(command=_tick)
    code = commands.add_parser("code", help="print a two-factor code of a demo login")
    code.add_argument("name", nargs="?", default="demo.admin", help="whose (default: demo.admin)")
    code.set_defaults(command=_code)
    staff = commands.add_parser("staff", help="run a staff command, such as make_report day=2026-07-31")
    staff.add_argument("name", help="the command")
    staff.add_argument("facts", nargs="*", help="what it is about, as name=value")
    staff.set_defaults(command=_staff)
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> int:
    _heed_signals()
    from local.run import run

    run(arguments.home)


def _deploy(arguments: argparse.Namespace) -> int:
    _heed_signals()
    from local.deployed import run

    run(arguments.home)
    return 0


def _heed_signals() -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)


def _interrupt(*_: Any) -> None:
    """End, once: a second Ctrl-C must not interrupt the saving."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def _tick(arguments: argparse.Namespace) -> int:
    from local.asking import tick

    print(tick(arguments.home, arguments.name, arguments.at))
    return 0


def _staff(arguments: argparse.Namespace) -> int:
    from local.asking import staff

    print(staff(arguments.home, arguments.name, arguments.facts))
    return 0


def _code(arguments: argparse.Namespace) -> int:
    from local.logins import Logins

    print(Logins.load(arguments.home).next_code(arguments.home, name=arguments.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
