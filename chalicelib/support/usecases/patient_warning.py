"""The warning before what looks like patient data is sent; of a call for help that can't wait, the word afterwards."""

import msgspec

from chalicelib.support import patient_data, rules
from chalicelib.support.model import PatientDataIn


def found_in(**texts: str) -> list[PatientDataIn]:
    """Where there is what looks like patient data, and of what kind. It repeats nothing of what was found."""
    findings: dict[str, list[str]] = {
        name: sorted({each.kind for each in patient_data.find(text)}) for name, text in texts.items()
    }
    return [PatientDataIn(name, kinds) for name, kinds in findings.items() if kinds]


def require_confirmed(confirmed: bool, **texts: str) -> None:
    """Raises PatientDataFound, naming where and of what kind, unless whoever sends it says that it is to stay."""
    found = found_in(**texts)
    if found and not confirmed:
        raise rules.PatientDataFound(
            "Take it out, or send it again with contains_patient_data true. Support need no patient's name or number.",
            findings=msgspec.to_builtins(found),
        )
