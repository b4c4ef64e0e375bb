"""Shared by the tests of how an account ends: requests, accounts with patients, and what must hold afterwards."""

from datetime import UTC, datetime
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.providers.tables import CaseloadRow
from tests.api import Api
from tests.cast import Cast

DAY = "2026-07-06"
DAY_BEGINS = datetime(2026, 7, 6, 5, 0, tzinfo=UTC)  # midnight in Chicago


def deactivated(api: Api, cast: Cast, provider_id: str, **body: Any) -> HTTPResponse:
    """The answer to a confirmed deactivation."""
    return api.post(f"/providers/{provider_id}/deactivation", {"confirm": True, **body}, cast.site_admin.token)


def shown(api: Api, cast: Cast, provider_id: str) -> dict[str, Any]:
    """The account as it is."""
    return dict(api.get(f"/providers/{provider_id}", cast.site_admin.token).json_body)


def with_patients(cast: Cast, provider_id: str, patients: int) -> None:
    """Let an account have so many patients, by its count alone."""
    CaseloadRow.key(cast.site_admin.practice_id, provider_id).row().update(actions=[CaseloadRow.patients.set(patients)])
