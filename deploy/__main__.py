"""`python -m deploy generate` writes the files that are made from the code; `package` what CloudFormation needs."""

import argparse
import os
import sys

from deploy import settings


def main() -> int:
    """Run one of the commands; 1 when it failed."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("command", choices=("generate", "package"))
    command = parser.parse_args().command
    # The declarations are in modules that read their settings when they are loaded.
    environment = settings.environment()
    os.environ.clear()
    os.environ.update(environment)
    return generate() if command == "generate" else package()


def generate() -> int:
    """Write `.chalice/` and the OpenAPI document."""
    from deploy import chalice_files, openapi

    chalice_files.write()
    openapi.write()
    return 0


def package() -> int:
    """Write `build/`."""
    from deploy.package import PROJECT, PackagingError
    from deploy.package import package as write

    try:
        write(PROJECT / "build")
    except PackagingError as error:
        print(error, file=sys.stderr)
        return 1
    for name in ("sam.json", "deployment.zip"):
        print(f"build/{name} {(PROJECT / 'build' / name).stat().st_size:>10} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
