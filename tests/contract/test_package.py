"""`make package` makes anew what was made of other sources, and nothing else."""

from pathlib import Path

import pytest

from deploy import package as packaging
from deploy.package import package


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Where packages were written, of a project that has one module; how they are written is not looked at here."""
    made: list[Path] = []
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "clock.py").write_text("NOON = 12\n")
    monkeypatch.setattr(packaging, "PROJECT", tmp_path)
    monkeypatch.setattr(packaging, "_SOURCES", ("chalicelib",))
    monkeypatch.setattr(packaging, "_write", made.append)
    return made


def test_the_same_sources_are_packaged_once(written: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "build"
    package(out)
    (tmp_path / "chalicelib" / "clock.pyc").write_bytes(b"what Python keeps beside it")
    package(out)
    assert written == [out]


def test_a_module_that_changed_came_or_went_is_packaged(written: list[Path], tmp_path: Path) -> None:
    out, module = tmp_path / "build", tmp_path / "chalicelib" / "clock.py"
    package(out)
    module.write_text("NOON = 13\n")
    package(out)
    module.rename(module.with_name("time.py"))
    package(out)
    assert written == [out] * 3


def test_what_failed_is_tried_again(written: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out, write = tmp_path / "build", packaging._write

    def fail(_: Path) -> None:
        raise packaging.PackagingError("the disk is full")

    package(out)
    (tmp_path / "chalicelib" / "clock.py").write_text("NOON = 13\n")
    monkeypatch.setattr(packaging, "_write", fail)
    with pytest.raises(packaging.PackagingError):
        package(out)
    monkeypatch.setattr(packaging, "_write", write)
    package(out)
    assert written == [out] * 2
