"""`.chalice/`: Chalice's configuration and the functions' policies, written from `deploy/functions.py`."""

import json
from pathlib import Path
from typing import Any

from deploy import names
from deploy.functions import FUNCTIONS, Function
from deploy.policies import policy

DIRECTORY = Path(__file__).parent.parent / ".chalice"


def files() -> dict[str, str]:
    """The text of each generated file, by name."""
    contents: dict[str, Any] = {"config.json": _config()}
    contents |= {_policy_file(name): policy(name, function.access) for name, function in FUNCTIONS.items()}
    return {name: json.dumps(content, indent=2) + "\n" for name, content in contents.items()}


def write(directory: Path = DIRECTORY) -> None:
    """Write them; policies of functions that are gone are removed."""
    directory.mkdir(exist_ok=True)
    for old in directory.glob("policy-*.json"):
        old.unlink()
    for name, text in files().items():
        (directory / name).write_text(text, encoding="utf-8")


def _config() -> dict[str, Any]:
    return {
        "version": "2.0",
        "app_name": names.APP,
        "autogen_policy": False,
        # Customers are in one country: an edge-optimized API would only add a CloudFront that can't be configured.
        "api_gateway_endpoint_type": "REGIONAL",
        "stages": {
            names.STAGE: {
                "api_gateway_stage": names.API_STAGE,
                "lambda_functions": {name: _function(name, function) for name, function in FUNCTIONS.items()},
            }
        },
    }


def _function(name: str, function: Function) -> dict[str, Any]:
    return {
        "iam_policy_file": _policy_file(name),
        "lambda_memory_size": function.memory,
        "lambda_timeout": function.timeout,
        # ROOM stands in the overlay: Chalice loads the app under the variables of `api_handler`, and it must see
        # the routes of all rooms.
    }


def _policy_file(name: str) -> str:
    return f"policy-{name}.json"
