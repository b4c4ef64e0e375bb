"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

import app
from chalicelib import http
from chalicelib.config import SETTINGS
from deploy import names
from deploy.functions import FUNCTIONS, TABLES

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_operations_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", OPERATIONS, re.MULTILINE))
    expected = {}
    for name, setting in SETTINGS.items():
        shown = "required" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
        expected[name] = f"{shown} | {setting.meaning}"
    assert rows == expected


def test_operations_lists_every_scheduled_handler() -> None:
    section = OPERATIONS.partition("## Schedules")[2].partition("\n## ")[0]
    scheduled = {name for name, function in FUNCTIONS.items() if function.room == "none"} - {
        "check_image",
        "staff_command",
        "ses_feedback",
    }
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == scheduled <= set(app.app.handler_map)


def test_the_restore_puts_back_the_expiry_of_exactly_the_tables_whose_rows_expire() -> None:
    section = OPERATIONS.partition("## Restore")[2].partition("\n## ")[0]
    named = set(re.findall(r"\*-(\w+)-\*", section))
    assert named == {names.resource(table.setting) for table in TABLES if table.expires}


def test_the_architecture_names_every_function_and_table() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    for function in FUNCTIONS:
        assert function in text
    for table in TABLES:
        assert f"| {table.setting.removesuffix('_TABLE').lower()} |" in text


def test_the_deployments_figures_are_those_of_every_function() -> None:
    text = (ROOT / "docs/deployment.md").read_text()
    measured = dict(re.findall(r"^\| (\w+) \| (\d+) \|", text, re.MULTILINE))
    assert measured == {name: str(each.memory) for name, each in FUNCTIONS.items()}, (
        "run make e2e FIGURES=docs/deployment.md"
    )


def test_the_readmes_picture_names_every_table_and_room() -> None:
    picture = README.partition("```\n practice")[2].partition("```")[0]
    (tables,) = re.findall(r"DynamoDB: (.*)", picture)
    assert set(tables.split(" · ")) == {table.setting.removesuffix("_TABLE").lower() for table in TABLES}
    assert set(re.findall(r"\w+_api|console", picture)) == set(app.FUNCTIONS_OF_ROOMS.values())


def test_the_readmes_tour_uses_routes_that_exist() -> None:
    paths = {route.path for route in http.ROUTES}
    used = set(re.findall(r"(?:post |\$API)(/[a-z][\w/$-]*)", README)) - {"/_local/mailbox"}
    assert used
    for path in used:
        assert path in paths or path.replace("$ID", "{order_id}") in paths, path


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for document in DOCUMENTS:
        for target in re.findall(r"`?\bmake ([a-z-]+)`", document.read_text()):
            assert f"\n{target}:" in makefile, f"{document.name} names make {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target
