"""The house: who may import whom, who may write, how large a file may grow."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "chalicelib"
ROOMS = ("console", "identity", "licensing", "providers", "linking", "codes", "staff", "support", "uploads")
PURE = (
    "chalicelib.errors",
    "chalicelib.model",
    "chalicelib.clock",
    "chalicelib.search",
    "chalicelib.business_days",
    "chalicelib.wording",
)
CORE_MAY_IMPORT = {"serving.py": {"chalicelib.identity.sessions", "chalicelib.identity.reach"}}
FILES = sorted(ROOT.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of what a file imports, in full: modules and the names taken from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


_DOORS = defaultdict(lambda: {"usecases", "rules", "model", "help_model", "patient_model"}, access={"access"})


def room_of(name: str) -> str | None:
    """The room that a dotted module name lies in."""
    parts = name.split(".")
    return parts[1] if len(parts) > 2 and parts[0] == "chalicelib" and parts[1] in ROOMS else None


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_enters_another_through_its_use_cases_or_takes_its_words_and_rules(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        for name in imports(path):
            other = room_of(name)
            if other and other != room:
                assert name.split(".")[2] in _DOORS[path.stem], f"{path} imports {name}"


def test_the_core_imports_no_room_but_for_the_checks_of_session_and_grant() -> None:
    for path in ROOT.glob("*.py"):
        entered = {name for name in imports(path) if room_of(name)}
        assert entered <= CORE_MAY_IMPORT.get(path.name, set()), path


RULES = sorted(ROOT.glob("*/*rules.py"))
CALENDARS = (
    "chalicelib.licensing.billing_calendar",
    "chalicelib.local_days",
    "chalicelib.support.business_hours",
)


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_are_pure(path: Path) -> None:
    files = [each.stem for each in path.parent.glob("*rules.py")]
    own = (
        *(f"chalicelib.{path.parent.name}.{each}" for each in files),
        *(f"chalicelib.{each}.model" for each in ROOMS),
        *(f"chalicelib.{path.parent.name}.{each.stem}" for each in path.parent.glob("*model.py")),
    )
    for name in imports(path):
        standard = name.split(".")[0] in {*sys.stdlib_module_names, "msgspec"}
        assert standard or name.startswith((*PURE, *CALENDARS, *own)), name
    assert "now()" not in path.read_text()


def test_each_room_with_rules_has_them_there() -> None:
    assert {path.parent.name for path in RULES} == {
        "identity",
        "licensing",
        "linking",
        "providers",
        "codes",
        "support",
        "uploads",
    }


def test_only_the_commit_and_the_bookkeeping_note_write_to_dynamodb() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {
                "batch_write",
                "put_item",
                "update_item",
                "delete_item",
            }:
                raise AssertionError(f"{path}:{node.lineno} writes by itself")
            if isinstance(node, ast.Name) and node.id == "TransactWrite":
                assert path.name == "store.py", path
    writers = {path.name for path in FILES if ".update(actions=" in path.read_text() or ".save()" in path.read_text()}
    assert writers == {"dynamo.py"}


def test_only_the_clock_reads_the_time() -> None:
    for path in FILES:
        text = path.read_text()
        assert path.name == "clock.py" or ("datetime.now(" not in text and "time.time(" not in text), path


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
