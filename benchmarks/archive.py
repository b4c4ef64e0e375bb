"""What the deployed zip is made of, and how it unpacks."""

import zipfile
from collections import Counter
from pathlib import Path

_ONE_FILE = {"app.py": "the program", "six.py": "six"}


def parts(archive: Path) -> Counter[str]:
    """Compressed bytes by part; botocore's descriptions of services apart from its code."""
    sizes: Counter[str] = Counter()
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            sizes[_part(entry.filename)] += entry.compress_size
    return sizes


def _part(name: str) -> str:
    top, _, rest = name.partition("/")
    if top == "botocore" and rest.startswith("data/"):
        known = rest.split("/")[1]
        return "botocore: data of DynamoDB" if known == "dynamodb" else "botocore: data of other services and endpoints"
    if top in ("chalicelib", "app.py") or name.startswith("__pycache__/app."):
        return "the program"
    return {"_cffi_backend.cpython-311-x86_64-linux-gnu.so": "cffi"}.get(top, top.partition("-")[0].removesuffix(".py"))
