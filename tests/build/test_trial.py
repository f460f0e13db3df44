"""`check` makes letters for trial, by the same rules as a build, which takes them over."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters import BuildOptions, Project, build_round, check_project
from letters.build.executors import TimedOut
from letters.build.letter import Answer, LetterBuilder, Task
from letters.build.options import CheckTask
from letters.check import check_rounds
from letters.cli import cli
from tests.builders import contents


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["-C", str(root), *arguments])
    return done.exit_code, done.output


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_takes_over_what_check_made(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_project(Project.load(starter)) == ()
    project = Project.load(starter)
    with monkeypatch.context() as patch:
        patch.setattr("letters.build.letter.LetterBuilder.make", None)  # nothing is made again
        made = build_round(project, project.round())
    assert {str(letter.state) for letter in made} == {"draft", "awaiting"}
    taken = contents(starter / "out/first-round/letters")
    build_round(project, project.round(), BuildOptions(fresh=True))
    assert contents(starter / "out/first-round/letters") == taken
    assert contents(starter / "out/first-round/.checked/letters") == {}


def test_check_makes_nothing_that_is_built_already(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.load(starter)
    build_round(project, project.round())
    monkeypatch.setattr("letters.build.letter.LetterBuilder.make", None)
    assert run(starter, "check") == (0, "No problems.\n")
    assert not (starter / "out/first-round/.checked/letters").exists()


def test_letters_are_drawn_once_whether_their_pdf_is_at_hand_or_not(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bytes] = []

    def draw(content: bytes) -> tuple[()]:
        drawn.append(content)
        return ()

    monkeypatch.setattr("letters.validators.pdf.drawn.drawn_findings", draw)
    assert run(starter, "check")[0] == 0
    assert len(drawn) == 2
    trial = starter / "out/first-round/.checked"
    record = json.loads((trial / "build.json").read_text(encoding="utf-8"))
    (trial / "build.json").write_text(json.dumps({**record, "seen": ""}), encoding="utf-8")
    for path in (trial / "letters").glob("*.docx"):
        path.unlink()
    assert run(starter, "check")[0] == 0
    assert drawn[2:] == drawn[:2]
    assert run(starter, "check")[0] == 0
    assert len(drawn) == 4


def test_problems_of_letters_are_told_and_what_was_made_before_them_is_kept(
    starter: Path,
) -> None:
    wording = starter / "templates/first-wording/letter.md"
    sound = wording.read_text(encoding="utf-8")
    late = "\n{% if plan_date %}{% set later = 1 %}{% endif %}\n\nSo {{ later }}.\n"
    wording.write_text(sound + late, encoding="utf-8")
    status, said = run(starter, "check")
    assert (status, said.splitlines()) == (
        1,
        [
            "templates/first-wording/letter.md:15: A name is used before it is set: 'later' is"
            " undefined. Set it first, in every branch: {% set name = … %}.",
            "1 problem.",
        ],
    )
    checked = starter / "out/first-round/.checked/letters"
    assert {path.stem for path in checked.iterdir()} == {"ashmere"}
    status, said = run(starter, "build")
    assert (status, said.splitlines()[-1]) == (1, "first-round: nothing was written.")


def test_a_word_letter_edited_by_hand_is_not_overwritten(starter: Path) -> None:
    project = Project.load(starter)
    build_round(project, project.round())
    word = starter / "out/first-round/letters/ashmere.docx"
    change(starter / "templates/first-wording/labels.yaml", "Yours sincerely", "Yours truly")
    word.write_bytes(b"mine")
    assert run(starter, "check")[0] == 0
    status, said = run(starter, "build")
    assert (status, word.read_bytes()) == (1, b"mine")
    assert "letters/ashmere.docx: edited by hand since it was built" in said


def test_check_says_what_a_build_would_refuse(starter: Path) -> None:
    page = starter / "templates/letterhead/letter.html"
    change(page, "{{ letter_body }}", "<p>Signed for all.</p>\n{{ letter_body }}")
    said = (
        "templates/letterhead/letter.html: 'Signed for all.' is in the PDF and the web page and"
        " not in the Word letter. Put it into letter.html and letter.docx alike, or take it out of"
        " both."
    )
    status, checked = run(starter, "check")
    assert (status, checked.splitlines()[0]) == (1, said)
    status, built = run(starter, "build")
    assert (status, built.splitlines()[0]) == (1, said)


def test_of_a_large_round_specimens_are_made(
    example_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "example"
    shutil.copytree(example_project, root, ignore=shutil.ignore_patterns("out"))
    monkeypatch.setattr("letters.check.MOST", 10)
    checked = check_rounds(Project.load(root))
    assert checked.problems == ()
    assert 3 < checked.tried < 30
    assert checked.letters == 43
    made = {path.stem for path in (root / "out").glob("*/.checked/letters/*.pdf")}
    assert len(made) == checked.tried


def test_a_build_of_what_check_made_loads_no_model(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(starter, "build")[0] == 0
    out = starter / "out/first-round"
    built = contents(out / "letters"), (out / "build.json").read_bytes()
    shutil.rmtree(out)
    assert run(starter, "check") == (0, "No problems.\n")
    with monkeypatch.context() as patch:
        patch.setattr("letters.project.Project.load", None)
        status, said = run(starter, "build")
    assert (status, said.splitlines()[-1]) == (0, SUMMARY)
    assert (contents(out / "letters"), (out / "build.json").read_bytes()) == built
    assert contents(out / ".checked/letters") == {}
    assert run(starter, "build")[1].splitlines()[-1] == SUMMARY.replace("2 draft", "2 unchanged")


SUMMARY = "2 draft, 1 awaiting; 6 files in out/first-round/letters/"


@pytest.mark.parametrize("name", [".checked/build.json", ".checked/letters/ashmere.pdf"])
def test_a_build_looks_at_what_is_no_longer_as_check_left_it(starter: Path, name: str) -> None:
    assert run(starter, "check")[0] == 0
    out = starter / "out/first-round"
    sound = contents(out / ".checked/letters")
    (out / name).write_bytes(b"{}")
    assert run(starter, "build")[0] == 0
    assert contents(out / "letters") == sound


def test_a_build_keeps_a_word_letter_that_nobody_built(starter: Path) -> None:
    assert run(starter, "check")[0] == 0
    word = starter / "out/first-round/letters/ashmere.docx"
    word.parent.mkdir()
    word.write_bytes(b"mine")
    assert run(starter, "build")[0] == 1
    assert word.read_bytes() == b"mine"


def test_a_build_takes_what_earlier_builds_made_and_check_did_not(starter: Path) -> None:
    project = Project.load(starter)
    made = build_round(project, project.round())
    out = starter / "out/first-round"
    assert run(starter, "check")[0] == 0
    for path in (out / "build.json", *(out / "letters").iterdir()):
        path.unlink()
    assert run(starter, "build")[0] == 0
    assert len(contents(out / "letters")) == sum(len(letter.files) for letter in made)


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_page_is_judged_though_nobody_answered_for_it(
    starter: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = LetterBuilder.__call__

    def silent(builder: LetterBuilder, task: Task) -> Answer:
        if isinstance(task, CheckTask):
            raise TimedOut
        return usual(builder, task)

    monkeypatch.setattr(LetterBuilder, "__call__", silent)
    with (starter / "templates/letterhead/screen.css").open("a", encoding="utf-8") as file:
        file.write('\n.salutation::after { content: " No." }\n')
    status, said = run(starter, command)
    assert (status, said.splitlines()[0].partition(":")[0]) == (
        1,
        "templates/letterhead/screen.css",
    )
    assert not list(starter.glob("out/**/*.pdf"))
