"""The environment in which the code can be loaded without being deployed, for reading its declarations."""

import os
from pathlib import Path

from chalicelib.config import SETTINGS

BUILD = Path(__file__).parents[1] / "build"
"""Where the package is made."""

STAND_INS = {
    # Everything the code needs to start; no function is among the values, so the code loads all rooms.
    **{name: "-" for name, setting in SETTINGS.items() if setting.default is None},
    "ROOM": "",
    # Chalice and the clients want a region and credentials. Neither leaves this machine or enters the template.
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "-",
    "AWS_SECRET_ACCESS_KEY": "-",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def environment() -> dict[str, str]:
    """This process's environment with the stand-ins, and without a choice of AWS account."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | STAND_INS
