"""Code files and copies of them."""

from unittest.mock import patch

from chalicelib import answers
from tests.cast import Cast
from tests.codes.steps import seeded as seeded_codes
from tests.identity.steps import later
from tests.tour.requests import Tour
from tests.uploads.steps import posted


def keep_codes(tour: Tour, cast: Cast) -> None:
    """Add codes, find them, edit and delete them, and take a file out."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/codes"
    long = "Type 2 diabetes mellitus with mild nonproliferative retinopathy without macular edema, right eye"
    tour.go("POST", f"{path}/diagnosis", {"code": "E11.3291", "description": long}, token, status=201)
    tour.go("GET", f"{path}/diagnosis?q=retino&limit=1", token=token)
    with later(minutes=6):  # the session's last use is noted
        tour.go("GET", f"{path}/diagnosis/E113291", token=token)
    tour.go("PATCH", f"{path}/diagnosis/E11.3291", {"description": "Diabetes"}, token, version=1)
    tour.go("DELETE", f"{path}/diagnosis/E11.3291", token=token, status=204)
    tour.go("POST", f"{path}/payers", {"code": "60054", "name": "Health Plan", "type": "other"}, token, status=201)
    tour.go("GET", f"{path}.csv?file=payers", token=token)
    with patch.object(answers, "MOST_ANSWERED", 10):  # so that it is given out by S3
        tour.go("GET", f"{path}.csv?file=payers", token=token, status=303)


def import_codes(tour: Tour, cast: Cast) -> None:
    """Import codes from a file, after a dry run."""
    token, path = cast.site_admin.token, f"/providers/{cast.provider_id}/code-imports"
    upload = tour.go("POST", path, token=token, status=201)
    assert posted(upload["upload"], b"code,description\nI10,Hypertension\n") == 204
    tour.go("POST", f"{path}/{upload['id']}", {"file": "diagnosis", "dry_run": True}, token, keyed=False)
    tour.go("POST", f"{path}/{upload['id']}", {"file": "diagnosis"}, token, status=202)
    tour.tick("continue_code_copies")


def copy_codes(tour: Tour, cast: Cast) -> None:
    """Copy codes to another practice, more than a request does, and undo it."""
    token = cast.master.token
    body = {"from": cast.provider_id, "to": cast.their_provider_id, "entries": {"payers": seeded_codes(cast, 40)}}
    tour.go("POST", "/code-copies/preview", body, token)
    copy = tour.go("POST", "/code-copies", body, token, status=202)
    tour.tick("continue_code_copies")
    tour.go("GET", f"/code-copies/{copy['id']}", token=token)
    tour.go("POST", f"/code-copies/{copy['id']}/undo", token=token, status=202)
    with later(seconds=31):
        tour.tick("continue_code_copies")
