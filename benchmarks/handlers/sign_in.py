"""`python -m benchmarks.handlers.sign_in SCENES`: a warm sign-in and its password check alone, by turns."""

import json
import sys
from datetime import datetime
from pathlib import Path

from benchmarks.handlers.replay import Replay
from benchmarks.phases import phase
from chalicelib import clock

ROUNDS = 15


def main(scenes: Path) -> None:
    """Phases "sign-in" and "argon2", ROUNDS times."""
    from app import app
    from chalicelib.identity import passwords

    described = json.loads(scenes.read_text())
    scene, network = described["scenes"]["POST /sessions"], Replay()
    network.answers = scene["answers"]
    items = json.loads(scene["answers"]["BatchGetItem"])["Responses"]["identity"]
    (stored,) = [item["password_hash"]["S"] for item in items if item["sk"]["S"] == "username"]
    password = json.loads(scene["event"]["body"])["password"]
    with clock.frozen(datetime.fromisoformat(described["now"])):
        for number in range(ROUNDS + 1):
            answer = app(scene["event"], None)
            if answer["statusCode"] != 201:
                sys.exit(str(answer))
            if number:  # the first one is not warm
                phase("sign-in", 1, lambda: app(scene["event"], None))
                phase("argon2", 1, lambda: passwords.verify(stored, password))


main(Path(sys.argv[1]))
