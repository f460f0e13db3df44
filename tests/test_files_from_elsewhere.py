"""Files that anybody can write: no name in them reaches past the round's output, none hangs."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from letters.files import digest, is_output_name, output_name
from tests.builders import contents, write
from tests.rounds.found_property import ROUND_ID
from tests.rounds.stages import LETTERS, SITE, a_round, run, sign

OUT = f"out/{ROUND_ID}"
PRECIOUS = b"Not ours."
DEEP = "[" * 200_000
FAR = "../../../../precious.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved round of one letter, built, published and reviewed."""
    root = sign(a_round(tmp_path_factory.mktemp("made")))
    for command in ("build --jobs 1", "publish", "review", "check"):
        assert run("-C", root, *command.split())[0] == 0
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, beside a file that no command may touch."""
    root = tmp_path / "project"
    shutil.copytree(made, root, symlinks=True)
    write(tmp_path / "precious.txt", PRECIOUS)
    yield root
    assert (tmp_path / "precious.txt").read_bytes() == PRECIOUS


def changed_json(path: Path, *steps: str | int, to: Any) -> None:
    """Replace a part of a JSON file."""
    content = json.loads(path.read_text("utf-8"))
    part = content
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = to
    path.write_text(json.dumps(content), "utf-8")


def an_entry(name: str, format_: str = "pdf") -> dict[str, Any]:
    """A letter of a build's record that has one file."""
    file = {"name": name, "sha256": digest(PRECIOUS), "size": len(PRECIOUS), "inputs": "x"}
    return {"state": "built", "files": {format_: file}, "problem": ""}


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("northmoor.pdf", True),
        ("northmoor.cy.pdf", True),
        ("northmoor.en-GB.annex-a.pdf", True),
        ("northmoor.cy.a.b.pdf", False),
        ("northmoor.docx", False),
        ("southmoor.pdf", False),
        ("northmoor..pdf", False),
        ("northmoor.\n.pdf", False),
        ("../northmoor.pdf", False),
        ("northmoor./../../x.pdf", False),
        ("northmoor.c:x.pdf", False),
        (None, False),
    ],
)
def test_the_names_of_a_letters_files(name: object, holds: bool) -> None:
    assert is_output_name(name, "northmoor", "pdf") is holds


def test_what_makes_a_name_also_knows_it() -> None:
    name = output_name("northmoor", "pdf", "cy", "annex-a")
    assert name == "northmoor.cy.annex-a.pdf"
    assert is_output_name(name, "northmoor", "pdf")


@pytest.mark.parametrize("record", ["build.json", ".checked/build.json"])
@pytest.mark.parametrize("name", [FAR, "gone.pdf/../../../../../precious.txt"])
@pytest.mark.parametrize("letter", ["gone", FAR])
def test_a_record_of_a_build_names_no_file_elsewhere(
    letter: str, name: str, record: str, project: Path
) -> None:
    changed_json(project / OUT / record, "letters", letter, to=an_entry(name))
    assert run("-C", project, "build", "--only", "html", "--jobs", "1")[0] == 0


def test_a_journal_of_a_build_names_no_file_elsewhere(project: Path) -> None:
    write(project / OUT / "build.part", json.dumps({"id": "gone", **an_entry(FAR)}) + "\n")
    assert run("-C", project, "build", "--only", "html", "--jobs", "1")[0] == 0


MANIFEST = f"{SITE}/manifest.json"
UNREAD = (
    1,
    f"{SITE}: The manifest cannot be read, so it is not known what is published."
    " Publish it (letters publish), and withdraw then.\n1 problem.\n",
)


@pytest.mark.parametrize(
    ("steps", "to"),
    [
        (("publication", "round"), "../../../precious.txt"),
        (("publication", "letters", 0, "id"), "../../../precious.txt"),
        (("publication", "letters", 0, "forces", 0, "id"), "../../../precious.txt"),
        (("publication", "letters", 0, "files", 0, "path"), f"letters/{FAR}"),
        (("publication", "letters", 0, "files", 0, "path"), "report/../x.pdf"),
    ],
)
def test_a_manifest_names_no_file_elsewhere(
    steps: tuple[str | int, ...], to: str, project: Path
) -> None:
    changed_json(project / MANIFEST, *steps, to=to)
    before = contents(project / SITE)
    assert run("-C", project, "withdraw", "northmoor", "--note", "It named a witness.") == UNREAD
    assert contents(project / SITE) == before


def test_a_manifest_names_files_that_are_there(project: Path) -> None:
    changed_json(
        project / MANIFEST, "publication", "letters", 0, "files", 0, "path", to="letters/x.cy.pdf"
    )
    assert run("-C", project, "withdraw", "northmoor", "--note", "It named a witness.") == (
        1,
        f"{SITE}: The manifest names 'letters/x.cy.pdf', which is not in the site."
        " Publish it again (letters publish), and withdraw then.\n1 problem.\n",
    )


