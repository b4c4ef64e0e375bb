"""Who works at the demo practice, and who its patients are: made up, and the same each time."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any, NamedTuple

from chalicelib.providers.npi import npi_error
from chalicelib.providers.patient_model import Patient

PATIENTS = 2000


class Clinician(NamedTuple):
    """A provider account to be opened; `share`: its part of the patients."""

    first_name: str
    last_name: str
    credential: str
    share: int
    billing_role: str = "provider"
    access_type: str = "full"


CLINICIANS = [
    Clinician("Amara", "Okafor", "MD", 6),
    Clinician("Benjamin", "Stein", "DO", 5),
    Clinician("Chloé", "Dubois", "NP", 4),
    Clinician("Daniel", "O'Brien", "PA", 4, access_type="part_time"),
    Clinician("Elena", "Petrova", "MD", 5),
    Clinician("Farid", "Haddad", "CRNA", 2),
    Clinician("Gabriela", "Núñez", "MD", 6),
    Clinician("Hiroshi", "Tanaka", "DO", 3),
    Clinician("Ingrid", "Sørensen", "NP", 4),
    Clinician("Jamal", "Washington", "MD", 5),
    Clinician("Katarzyna", "Wójcik", "PA", 3),
    Clinician("Liam", "Murphy", "MD", 4),
    Clinician("Mei", "Chen", "MD", 6),
    Clinician("Noah", "Goldberg", "NP", 2, billing_role="assistant", access_type="part_time"),
    Clinician("Olivia", "Johnson", "MD", 5),
    Clinician("Priya", "Raman", "DO", 4),
    Clinician("Quentin", "Blake", "CRNA", 1),
    Clinician("Rosa", "Marquez-Garcia", "PA", 3),
    Clinician("Samuel", "Adeyemi", "MD", 5),
    Clinician("Tara", "Singh", "NP", 4),
    Clinician("Umar", "Farooq", "MD", 3),
    Clinician("Valentina", "Rossi", "PA", 2, billing_role="technician"),
    Clinician("William", "Johnston", "DO", 4),
    Clinician("Xin", "Zhao", "MD", 3),
    Clinician("Yusuf", "Demir", "NP", 2, access_type="administrator"),
    Clinician("Zoë", "Smith-Jones", "MD", 4),
    Clinician("Arthur", "Pennington", "MD", 2),
    Clinician("Beatrice", "Lindqvist", "PA", 2),
    Clinician("Calvin", "Brooks", "NP", 1),
]
LEAVES_TOMORROW, SUCCESSOR, HAS_LEFT = "Arthur Pennington", "Olivia Johnson", "Calvin Brooks"
"""Whose account ends tomorrow, who takes the patients then; and who left some behind."""

_FIRST = re.findall(
    r"\w+",
    """
    Aaron Abigail Alice Andre Anna Antonio Brian Carla Carol Charles Claire David Deborah Diego Edith Emma Eric Fatima
    Frank Grace Hannah Henry Ida Isaac Jacob Jane Jorge Julia Karen Keiko Laura Leo Lucia Marcus Maria Martin Nadia
    Nina Oscar Paula Peter Rachel Ravi Robert Ruth Sara Simon Sofia Theo Vera Victor Wanda Yara
    """,
)
_LAST = re.findall(
    r"\w+",
    """
    Abbott Alvarez Baker Bauer Bell Bennett Brown Campbell Castillo Clark Cohen Cruz Davis Diaz Edwards Evans Fischer
    Foster Garcia Gibson Green Hall Harris Hayes Hughes Ito Jackson Jensen Jones Kaplan Kelly Kim King Larsen Lee Lewis
    Lopez Mason Miller Mitchell Moore Morgan Nguyen Novak Owens Parker Patel Perez Price Reed Rivera Roberts Ross Ryan
    Sanders Schmidt Scott Silva Stewart Taylor Thomas Torres Turner Vargas Walker Ward Watson White Wilson Wood Young
    """,
)
_STATUSES = ("not_enrolled", "not_enrolled", "eligible", "enrolled", "not_enrolled")


def body(number: int, clinician: Clinician) -> dict[str, Any]:
    """What opens the account of the clinician with this number."""
    stem = f"1{500_000_000 + 7919 * number:09}"[:9]
    npi = next(stem + digit for digit in "0123456789" if npi_error(stem + digit) is None)
    fields = clinician._asdict()
    del fields["share"]
    return fields | {"email": f"clinician{number:02}@elm-street.example", "npi": npi}


def patients(accounts: dict[str, int]) -> Iterator[Patient]:
    """The patients of the accounts, each with its share of them."""
    places = cycle([account for account, share in accounts.items() for _ in range(share)])
    for number, account in zip(range(PATIENTS), places, strict=False):
        yield Patient(
            id=f"pat_demo{number:022}",
            provider_id=account,
            first_name=_FIRST[number % len(_FIRST)],
            last_name=_LAST[number * 31 % len(_LAST)],
            rtm_status=_STATUSES[number % len(_STATUSES)],  # type: ignore[arg-type]  # one of its words
            date_of_birth=date(1935, 1, 1) + timedelta(days=number * 7919 % 31_000),
            mrn=f"ES-{100_000 + number}",
        )
