"""The warning before what looks like patient data is sent."""

from chalicelib.support import patient_data, rules


def require_confirmed(confirmed: bool, **texts: str) -> None:
    """Raises PatientDataFound, naming where and of what kind, unless whoever sends it says that it is to stay. The
    answer repeats nothing of what was found."""
    findings = {name: sorted({each.kind for each in patient_data.find(text)}) for name, text in texts.items()}
    if not confirmed and any(findings.values()):
        raise rules.PatientDataFound(
            "Take it out, or send it again with contains_patient_data true. Support need no patient's name or number.",
            findings=[{"field": name, "kinds": kinds} for name, kinds in findings.items() if kinds],
        )
