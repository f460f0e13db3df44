"""Each page of docs/how-to is walked as it says, from the example with its letters built."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from tests.docs.running import ran

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "docs/how-to").glob("*.md"))
QUICK = {"a-new-chief-officer"}
BLOCK = re.compile(r"^```(\w+)(?: (\S+) (find|replace))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its letters."""
    folder = tmp_path_factory.mktemp("built")
    for command in ("new example --example", "-C example build"):
        status, printed = ran(["letters", *command.split()], folder)
        assert status == 0, printed
    return folder / "example"


def is_shown(printed: str, output: str) -> bool:
    """Whether a page shows what was printed: a line `…` is any lines, `…` in a line any words."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in output.splitlines()
    )
    return re.fullmatch(pattern, printed) is not None


def walk(page: str, folder: Path) -> int:
    """How many commands a page shows, each run in a folder and held against what the page says."""
    sought, commands = "", 0
    for language, file, step, content in BLOCK.findall(page):
        if step == "find":
            sought = content.rstrip("\n")
        elif step == "replace":
            text = (folder / file).read_text(encoding="utf-8")
            assert text.count(sought) == 1, (file, sought)
            replaced = text.replace(sought, content.rstrip("\n"))
            (folder / file).write_text(replaced, encoding="utf-8")
        elif language == "console":
            for piece in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, output = piece.partition("\n")
                status, printed = ran(shlex.split(command), folder)
                assert is_shown(printed, output) if output else status == 0, (command, printed)
                commands += 1
    return commands


@pytest.mark.parametrize(
    "name", [pytest.param(p, marks=() if p in QUICK else pytest.mark.long) for p in PAGES]
)
def test_a_task_is_done_as_its_page_says(name: str, built: Path, tmp_path: Path) -> None:
    project = tmp_path / "example"
    shutil.copytree(built, project)
    page = (ROOT / f"docs/how-to/{name}.md").read_text(encoding="utf-8")
    assert walk(page, project) > 0


def test_a_repository_of_letters_has_what_the_page_on_teams_shows(tmp_path: Path) -> None:
    page = (ROOT / "docs/teams.md").read_text(encoding="utf-8")
    assert walk(page, tmp_path) == 1
    project = tmp_path / "our-letters"
    files = {
        name: (project / name).read_text(encoding="utf-8")
        for name in (".github/workflows/letters.yml", ".gitlab-ci.yml", ".gitattributes")
    }
    shown = [text for language, _, _, text in BLOCK.findall(page) if language == "yaml"]
    assert [any(text in each for each in files.values()) for text in shown] == [True, True]
    jobs = [yaml.safe_load(text) for name, text in files.items() if name.endswith(".yml")]
    assert [sorted(map(str, each)) for each in jobs] == [
        ["True", "jobs", "name", "permissions"],  # YAML takes the key `on` for a yes
        ["before_script", "drafts", "image", "publication"],
    ]
    assert "*.docx binary" in files[".gitattributes"]
    assert ran(["letters", "-C", str(project), "check"], tmp_path)[0] == 0
