"""How numbers are said in sentences. Pure."""


def plural(number: int, word: str) -> str:
    """So many of what the word names.

    >>> plural(1, "patient"), plural(1200, "patient")
    ('1 patient', '1,200 patients')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"
