"""The figures of a deployment, as a text for the terminal and for the document that keeps them."""

import platform
from pathlib import Path

from deploy.functions import FUNCTIONS
from tests.deployed.system import Deployed, Latency


def table(deployed: Deployed, build: Path, latencies: dict[str, Latency]) -> str:
    """What was deployed, and how long each function took."""
    cloudformation = deployed.target.client("cloudformation")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=deployed.stage.stack.name)
    kinds = [each["ResourceType"] for page in pages for each in page["StackResourceSummaries"]]
    sizes = {name: (build / name).stat().st_size for name in ("deployment.zip", "sam.json")}
    lines = [
        f"Deployed: {kinds.count('AWS::Lambda::Function')} functions under {kinds.count('AWS::IAM::Role')} roles, "
        f"{len(kinds)} resources; zip {sizes['deployment.zip'] / 1e6:.1f} MB, "
        f"template {sizes['sam.json'] / 1e3:.0f} kB.",
        "",
        "| function | memory MB | cold ms | warm ms | cold / warm |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, (cold, warm) in latencies.items():
        milliseconds = f"{cold * 1000:.0f} | {warm * 1000:.0f}"
        lines.append(f"| {name} | {FUNCTIONS[name].memory} | {milliseconds} | {cold / warm:.0f} |")
    return "\n".join(lines)


def document(text: str) -> str:
    """The whole document."""
    python = platform.python_version()
    return f"""# Deployment figures

Written by `make e2e FIGURES=docs/deployment.md`: the package on the local engine (Python {python}), which enforces IAM
but not memory sizes. Cold is the first request to a function, with unpacking and starting; warm the median of fifteen
more, API Gateway included. Compare them with each other, not with AWS.

{text}
"""
