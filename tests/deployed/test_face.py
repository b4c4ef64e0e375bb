"""A profile image, deployed: three functions and S3, each under its own role."""

import pytest

from tests.deployed.system import Deployed
from tests.deployed.test_way_through import troubles_of
from tests.e2e.pictures import shows_a_face
from tests.e2e.running import Person

pytestmark = pytest.mark.usefixtures("started")


def test_an_account_gets_a_face_and_loses_it(deployed: Deployed) -> None:
    denied, troubles = deployed.denials(), troubles_of(deployed)
    grace = Person(deployed, "grace")
    grace.sign_up()
    grace.sign_in()
    grace.enrol()
    shows_a_face(grace)
    assert deployed.invoke("sweep_expired")["failed"] == 0
    assert deployed.denials() == denied
    assert troubles_of(deployed) == troubles
