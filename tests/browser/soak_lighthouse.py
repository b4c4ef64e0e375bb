"""Lighthouse's marks, on an imitated telephone: `make lighthouse` installs it and runs this."""

import json
import os
import shutil
import subprocess
from typing import Any

import pytest

from tests.browser.conftest import ON_PATH
from tests.e2e.running import PROJECT, Running

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
PROGRAM = PROJECT / ".local" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
_SECONDS = 180


def scores(url: str, token: str) -> dict[str, int]:
    """Of a hundred, by category."""
    arguments = ["--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    headers = ["--extra-headers", json.dumps({"Cookie": f"__Host-session={token}"})] if token else []
    chrome = next(found for name in reversed(ON_PATH) if (found := shutil.which(name)))
    answer = subprocess.run(
        [str(PROGRAM), url, *arguments, *headers, "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"],
        env=os.environ | {"CHROME_PATH": chrome},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    report: dict[str, Any] = json.loads(answer.stdout)
    assert report["finalDisplayedUrl"] == url, "it was led elsewhere"
    return {name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES}


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/licenses", "/console/providers"])
def test_lighthouse_gives_good_marks(system: Running, demo_token: str, path: str) -> None:
    given = scores(system.url + path, "" if path.endswith("sign-in") else demo_token)
    print(path, given)  # noqa: T201  # for who runs it
    assert min(given.values()) >= LEAST, given
