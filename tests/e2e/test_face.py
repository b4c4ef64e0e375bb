"""A profile image on the local system: its engine takes the form, and its server the call to `check_image`."""

from tests.e2e.pictures import shows_a_face
from tests.e2e.running import Person, Running


def test_an_account_gets_a_face_and_loses_it(system: Running) -> None:
    ada = Person(system, "ada")
    ada.sign_up()
    ada.sign_in()
    ada.enrol()
    shows_a_face(ada)


def test_the_function_that_checks_images_is_no_route_for_pages(system: Running) -> None:
    path = "/_local/lambda/2015-03-31/functions/check_image/invocations"
    answer = system.call("POST", path, {"source": "x", "image": "y", "thumbnail": "z"})
    assert answer.status == 403
