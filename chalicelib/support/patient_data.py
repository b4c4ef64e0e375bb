"""Patient data in what people type: social security numbers, medical record numbers and dates of birth.

Pure. It warns before something is filed, and says what redaction would take out; it proves nothing about a text in
which it finds nothing. It would rather name a number too many than miss one, as long as what a ticket is full of anyway
(ticket numbers, NPIs, telephone numbers, amounts, days on which something is to happen) is left alone.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["ssn", "mrn", "date_of_birth"]


class Finding(NamedTuple):
    """`text[start:end]` is the number or the date itself, without the words before it."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """All that looks like patient data, in order; no two findings overlap.

    >>> find("Her SSN is 123-45-6789, MRN 00451288, born 4/12/1961.")
    [Finding(kind='ssn', start=11, end=22), Finding(kind='mrn', start=28, end=36), \
Finding(kind='date_of_birth', start=43, end=52)]
    """
    findings: list[Finding] = []
    taken = bytearray(len(text))
    for finding in (*_record_numbers(text), *_birth_dates(text), *_social_security_numbers(text)):
        _, start, end = finding
        if not any(taken[start:end]):
            findings.append(finding)
            taken[start:end] = b"\1" * (end - start)
    return sorted(findings, key=lambda finding: finding.start)


def words_of(file_name: str) -> str:
    """A file's name as a text in which something may be found: a number stands apart from the word before it.

    >>> words_of("Smith_MRN_00451288.final.pdf"), words_of("DOB-04-12-1961.pdf"), words_of("SSN123456789.pdf")
    ('Smith MRN 00451288.final', 'DOB 04-12-1961', 'SSN 123456789')
    """
    return _AFTER_WORD.sub(" ", file_name.rpartition(".")[0].replace("_", " "))


_AFTER_WORD = re.compile(r"(?<=[^\W\d])-?(?=\d)")
# What may stand between a label and its value: "DOB: ", "MRN is ", "SSN (last known) #".
_LINK = r"[\s:#=.,(\-]*(?:(?:number|num|no|nr|nbr|is|was|of|on|in|id)\b[\s:#=.(\-]*){0,3}"
_DASHES = r"\u2010-\u2014\-"

# --- Social security numbers --------------------------------------------------------------------------------------

_SSN = re.compile(rf"(?<!\w)(\d{{3}})([{_DASHES}. \u00a0]?)(\d{{2}})\2(\d{{4}})(?![\w{_DASHES}/]|[.,]\d)")
_SSN_LABEL = re.compile(rf"\b(?:ssn|s\.s\.n|ss|soc(?:ial)?(?: sec(?:urity)?)?){_LINK}$", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"(?:[/@_.,\-]|[#$€£]\s?|\b(?:tickets?|orders?|invoices?|ref(?:erence)?|case|routing|aba|accounts?|acct|claims?|npi|zip|fax"
    r"|phone|tel|call|ein|payer|policy|group|version|usd|amount|total|cents|error|request)"
    rf"{_LINK})$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"[{_DASHES}#$/.,]$")
_AMOUNT_AFTER = re.compile(r"\s?(?:cents|usd|dollars|bytes|%)", re.IGNORECASE)
_BEFORE = 40


def _social_security_numbers(text: str) -> Iterator[Finding]:
    for match in _SSN.finditer(text):
        area, separator, group, serial = match.groups()
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if not _was_issued(int(area), int(group), int(serial)):
            continue
        if not _SSN_LABEL.search(before):
            # Nine digits in a row may be anything; in the groups of a card they are one, unless they go on to the left.
            if separator == "" and (_OTHER_NUMBER.search(before) or _AMOUNT_AFTER.match(text, match.end())):
                continue
            if separator and _GOES_ON.search(before):
                continue
        yield Finding("ssn", match.start(), match.end())


def _was_issued(area: int, group: int, serial: int) -> bool:
    """Which numbers are ever given (Social Security Administration, "randomization": no area 000, 666 or from 900 on,
    no group 00, no serial 0000)."""
    return area not in (0, 666) and area < 900 and group != 0 and serial != 0


# --- Medical record numbers ---------------------------------------------------------------------------------------

_RECORD_NUMBER = r"(?=[A-Za-z\-]{0,8}\d)[A-Za-z0-9](?:[A-Za-z0-9\-]{1,18}[A-Za-z0-9])"
_GROUPED = r"\d{2,4}(?: \d{2,4}){1,4}(?!\d)"
_MRN = re.compile(
    r"\b(?:mrns?|m\.r\.n|mr(?= ?(?:#|no\b|number))|(?:medical|med|patient|chart)\.? (?:rec(?:ord)?s?)\.?(?: numbers)?"
    rf"|(?:chart|patient)(?:'s)? ?(?=#|(?:number|num|no|id)\b)){_LINK}({_GROUPED}|{_RECORD_NUMBER})",
    re.IGNORECASE,
)
_NEXT_RECORD = re.compile(rf"\s?(?:,|;|/|&|\band\b|\bor\b)\s?({_RECORD_NUMBER})", re.IGNORECASE)
_FEWEST_DIGITS = 3


def _record_numbers(text: str) -> Iterator[Finding]:
    for match in _MRN.finditer(text):
        found: re.Match[str] | None = match
        while found and _is_record_number(found.group(1)):
            yield Finding("mrn", found.start(1), found.end(1))
            found = _NEXT_RECORD.match(text, found.end())


def _is_record_number(value: str) -> bool:
    is_day = not value.isdigit() and _DATE.fullmatch(value)
    return sum(character.isdigit() for character in value) >= _FEWEST_DIGITS and not is_day


# --- Dates of birth -----------------------------------------------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?<![\w\-/.])(?:"
    r"(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2>[-/. ])(?P<b>\d{1,2})(?P=s2)(?P<y2>\d{4}|\d{2})"
    rf"|(?P<n3>{_MONTH}) ?(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? ?(?P<y3>\d{{4}})"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ \-]?(?P<n4>{_MONTH}),?[ \-]?(?P<y4>\d{{4}}|\d{{2}})"
    r"|(?P<c>\d{8})"
    r")(?![\w/]|-\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?<!\w)(?:d\.?o\.?b\b\.?|(?:date|day) of birth|birth ?-?(?:date|day)s?|birth"
    # Born is a name, too.
    r"|(?<!dr )(?<!dr\. )(?<!mr\. )(?<!ms\. )(?<!mrs\. )born)(?!\w)",
    re.IGNORECASE,
)
# Between the word and the date: the same sentence, no other date, and nothing that says what else the date is.
_BESIDE = 30
_OTHER_DAY = re.compile(
    r"[;!?\n\d]|\.\s|\b(?:deactivat|schedul|effective|start|end|expir|due|since|until|cancel|order|chang|updat|fail|enter)",
    re.IGNORECASE,
)
_OLDEST, _LATEST = 1890, 2099


def _birth_dates(text: str) -> Iterator[Finding]:
    words = list(_BIRTH.finditer(text))
    starts = [word.start() for word in words]
    for day in _DATE.finditer(text) if words else ():
        behind = bisect(starts, day.start())
        # The nearest word on either side: what parts it from the date parts all others too.
        gaps = [text[word.end() : day.start()] for word in words[max(0, behind - 1) : behind]]
        gaps += [text[day.end() : word.start()] for word in words[behind : behind + 1]]
        if any(map(_is_beside, gaps)) and _is_plausible(day):
            yield Finding("date_of_birth", day.start(), day.end())


def _is_beside(between: str) -> bool:
    return len(between) <= _BESIDE and not (between.strip() and _OTHER_DAY.search(between))


def _is_plausible(match: re.Match[str]) -> bool:
    """Whether it is a day of the calendar on which somebody may have been born."""
    return any(_is_day(*parts) for parts in _readings(match))


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Year, month and day, in each order in which the text may mean them."""
    part = match.groupdict()
    if part["y1"]:
        yield int(part["y1"]), int(part["m1"]), int(part["d1"])
    elif part["y2"]:
        year, one, other = _full_year(part["y2"]), int(part["a"]), int(part["b"])
        yield year, one, other
        yield year, other, one
    elif part["c"]:
        digits = part["c"]
        yield int(digits[:4]), int(digits[4:6]), int(digits[6:])
        yield int(digits[4:]), int(digits[:2]), int(digits[2:4])
    else:
        name, written_day, written = (part[key] for key in (("n3", "d3", "y3") if part["y3"] else ("n4", "d4", "y4")))
        yield _full_year(written), _MONTHS.index(name[:3].casefold()) + 1, int(written_day)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 1900 + int(digits)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return _OLDEST <= year <= _LATEST
