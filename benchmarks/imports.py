"""What a function's start costs, from the packaged zip with its bytecode, beside what it stands on."""

from pathlib import Path

from benchmarks import meter
from deploy.functions import FUNCTIONS
from deploy.settings import STAND_INS

CHALICE = "bare Chalice"
CHALICE_AND_PYNAMODB = "Chalice + PynamoDB"
_CHALICE = "from chalice.app import Chalice\napp = Chalice(app_name='bare')"
_PYNAMODB = """
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.models import Model

class Row(Model):
    class Meta:
        table_name = 'rows'
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
"""
_CLIENT = "Connection().client\n"
_NO_CLIENT = """
from types import SimpleNamespace
import chalicelib.dynamo
chalicelib.dynamo.connection = lambda: SimpleNamespace(client=None)
import app
"""


def starts(python: str, unpacked: Path) -> dict[str, float]:
    """What each start costs beyond an empty Python's; the functions' by their names, with a DynamoDB client built
    where the function builds it at its start, as the bare one with PynamoDB does."""
    environment = {**STAND_INS, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    empty = meter.imported(python, "pass", environment)
    costs = {
        CHALICE: meter.imported(python, _CHALICE, environment),
        CHALICE_AND_PYNAMODB: meter.imported(python, _CHALICE + _PYNAMODB + _CLIENT, environment),
    }
    rooms: dict[str, float] = {}
    for name, function in FUNCTIONS.items():
        if function.room not in rooms:
            rooms[function.room] = meter.imported(python, "import app", {**environment, "ROOM": function.room})
        costs[name] = rooms[function.room]
    return {name: cost - empty for name, cost in costs.items()}


def import_alone(python: str, unpacked: Path, room: str) -> float:
    """What a room's import costs to that of Chalice + PynamoDB, where neither builds a client."""
    environment = {**STAND_INS, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    empty = meter.imported(python, "pass", environment)
    ours = meter.imported(python, _NO_CLIENT, {**environment, "ROOM": room})
    return (ours - empty) / (meter.imported(python, _CHALICE + _PYNAMODB, environment) - empty)


_BOTO3 = "import boto3\nboto3.client('dynamodb')\n"
_OTHERS = {
    "boto3 by hand": _BOTO3,
    "Powertools' resolver": _BOTO3 + "from aws_lambda_powertools.event_handler import APIGatewayRestResolver as R; R()",
    "FastAPI + Mangum": _BOTO3 + "from fastapi import FastAPI\nfrom mangum import Mangum\nMangum(FastAPI())",
}


def others(python: Path) -> dict[str, float]:
    """The same of what could have been chosen instead, from the environment of `python`, bytecode too."""
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    if not any(packages.glob("fastapi/**/*.pyc")):
        raise RuntimeError(f"nothing in {packages} is compiled, which would be unfair")
    environment = {**STAND_INS, "PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"}
    empty = meter.imported(str(python), "pass", environment)
    return {name: meter.imported(str(python), code, environment) - empty for name, code in _OTHERS.items()}