def test_a_page_that_is_a_link_elsewhere_is_no_page_of_the_site(project: Path) -> None:
    page = project / SITE / "letters/northmoor.html"
    page.unlink()
    page.symlink_to(project.parent / "precious.txt")
    assert run("-C", project, "withdraw", "northmoor", "--note", "It named a witness.") == (
        1,
        f"{SITE}: The manifest names 'letters/northmoor.html', which is not in the site."
        " Publish it again (letters publish), and withdraw then.\n1 problem.\n",
    )


def test_the_ledger_names_letters_only(project: Path) -> None:
    ledger = f"rounds/{ROUND_ID}/published.json"
    entries = json.loads((project / ledger).read_text("utf-8"))["letters"]
    changed_json(project / ledger, "letters", FAR, to=entries["northmoor"])
    assert run("-C", project, "publish") == (
        1,
        f"{ledger}: The ledger of what was published cannot be read."
        " Take it from your version control as it was; it is not edited by hand.\n1 problem.\n",
    )


def test_approvals_name_letters_only(project: Path) -> None:
    path = project / f"rounds/{ROUND_ID}/approvals.yaml"
    far = "../../../precious"
    path.write_text(path.read_text("utf-8").replace("northmoor:", f"{far}:"), "utf-8")
    status, said = run("-C", project, "approve", "--by", "kite", "--revoke")
    assert status == 1
    assert (
        f"approvals.yaml:11 {far}.recipients.{far}: '{far}' cannot be an id."
        " Use lower-case letters, digits and single hyphens, such as precious.\n1 problem.\n"
    ) in said


NOTHING = f"{ROUND_ID}: nothing was written.\n"
LEADS_OUT = (
    "This is a link that leads out of its folder, where nothing is read or written."
    " Delete the link, or put what it leads to in its place.\n1 problem.\n"
)


@pytest.mark.parametrize(
    "command",
    [
        *("status", "check", "build", "publish", "publish --stage", "review", "dispatch", "diff"),
        *("withdraw northmoor --note x", "check --publication"),
    ],
)
@pytest.mark.parametrize("name", ["out", OUT])
def test_output_that_leads_elsewhere_is_refused(command: str, name: str, project: Path) -> None:
    elsewhere = project.parent / "elsewhere"
    (project / name).rename(elsewhere)
    (project / name).symlink_to(elsewhere)
    before = contents(elsewhere)
    status, said = run("-C", project, *command.split())
    assert (status, said.partition(f"{name}: ")[2].partition(ROUND_ID)[0]) == (1, LEADS_OUT)
    assert contents(elsewhere) == before


@pytest.mark.parametrize(
    "name",
    [
        *(SITE, LETTERS, "out/site", f"{OUT}/staged", f"{OUT}/.checked", f"{OUT}/dispatch"),
        *(f"{OUT}/build.part", f"{OUT}/build.json", f"{OUT}/.checked/letters"),
    ],
)
def test_a_part_of_the_output_that_leads_elsewhere_is_refused(name: str, project: Path) -> None:
    elsewhere, path = project.parent / "elsewhere", project / name
    elsewhere.mkdir()
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(elsewhere)
    for command in ("build --fresh", "check", "publish"):
        status, said = run("-C", project, *command.split())
        assert (status, said.removesuffix(NOTHING)) == (1, f"{name}: {LEADS_OUT}")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "command", "said"),
    [
        (f"{OUT}/build.json", "build", "Delete it, and build again."),
        (f"{OUT}/build.json", "status", "Delete it, and build again."),
        (f"{OUT}/build.part", "build --fresh", "Delete it, and build again."),
        (f"{OUT}/.checked/build.json", "check", "Delete it, and build again."),
        (f"{OUT}/review.json", "review", "Delete it; the next review is the first then."),
    ],
)
def test_json_nested_too_deeply_is_a_problem(
    name: str, command: str, said: str, project: Path
) -> None:
    write(project / name, DEEP)
    status, told = run("-C", project, *command.split())
    line = f"{name}: The file is nested too deeply to be read. {said}\n1 problem.\n"
    assert status == 1
    assert told.removesuffix(NOTHING).endswith(line)


def test_a_manifest_nested_too_deeply_is_a_problem(project: Path) -> None:
    write(project / MANIFEST, DEEP)
    assert run("-C", project, "withdraw", "northmoor", "--note", "It named a witness.") == UNREAD
    status, said = run("verify", project / SITE)
    assert status == 1
    assert (
        f"{project / MANIFEST}: The manifest cannot be read; the other files were held against"
        " SHA256SUMS. Publish again.\n"
    ) in said


def test_a_ledger_or_a_staged_note_nested_too_deeply_is_a_problem(project: Path) -> None:
    shutil.copytree(project / SITE, project / OUT / "staged")
    write(project / OUT / "staged.json", DEEP)
    assert run("-C", project, "publish") == (
        1,
        f"{OUT}/staged: The note of what is staged, staged.json, was changed, or another version"
        " wrote it. Stage it again: letters publish --stage.\n1 problem.\n",
    )
    ledger = f"rounds/{ROUND_ID}/published.json"
    write(project / ledger, DEEP)
    assert run("-C", project, "status") == (
        1,
        f"{ledger}: The ledger of what was published cannot be read."
        " Take it from your version control as it was; it is not edited by hand.\n1 problem.\n",
    )
