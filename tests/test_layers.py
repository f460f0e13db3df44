"""Imports go down one list of rooms only, and engines stay out of the command line's start."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import letters

PACKAGE = Path(letters.__file__).parent
ROOMS = [
    {"errors"},
    {"files", "people"},
    {"model"},
    {"pictures", "questions"},
    {"sources", "document"},
    {"project"},
    {"merge", "wording"},
    {"render"},
    {"word"},
    {"validators"},
    {"changes.words", "schema", "ledger"},
    {"approvals"},
    {"build.options"},
    {"build.record"},
    {"folders"},
    {"build.fingerprints"},
    {"build.letter"},
    {"build.executors"},
    {"build.processes"},
    {"build.cluster", "build.editions"},
    {"build"},
    {"status", "changes", "dispatch", "approvals.review", "verify"},
    {"word.workspace"},
    {"word.take_back"},
    {"check"},
    {"gate.quantities", "gate.numerals"},
    {"gate.report"},
    {"gate.patterns", "gate.file_texts"},
    {"gate.grammar"},
    {"gate.names", "gate.sentences"},
    {"gate.printed"},
    {"gate.claims"},
    {"gate.candidate"},
    {"gate.uncovered", "gate.letters", "gate.private"},
    {"gate.conditions"},
    {"gate", "compare", "numbers"},
    {"publish.assessments"},
    {"publish.letterfiles"},
    {"publish.manifest"},
    {"publish.pages"},
    {"publish.composition"},
    {"publish.publishing"},
    {"publish"},
    {"preview"},
    {"sheet"},
    {"new", "recipients_sheet", "example", "doctor"},
    {"cli", "__init__", "__main__"},
]
"""The house from its ground up: a module imports nothing of a row below its own.

A module counts as its room unless it is named itself.
"""
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
FILES = sorted(PACKAGE.rglob("*.py"))
ENGINES = {
    "weasyprint": ["render/pdf"],
    "docxtpl": ["render/docx"],
    "jinja2": ["wording", "render", "publish/pages"],
}


def room(module: str) -> str:
    """The row's name for a module such as "gate.names": its own, or its room's."""
    return module if module in LEVEL else module.split(".")[0]


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path: Path) -> None:
    own = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    names = [name.removeprefix("letters.") for name in imported(path) if "letters." in name]
    upward = [name for name in names if LEVEL[room(name)] > LEVEL[room(own)]]
    assert upward == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_in_its_own_room_only(engine: str) -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if any(name.split(".")[0] == engine for name in imported(path))
    ]
    assert users
    assert [user for user in users if not user.startswith(tuple(ENGINES[engine]))] == []


@pytest.mark.parametrize(
    "command", [["--help"], ["build", "--help"], ["--version"], ["status", "--help"]]
)
def test_help_starts_no_engine(command: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "letters", *command],
        capture_output=True,
        text=True,
        check=True,
    )
    modules = {line.split("|")[-1].strip() for line in run.stderr.splitlines()}
    assert "click" in modules
    assert not modules & {"weasyprint", "docxtpl", "jinja2", "pikepdf", "openpyxl", "lxml"}


def test_functions_and_files_stay_small() -> None:
    long_files = [p.name for p in FILES if len(p.read_text(encoding="utf-8").splitlines()) > 450]
    sizes = {
        f"{path.name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert long_files == []
    assert {name: size for name, size in sizes.items() if size > 45} == {}
