"""The PDF engine is looked over once, before any work: which versions do, and what is said else."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from click.testing import CliRunner

from letters import BuildOptions, Project, build_round
from letters.cli import cli
from letters.errors import LettersError
from letters.render.pdf.letter import MAJOR, PROVED
from letters.render.pdf.reuse import KNOWN, can_reuse

ROOT = Path(__file__).parents[3]
REFUSAL = (
    "PDF letters need WeasyPrint 70; 71.0 is installed. Run: pip install 'weasyprint>=70,<71'."
)
INSTALL = (
    "Run: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    " (docs/setup.md says more), or make the other letters alone:"
    " letters build --only html --only docx."
)


def letters(folder: Path, *arguments: str, before: str = "", path: Path = ROOT) -> tuple[int, str]:
    """A command in a process of its own, in which `before` is run first: status and output."""
    code = f"{before}\nimport sys\nfrom letters.cli import main\nsys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", code, "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{ROOT}", "PYTHONIOENCODING": "utf-8"},
    )
    return run.returncode, run.stdout + run.stderr


def test_the_versions_are_those_that_are_asked_for_and_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split("[<>=]", line)[0]: line for line in project["dependencies"]}
    assert asked["weasyprint"] == f"weasyprint>={MAJOR},<{MAJOR + 1}"
    assert {"pydyf", "fonttools"} <= asked.keys()
    pinned = (ROOT / "requirements/run.txt").read_text(encoding="utf-8").split()
    known = [f"{name}=={of}" for name, of in zip(("weasyprint", "pydyf"), KNOWN, strict=True)]
    assert {*known} <= {*pinned}
    assert " ".join(f"'{each}'" for each in known) == PROVED


def test_letters_are_made_with_a_later_70(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.load(starter)
    build_round(project, project.round(None), BuildOptions(drafts=True))
    pdfs = sorted((starter / "out").rglob("*.pdf"))
    before = [pdf.read_bytes() for pdf in pdfs]
    monkeypatch.setattr("weasyprint.__version__", "70.1")
    assert not can_reuse("")
    made = build_round(project, project.round(None), BuildOptions(drafts=True, fresh=True))
    assert {letter.state.value for letter in made} == {"draft"}
    assert [pdf.read_bytes() for pdf in pdfs] == before


def test_another_engine_is_refused_once_before_any_letter(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weasyprint.__version__", "71.0")
    project = Project.load(starter)
    heard: list[object] = []
    with pytest.raises(LettersError) as error:
        build_round(project, project.round(None), on_letter=heard.append)
    assert str(error.value) == REFUSAL
    assert heard == []
    assert not (starter / "out/first-round").exists()


@pytest.mark.parametrize(
    "command", [["build"], ["review"], ["check", "--publication"], ["publish"]]
)
def test_every_command_says_it_once(
    command: list[str], example_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copytree(example_project, tmp_path / "own")  # these commands lock what they change
    if command[0] != "review":
        rmtree(project / "out")  # what is built already is published without an engine
    monkeypatch.setattr("weasyprint.__version__", "71.0")
    fresh = ["--fresh", "--jobs", "1"] if command == ["build"] else []
    result = CliRunner().invoke(cli, ["-C", str(project), *command, *fresh])
    assert (result.exit_code, result.output) == (1, f"letters: {REFUSAL}\n")


def test_check_says_it_once_of_letters_that_are_not_built(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weasyprint.__version__", "71.0")
    result = CliRunner().invoke(cli, ["-C", str(starter), "check"])
    assert (result.exit_code, result.output) == (1, f"letters: {REFUSAL}\n")


def test_the_preview_asks_what_is_installed(
    starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "weasyprint-71.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: weasyprint\nVersion: 71.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    result = CliRunner().invoke(cli, ["-C", str(starter), "preview", "--no-browser"])
    assert (result.exit_code, result.output) == (1, f"letters: {REFUSAL}\n")


@pytest.mark.parametrize(
    ("module", "name", "lack"),
    [
        ("pdf", "add_tags", "module 'weasyprint.pdf' has no attribute 'add_tags'"),
        ("css", "ColorProfile.content", "type object 'ColorProfile' has no attribute 'content'"),
        ("images", "RasterImage.get_x_object", "'RasterImage' has no attribute 'get_x_object'"),
    ],
)
def test_a_name_that_is_gone_is_told_before_any_letter(
    module: str, name: str, lack: str, starter: Path
) -> None:
    before = f"import weasyprint.{module}\ndel weasyprint.{module}.{name}"
    status, said = letters(starter, "build", "--jobs", "1", before=before)
    assert status == 1
    assert re.fullmatch(
        rf"letters: PDF letters cannot use the WeasyPrint that is installed: .*{re.escape(lack)}\."
        r" Run: pip install 'weasyprint==70\.0' 'pydyf==0\.13\.0'\.\n",
        said,
    )
    assert not (starter / "out/first-round").exists()


def test_what_an_object_no_longer_keeps_is_told_too(starter: Path) -> None:
    before = "import weasyprint.document\nweasyprint.document.Page.__init__ = lambda self: None"
    status, said = letters(starter, "build", "--jobs", "1", before=before)
    assert (status, said) == (
        1,
        "letters: PDF letters cannot use the WeasyPrint that is installed: 'Page' has no "
        "'_page_box'. Run: pip install 'weasyprint==70.0' 'pydyf==0.13.0'.\n",
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder with an engine that cannot be imported, as on a machine without Pango."""
    folder = tmp_path / "broken"
    (folder / "weasyprint").mkdir(parents=True)
    text = "raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    (folder / "weasyprint/__init__.py").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_engine_that_does_not_start_is_told_once(
    jobs: str, example_project: Path, broken: Path, tmp_path: Path
) -> None:
    arguments = ("build", "--fresh", "--jobs", jobs, "--out", str(tmp_path / "out"))
    assert letters(example_project, *arguments, path=broken) == (
        1,
        "letters: PDF letters need WeasyPrint and its libraries, which do not start: cannot load"
        f" library 'libpango-1.0-0'. {INSTALL}\n",
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_web_and_word_letters_need_no_engine(
    jobs: str, example_project: Path, broken: Path, tmp_path: Path
) -> None:
    only = ("--only", "html", "--only", "docx")
    arguments = ("build", *only, "--jobs", jobs, "--out", str(tmp_path / "out"))
    status, said = letters(example_project, *arguments, path=broken)
    assert status == 0
    assert said.endswith(f"43 built; 86 files in {tmp_path}/out/letters/\n")


def test_what_the_engine_seldom_uses_is_loaded_when_it_does() -> None:
    code = """
import sys
from letters.render.pdf.letter import start_engine
start_engine()
from weasyprint.pdf import fonts
large = ("fontTools.subset", "fontTools.varLib.instancer")
print([name in sys.modules for name in large])
fonts.subset.Options(glyph_names=True)
try:
    fonts.instantiateVariableFont(None, {})
except Exception as error:
    print(type(error).__name__)
print([name in sys.modules for name in large])
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.splitlines()[0] == "[False, False]"
    assert run.stdout.splitlines()[-1] == "[True, True]"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_machine_without_harfbuzz_subset_is_told_once(
    jobs: str, example_project: Path, without_subset: Path, tmp_path: Path
) -> None:
    arguments = ("build", "--fresh", "--jobs", jobs, "--out", str(tmp_path / "out"))
    told = "letters: PDF letters need the library harfbuzz-subset, which is not found."
    said = letters(example_project, *arguments, path=without_subset)
    assert said == (1, f"{told} {INSTALL}\n")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def without_subset(tmp_path: Path) -> Path:
    """A folder whose presence on the path makes harfbuzz-subset unfindable, in every process."""
    folder = tmp_path / "without"
    folder.mkdir()
    text = """import cffi
found = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if name and "subset" in name:
        raise OSError(f"cannot load library '{name}'")
    return found(self, name, flags)
cffi.FFI.dlopen = dlopen
"""
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    return folder
