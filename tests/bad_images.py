"""Bad requests about profile images and uploads; bad files stand in `tests/uploads`. `test_bad_input.py` sends them."""

from collections.abc import Iterator

from tests.bad_requests import Bad
from tests.bad_values import IDS


def images() -> Iterator[Bad]:
    """Accounts of others, of nobody, without an image; facts that are not the caller's to tell."""
    for method in ("GET", "POST", "DELETE"):
        for id_ in ("$their_provider", *IDS):
            yield Bad(f"id {id_[:30]}", f"{method} /providers/{id_}/image", 404, "not_found")
        refused = (404, "not_found") if method == "GET" else (403, "role_required")
        yield Bad("a plain user", f"{method} /providers/$our_provider/image", *refused, who="plain_user")
    for method in ("GET", "DELETE"):
        yield Bad("no image", f"{method} /providers/$our_provider/image", 404, "no_image")
    for field in ("key", "content_type", "file"):
        yield Bad(field, "POST /providers/$our_provider/image", 422, "invalid_value", field, {field: "x"})


def uploads() -> Iterator[Bad]:
    """Uploads that there are not."""
    for id_ in ("upl_", "..%2Fquarantine%2Fx", "$our_provider", *IDS):
        yield Bad(f"id {id_[:30]}", f"POST /uploads/{id_}/complete", 404, "not_found", body={})
    yield Bad("a purpose", "POST /uploads/upl_1/complete", 422, "invalid_value", "purpose", {"purpose": "x"})


AREAS = (images, uploads)
