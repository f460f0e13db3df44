"""`letters doctor`, and machines that lack something: told once, before any work."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner

from letters.build.executors import WorkerFailed
from letters.build.processes import ProcessExecutor
from letters.cli import cli
from letters.doctor import Examined
from letters.errors import LettersError

Usage = namedtuple("Usage", "total used free")


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["-C", str(root), *arguments])
    return result.exit_code, result.output


def rows(output: str) -> dict[str, tuple[str, str]]:
    """State and finding of each line of the table."""
    lines = output.splitlines()
    state = lines[0].index("State")
    table = [line for line in lines[2:] if line[state : state + 5] in ("ok   ", "LACKS")]
    return {
        line[:state].strip(): (line[state : state + 5].strip(), line[state + 7 :]) for line in table
    }


def test_a_machine_that_has_everything_is_told_so(starter: Path) -> None:
    status, output = run(starter, "doctor")
    found = rows(output)
    assert {state for state, _ in found.values()} == {"ok"}
    assert {"letters", "Python", "weasyprint", "lxml", "PDF engine", "fonts", "processes"} <= {
        *found
    }
    assert {"temporary files", "project", "clock", "locale", "veraPDF", "LibreOffice"} <= {*found}
    assert found["PDF engine"][1].startswith("starts, with Pango 1.")
    assert found["project"][1].startswith(f"{starter}: can be written, ")
    assert (status, output.splitlines()[-1]) == (0, "Everything needed is there.")


def test_no_project_is_no_fault(tmp_path: Path) -> None:
    status, output = run(tmp_path, "doctor")
    assert rows(output)["project"] == ("ok", f"none in {tmp_path}")
    assert status == 0


def test_what_is_lacking_is_named_with_what_mends_it(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise LettersError("no engine. Run: sudo apt-get install it.")

    monkeypatch.setattr("letters.render.pdf.letter.start_engine", none)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 5_000_000))
    status, output = run(starter, "doctor")
    found = rows(output)
    assert found["PDF engine"] == ("LACKS", "no engine. Run: sudo apt-get install it")
    room = f"{starter}: can be written, 5 MB of room. Make 100 MB of room"
    assert found["project"] == ("LACKS", room)
    assert output.splitlines()[-1] == "Lacking: PDF engine, temporary files, project."
    assert status == 1


def test_what_only_tests_need_is_not_lacking() -> None:
    assert Examined("veraPDF", "not found", "Install it.", needed=False).is_sound


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_full_disk_is_told_once_before_any_letter(
    command: str, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 3_000_000))
    folder = starter / "out/first-round" / (".checked" if command == "check" else "")
    assert run(starter, command) == (
        1,
        f"letters: {folder}: the disk has 3 MB of room; 2 letters need 22 MB."
        " Delete what is not needed, or build elsewhere with --out.\n",
    )
    assert not (starter / "out/first-round/letters").exists()


def test_a_folder_that_may_not_be_written_is_told_once(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(dir: Path) -> IO[bytes]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dir))

    monkeypatch.setattr("letters.build.round.tempfile.TemporaryFile", refused)
    folder = starter / "out/first-round"
    assert run(starter, "build") == (
        1,
        f"letters: {folder}: nothing can be written in this folder: Permission denied."
        f" Run: chmod u+rwx '{folder}', or build elsewhere with --out.\n",
    )


def dies() -> None:
    os._exit(9)


def test_a_process_that_dies_at_its_start_is_told_once() -> None:
    heard: list[int | WorkerFailed] = []
    with ProcessExecutor[int, int](dies, 2, 100.0) as pool, pytest.raises(LettersError) as told:  # type: ignore[arg-type]
        heard += pool.run(range(20))
    assert heard == []
    assert str(told.value) == (
        "A process that makes letters did not start: it ended its process (status 9)."
        " The machine may lack memory. Close other programs, or do without more processes:"
        " letters build --jobs 1."
    )


def test_web_and_word_letters_are_made_where_no_library_of_the_engine_is_found(
    starter: Path, tmp_path: Path
) -> None:
    text = """import cffi
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library '{name}'")
cffi.FFI.dlopen = dlopen
"""
    (tmp_path / "sitecustomize.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    command = [sys.executable, "-m", "letters", "-C", str(starter), "build"]
    environment = {**os.environ, "PYTHONPATH": path}
    only = ["--only", "html", "--only", "docx"]
    made = subprocess.run(
        [*command, *only], capture_output=True, text=True, env=environment, check=False
    )
    assert made.returncode == 0
    assert "2 draft, 1 awaiting" in made.stdout
    refused = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(
        "letters: PDF letters need WeasyPrint and its libraries, which do not start: cannot load"
        " library 'libgobject-2.0-0'. Run: sudo apt-get install libpango-1.0-0"
    )
    assert refused.stderr.count("\n") == 1
