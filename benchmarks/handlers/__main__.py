"""`python -m benchmarks.handlers SHELL SCENES`: the scenes' requests, warm, each as a phase."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.handlers.replay import Replay
from benchmarks.phases import TIMES, phase
from chalicelib import clock


class _Context:
    """As much of Lambda's context as the ways need."""

    function_name = "benchmark"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:benchmark"
    aws_request_id = "1f0c2a4e-7c55-4d2c-9a59-0c1d2e3f4a5b"


def main(shell: str, scenes: Path) -> None:
    """Each request must be answered as recorded, with the AWS calls that were recorded."""
    from benchmarks.handlers.shells import SHELLS

    described: dict[str, Any] = json.loads(scenes.read_text())
    network = Replay()
    with clock.frozen(datetime.fromisoformat(described["now"])):
        handle = SHELLS[shell]()
        phase("nothing", TIMES, lambda: None)
        for name, scene in described["scenes"].items():
            network.answers, event = scene["answers"], scene["event"]
            for _ in range(2):
                network.sent.clear()
                answer = handle(event, _Context())
                if (answer["statusCode"], network.sent) != (scene["status"], scene["calls"]):
                    sys.exit(f"{shell} answers {name} with {answer} after {network.sent}")
            phase(name, TIMES, lambda event=event: handle(event, _Context()))  # type: ignore[misc]  # a default binds the event


main(sys.argv[1], Path(sys.argv[2]))
