"""The console, deployed: under the bare stage address, where the stage stands before every path."""

import re

import pytest

from tests.deployed.system import Deployed
from tests.e2e.running import send

pytestmark = pytest.mark.usefixtures("started")


def test_the_console_opens_under_the_stage_with_all_its_files(deployed: Deployed) -> None:
    denied = deployed.denials()
    page = send(deployed.url, "GET", "/console/sign-in", None, {})
    assert page.status == 200, page
    places = sorted(set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page.body)))
    files = [place for place in places if "/console/assets/" in place]
    assert len(files) == 5
    assert len({place.partition("/console")[0] for place in places}) == 1
    for place in files:
        answer = send(deployed.url, "GET", "/console" + place.partition("/console")[2], None, {})
        assert answer.status == 200, place
        assert "immutable" in answer.headers["Cache-Control"]
    assert deployed.denials() == denied
