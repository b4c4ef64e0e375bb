"""Uploads of profile images: begun, completed, replaced, removed, forgotten."""

from datetime import timedelta

from chalicelib.uploads.tables import DISCARD
from tests.simulation.operation import event, request

_BEGIN, _COMPLETE = "POST /providers/{provider_id}/image", "POST /uploads/{upload_id}/complete"
_CHANGED = "provider.image_changed"

request("begin upload", _BEGIN, parameter=lambda stage: stage.provider_id, actor="ada", changes="upload.started")
request("they begin upload for ours", _BEGIN, parameter=lambda stage: stage.provider_id, actor="eve")
request(
    "complete upload",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["first"],
    actor="ada",
    keyed=True,
    changes=_CHANGED,
)
request(
    "complete another upload",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["second"],
    actor="ada",
    quiet=True,
    changes=_CHANGED,
)
request(
    "replace image",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["new"],
    actor="ada",
    quiet=True,
    changes=_CHANGED,
)
request("they complete ours", _COMPLETE, parameter=lambda stage: stage.uploads["first"], actor="eve")
request(
    "complete what is given up",
    _COMPLETE,
    parameter=lambda stage: stage.uploads["lost"],
    actor="ada",
    quiet=True,
)
request("cleo completes ada's", _COMPLETE, parameter=lambda stage: stage.uploads["attachment"], actor="cleo")
request(
    "remove image",
    "DELETE /providers/{provider_id}/image",
    parameter=lambda stage: stage.cast.provider_id,
    actor="ada",
    quiet=True,
    changes=_CHANGED,
)
# Two hours later nobody has completed what is under way.
event("discard", "sweep_expired", ahead=timedelta(hours=2), waiting=DISCARD)
