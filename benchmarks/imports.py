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

Connection().client
"""


def starts(python: str, unpacked: Path) -> dict[str, float]:
    """What each start costs beyond an empty Python's; the functions' by their names, with a DynamoDB client built
    where the function builds it at its start, as the bare one with PynamoDB does."""
    environment = {**STAND_INS, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    empty = meter.imported(python, "pass", environment)
    costs = {
        CHALICE: meter.imported(python, _CHALICE, environment),
        CHALICE_AND_PYNAMODB: meter.imported(python, _CHALICE + _PYNAMODB, environment),
    }
    rooms: dict[str, float] = {}
    for name, function in FUNCTIONS.items():
        if function.room not in rooms:
            rooms[function.room] = meter.imported(python, "import app", {**environment, "ROOM": function.room})
        costs[name] = rooms[function.room]
    return {name: cost - empty for name, cost in costs.items()}
