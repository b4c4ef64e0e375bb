"""What is generated from the code and committed equals what the code would generate now."""

from pathlib import Path

from deploy import chalice_files


def test_the_chalice_files_are_the_generated_ones() -> None:
    committed = {path.name: path.read_text() for path in chalice_files.DIRECTORY.glob("*.json")}
    assert committed == chalice_files.files(), "run `make generate`"


def test_generating_removes_the_policy_of_a_function_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "policy-gone.json").write_text("{}")
    chalice_files.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(chalice_files.files())
