"""The providers' pages of the second book."""

from typing import Any

from tests.simulation.audit import Facts, value
from tests.simulation.laboratory import parsed


def shown(pk: str, sk: str, row: dict[str, Any]) -> Facts:
    """What a row shows of provider accounts: how many there are, and how often they were changed."""
    kind, _, name = sk.partition("#")
    if kind in ("provider", "roster", "caseload"):
        yield (kind, pk.partition("#")[0]), 1
    if kind in ("provider", "configuration"):
        yield (f"{kind} version", pk), row["version"]
    if kind == "deactivation":
        yield ("deactivation", pk, name), 1
    if kind == "schedule":
        yield ("schedule", pk, name, parsed(row["schedule"])["date"]), 1
    if kind == "zone":
        yield ("zone change", pk), 1
    if kind == "patient":
        practice_id, _, provider_id = pk.partition("#")
        yield ("patient", practice_id, provider_id), 1
    if kind == "reassignment":
        yield ("reassignment", pk, name, row["status"]), 1
        yield ("moved", pk, name), row["moved"]
        yield ("called off", pk, name), int("called_off" in row)


def _created(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("ledger", pk, "claim", subject), 1
    for kind in ("provider", "provider version", "caseload", "claim", "roster", "account"):
        yield (kind, pk), 1


def _edited(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    after = parsed(row["after"])
    yield ("provider version", pk), 1
    yield ("roster", pk), int("credential" in after)
    yield ("ledger", pk, "type_change", subject), int("license_type" in after)


def _registered(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("patient", pk, value(row, "provider_id")), 1


def _deactivated(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    after = parsed(row["after"])
    yield from _turned(pk, subject)
    yield ("ledger", pk, "trial_end" if after["license"] == "ended" else "release", subject), 1
    yield ("claim", pk), -1
    yield ("deactivation", pk, subject), 1
    yield from _planned(pk, subject, row["before"], -1)


def _active_again(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield from _turned(pk, subject)
    yield ("ledger", pk, "claim", subject), 1
    yield ("claim", pk), 1
    yield ("deactivation", pk, subject), -1


def _turned(pk: str, subject: str) -> Facts:
    yield ("provider version", pk), 1
    yield ("roster", pk), 1


def _scheduled(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("provider version", pk), 1
    yield from _planned(pk, subject, row["before"], -1)
    yield from _planned(pk, subject, row["after"], 1)


def _planned(pk: str, subject: str, facts: str, count: int) -> Facts:
    planned = parsed(facts)
    if "date" in planned:
        yield ("schedule", pk, subject, planned["date"]), count


def _started(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    yield ("reassignment", pk, subject, "running"), 1


def _moved(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    before, after = parsed(row["before"]), parsed(row["after"])
    count = len(after["patient_ids"])
    yield ("patient", pk, after["source"]), -count
    yield ("patient", pk, after["to"]), count
    yield ("moved", pk, subject), after["moved"] - before["moved"]
    yield from _becomes(pk, subject, after["status"])


def _becomes(pk: str, subject: str, status: str) -> Facts:
    yield ("reassignment", pk, subject, "running"), -1
    yield ("reassignment", pk, subject, status), 1


def _removed(pk: str, subject: str, row: dict[str, Any]) -> Facts:
    gone = parsed(row["before"])
    yield ("patient", pk, subject), -len(gone.get("patient_ids", ()))
    for file, codes in gone.get("codes", {}).items():
        for code in codes:
            yield ("code", f"{pk}#{subject}", f"{file}#{code}"), -1
    if "version" in gone:
        yield ("provider version", pk), -gone["version"]
        yield ("deactivation", pk, subject), -1
        for kind in ("provider", "caseload", "account"):
            yield (kind, pk), -1
        for username in gone["usernames"]:
            yield (f"grant#{subject}", f"username#{username}"), -1


TOLD = {
    "trial.data_removed": _removed,
    "provider.created": _created,
    "provider.edited": _edited,
    "reassignment.started": _started,
    "reassignment.moved": _moved,
    "reassignment.stopped": lambda pk, subject, row: _becomes(pk, subject, "stopped"),
    "reassignment.called_off": lambda pk, subject, row: [(("called off", pk, subject), 1)],
    "patient.registered": _registered,
    "provider.deactivated": _deactivated,
    "provider.reactivated": _active_again,
    "provider.deactivation_undone": _active_again,
    "provider.deactivation_scheduled": _scheduled,
    "provider.deactivation_cancelled": _scheduled,
    "provider.deactivation_moved": lambda pk, subject, row: [],
    "practice.time_zone_followed": lambda pk, subject, row: [(("zone change", pk), -1)],
    "provider.configured": lambda pk, subject, row: [(("configuration version", pk), 1)],
}
