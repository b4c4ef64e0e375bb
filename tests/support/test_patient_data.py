"""What is taken for patient data in a text, and what is not."""

import time
from itertools import pairwise

import pytest

from chalicelib.support.patient_data import find

FOUND = [
    # Social security numbers
    ("Her SSN is 123-45-6789.", "ssn", "123-45-6789"),
    ("ssn 123456789", "ssn", "123456789"),
    ("SSN#123-45-6789", "ssn", "123-45-6789"),
    ("SSN-123-45-6789 is wrong", "ssn", "123-45-6789"),
    ("Social Security Number: 123 45 6789", "ssn", "123 45 6789"),
    ("social 219.09.9999", "ssn", "219.09.9999"),
    ("the number 899-99-9999 shows twice", "ssn", "899-99-9999"),
    ("it prints 001-01-0001 on the sheet", "ssn", "001-01-0001"),
    ("123–45–6789 on the statement", "ssn", "123–45–6789"),
    ("patient Ann Lee (123-45-6789)", "ssn", "123-45-6789"),
    ("Ann Lee, 123456789, cannot be saved", "ssn", "123456789"),
    ("١٢٣-٤٥-٦٧٨٩", "ssn", "١٢٣-٤٥-٦٧٨٩"),
    ("123-45-6789", "ssn", "123-45-6789"),
    # Medical record numbers
    ("MRN 00451288 is on the wrong provider", "mrn", "00451288"),
    ("mrn: 445-1288", "mrn", "445-1288"),
    ("MRN#A1002", "mrn", "A1002"),
    ("MRN=77120", "mrn", "77120"),
    ("MRN number is 512883", "mrn", "512883"),
    ("medical record number 512883", "mrn", "512883"),
    ("Medical Record No. MR-512883", "mrn", "MR-512883"),
    ("MR# 512883", "mrn", "512883"),
    ("chart #99120", "mrn", "99120"),
    ("patient ID 445566", "mrn", "445566"),
    ("MRN 004 512 883", "mrn", "004 512 883"),
    ("MRN 123456789", "mrn", "123456789"),
    # Dates of birth
    ("DOB 04/12/1961", "date_of_birth", "04/12/1961"),
    ("D.O.B.: 4-12-61", "date_of_birth", "4-12-61"),
    ("date of birth is 1961-04-12", "date_of_birth", "1961-04-12"),
    ("Date of Birth (4.12.1961)", "date_of_birth", "4.12.1961"),
    ("birthdate 12 April 1961", "date_of_birth", "12 April 1961"),
    ("birthday: Apr 12, 1961", "date_of_birth", "Apr 12, 1961"),
    ("She was born on April 12th, 1961", "date_of_birth", "April 12th, 1961"),
    ("born ſep 4 1961", "date_of_birth", "ſep 4 1961"),
    ("born 31/12/1999", "date_of_birth", "31/12/1999"),
    ("dob:19610412", "date_of_birth", "19610412"),
    ("DOB 04121961", "date_of_birth", "04121961"),
    ("Ann Lee, 04/12/1961 (DOB)", "date_of_birth", "04/12/1961"),
    ("12-Apr-61 is the patient's date of birth", "date_of_birth", "12-Apr-61"),
    ("Name Ann Lee\nDOB\n2019-02-28", "date_of_birth", "2019-02-28"),
]

LEFT_ALONE = [
    "",
    "Ticket 1042 is still open, see also #123456789.",
    "ticket number 123456789",
    "Order ord_01jb2123456789 was cancelled",
    "order 123456789",
    "NPI 1234567893",
    "The NPI 1245319599 is refused",
    "Call 312-555-0100 or (312) 555-0100 or +1 312 555 0100",
    "fax 3125550100, phone 312555010",
    "Invoice 123456789 over $123,456,789",
    "It charged $123456789 and USD 123456789",
    "123456789 cents",
    "123456789.00",
    "routing number 123456789",
    "ZIP 60601-1234, EIN 12-3456789",
    "000-12-3456, 666-12-3456, 900-12-3456 and 987-65-4321 were never issued",
    "123-00-6789 and 123-45-0000 neither",
    "part 7123-45-67890, 1-123-45-6789, 123-45-6789-1",
    "request 0f123456789a",
    "Deactivate Dr. Lee on 2026-12-01",
    "Please deactivate the account scheduled for 2026-12-01, we were told on 11/20/2026.",
    "Dr. Born is to be deactivated on 2026-12-01",
    "Dr Born 2026-12-01",
    "DOB field is empty. Deactivation on 2026-12-01 worked.",
    "The DOB can't be changed since 11/20/2026",
    "DOB 13/45/1961 and 02/30/1961 aren't days",
    "DOB 1761-04-12",
    "date of birth is missing",
    "Our practice was founded on 04/12/1961",
    "stubborn 04/12/1961",
    "MRN is missing for all patients",
    "The MRN import failed on 2026-11-20",
    "MRN column, 3 rows",
    "The chart loads for 4512 ms",
    "patient number is not shown",
    "CPT 99213-25, ICD F32.1, payer 60054",
    "10.0.112.1234, version 1.12.1234",
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_patient_data_is_found_and_its_place_is_the_value_alone(text: str, kind: str, value: str) -> None:
    (finding,) = find(text)
    assert (finding.kind, text[finding.start : finding.end]) == (kind, value)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_tickets_are_full_of_is_left_alone(text: str) -> None:
    assert [(each.kind, text[each.start : each.end]) for each in find(text)] == []


def test_all_of_a_text_is_found_in_its_order_without_overlaps() -> None:
    text = "MRNs 10021, 10022 and 10023: DOB 1/2/1950 and DOB 3/4/1960, SSN 123-45-6789"
    findings = find(text)
    assert [text[each.start : each.end] for each in findings] == [
        "10021",
        "10022",
        "10023",
        "1/2/1950",
        "3/4/1960",
        "123-45-6789",
    ]
    assert all(one.end <= other.start for one, other in pairwise(findings))


@pytest.mark.parametrize(
    "unit", ["1", "1-", "MRN ", "MRN 1 ", "dob ", "dob 1/1/", "123-45-6789 ", "dob 1/1/2000 ", " "]
)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 2
