"""Steps that tests of code files take."""

from typing import Any

from chalicelib.codes.model import Payer
from chalicelib.codes.tables import EntryRow, FindingRow, place
from tests.api import Api
from tests.cast import Cast, Person

DIABETES = {"code": "E11.9", "description": "Type 2 diabetes mellitus without complications"}
VACCINE = {"code": "G0008", "description": "Administration of influenza virus vaccine", "fee_cents": 3200}
PAYER = {"code": "60054", "name": "Blue Ridge Health Plan", "type": "commercial"}
EXAMPLES: dict[str, dict[str, Any]] = {"diagnosis": DIABETES, "billing": VACCINE, "payers": PAYER}


def path(cast: Cast, file: str, code: str = "", provider_id: str = "") -> str:
    """The path of a file of our account or another, or of an entry there."""
    entry = f"/{code}" if code else ""
    return f"/providers/{provider_id or cast.provider_id}/codes/{file}{entry}"


def added(api: Api, cast: Cast, file: str, entry: dict[str, Any], who: Person | None = None, **place: str) -> Any:
    """An entry that was added, as it was answered."""
    answer = api.post(path(cast, file, **place), entry, (who or cast.site_admin).token)
    assert answer.status_code == 201, answer.body
    return answer.json_body


def seeded(cast: Cast, count: int) -> list[str]:
    """So many payers in our account's file, written straight into the table."""
    pk = place(cast.site_admin.practice_id, cast.provider_id)
    payers = [Payer(f"P{number:04}", f"Plan P{number:04}", "other") for number in range(count)]
    with EntryRow.batch_write() as batch:
        for payer in payers:
            batch.save(EntryRow.new(pk, payer, None))
    with FindingRow.batch_write() as findings_batch:
        for payer in payers:
            for row in FindingRow.all_of(pk, payer).values():
                findings_batch.save(row)
    return [payer.code for payer in payers]


def codes(api: Api, cast: Cast, file: str, q: str = "", **place: str) -> list[str]:
    """The codes of a file, or those that a search finds, in their order."""
    query = f"?limit=100&q={q}"
    return [
        each["code"] for each in api.get(path(cast, file, **place) + query, cast.site_admin.token).json_body["items"]
    ]


def findings() -> set[tuple[str, str]]:
    """Every place where an entry is found: partition and sort key."""
    return {(row.pk, row.sk) for row in FindingRow.scan(FindingRow.sk.startswith("word#"))}


def findings_of_entries() -> set[tuple[str, str]]:
    """Every place where one should be."""
    rows = EntryRow.scan(EntryRow.sk.startswith("code#"))
    return {(key.pk, key.sk) for row in rows for key in FindingRow.all_of(row.pk, row.as_entry())}
