"""Nothing is rendered twice: each input changed in turn, and exactly the right files made anew."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

import letters
from letters import BuildOptions, ProblemsFound, Project, RoundTemplates, build_round, round_status
from letters.build.fingerprints import ROOMS
from letters.build.record import LOCK, PART, BuiltLetter, LocalFolder, sole_build
from letters.document import Document
from letters.render import Artifact
from tests.builders import unzipped, zipped

ROUND = "first-round"
RECORDS = f"rounds/{ROUND}/assessments.csv"
WORDING = "templates/first-wording"
LAYOUT = "templates/letterhead"
ALL = frozenset({"docx", "html", "pdf"})


@dataclass
class Builder:
    """Builds a project and notes which files it renders."""

    folder: Path
    rendered: dict[str, set[str]] = field(default_factory=dict)

    def build(
        self, *, fresh: bool = False, on_letter: Callable[[BuiltLetter], None] = lambda _: None
    ) -> dict[str, BuiltLetter]:
        self.rendered.clear()
        project = Project.load(self.folder)
        options = BuildOptions(fresh=fresh)
        made = build_round(project, project.round(ROUND), options, on_letter=on_letter)
        return {letter.id: letter for letter in made}

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def states(self) -> dict[str, str]:
        rows = round_status(Project.load(self.folder).round(ROUND))
        return {row.id: row.state for row in rows}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter project with an included file, all built. Read only."""
    from letters.new import new_project

    folder = tmp_path_factory.mktemp("incremental") / "project"
    new_project(folder)
    wording = folder / WORDING
    (wording / "staff.md").write_text("Staff are part of it.\n", encoding="utf-8")
    with (wording / "outcomes/in-place.md").open("a", encoding="utf-8") as file:
        file.write('\n{% include "staff.md" %}\n')
    made = Builder(folder).build()
    assert [letter.problem for letter in made.values() if letter.problem] == []
    return folder


@pytest.fixture
def builder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    builder = Builder(folder)
    theirs = RoundTemplates.render

    def render(self: RoundTemplates, document: Document, format_: str) -> Artifact:
        builder.rendered.setdefault(document.id, set()).add(format_)
        return theirs(self, document, format_)

    monkeypatch.setattr(RoundTemplates, "render", render)
    return builder


def grey(path: Path) -> None:
    """Make an image another one of the same size."""
    image = Image.open(io.BytesIO(path.read_bytes())).convert("L")
    image.save(path, "PNG")


BOTH = {"ashmere": ALL, "dunhollow": ALL}
CHANGES: dict[str, tuple[Callable[[Builder], None], dict[str, frozenset[str]]]] = {
    "nothing": (lambda _: None, {}),
    "a record": (
        lambda b: b.change(RECORDS, "names an owner", "names two owners"),
        {"ashmere": ALL},
    ),
    "a recipient": (
        lambda b: b.change("recipients.yaml", "Imogen Farrow", "Imogen Farrar"),
        {"dunhollow": ALL},
    ),
    "a comment in the recipients": (
        lambda b: b.change("recipients.yaml", "# Who gets letters", "# Whom we write to"),
        {},
    ),
    "the round": (
        lambda b: b.change(f"rounds/{ROUND}/round.yaml", "sent: 2 March", "sent: 3 March"),
        BOTH,
    ),
    "the title of an outcome": (
        lambda b: b.change(f"rounds/{ROUND}/round.yaml", "No plan yet", "Still no plan"),
        {"dunhollow": ALL},
    ),
    "the letter's wording": (
        lambda b: b.change(f"{WORDING}/letter.md", "We have assessed", "We assessed"),
        BOTH,
    ),
    "one outcome's wording": (
        lambda b: b.change(f"{WORDING}/outcomes/not-yet.md", "We found", "We saw"),
        {"dunhollow": ALL},
    ),
    "a file included by one outcome": (
        lambda b: b.change(f"{WORDING}/staff.md", "part of it", "part of that"),
        {"ashmere": ALL},
    ),
    "the recommendation": (
        lambda b: b.change(f"{WORDING}/recommendation.md", "a", "an a"),
        BOTH,
    ),
    "a label": (
        lambda b: b.change(f"{WORDING}/labels.yaml", "closing: ", "closing: Very "),
        BOTH,
    ),
    "the PDF's looks": (
        lambda b: b.change(f"{LAYOUT}/print.css", "font-size: 11pt", "font-size: 12pt"),
        {"ashmere": frozenset({"pdf"}), "dunhollow": frozenset({"pdf"})},
    ),
    "the web letter's looks": (
        lambda b: b.change(f"{LAYOUT}/screen.css", "{", "{ "),
        {"ashmere": frozenset({"html"}), "dunhollow": frozenset({"html"})},
    ),
    "the page of both": (
        lambda b: b.change(f"{LAYOUT}/letter.html", "<main", "<main "),
        BOTH,
    ),
    "the signature": (
        lambda b: grey(b.folder / f"rounds/{ROUND}/signature.png"),
        BOTH,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_exactly_what_a_change_reaches_is_made_anew(name: str, builder: Builder) -> None:
    change, expected = CHANGES[name]
    change(builder)
    stale = {id_ for id_, state in builder.states().items() if state == "out of date"}
    assert stale == set(expected)
    made = builder.build()
    assert builder.rendered == expected
    unchanged = {id_ for id_, letter in made.items() if letter.state == "unchanged"}
    assert unchanged == {"ashmere", "dunhollow"} - set(expected)
    assert "out of date" not in builder.states().values()
    builder.build()
    assert builder.rendered == {}


def test_an_image_of_the_layout(builder: Builder) -> None:
    grey(next((builder.folder / LAYOUT).glob("*.png")))
    builder.build()
    assert builder.rendered == BOTH


def test_the_word_layout(builder: Builder) -> None:
    path = builder.folder / LAYOUT / "letter.docx"
    path.write_bytes(zipped(unzipped(path.read_bytes())))
    builder.build()
    assert builder.rendered == BOTH  # what it prints decides whether any format is a draft


def test_another_version_of_a_library(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letters.build.fingerprints.versions_digest", lambda: "another")
    builder.build()
    assert builder.rendered == BOTH


@pytest.mark.parametrize("room", ROOMS)
def test_what_letters_are_made_by_is_where_the_digest_looks(room: str) -> None:
    assert any(Path(letters.__file__).parent.glob(room))


def test_fresh_makes_all(builder: Builder) -> None:
    made = builder.build(fresh=True)
    assert builder.rendered == BOTH
    assert "unchanged" not in {letter.state for letter in made.values()}


@pytest.mark.parametrize("format_", ["pdf", "html"])
def test_a_damaged_file_is_made_again_and_no_other(format_: str, builder: Builder) -> None:
    path = builder.folder / f"out/{ROUND}/letters/dunhollow.{format_}"
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    builder.build()
    assert builder.rendered == {"dunhollow": {format_}}
    assert path.read_bytes() == whole


def test_a_lost_word_letter_is_made_again(builder: Builder) -> None:
    (builder.folder / f"out/{ROUND}/letters/dunhollow.docx").unlink()
    builder.build()
    assert builder.rendered == {"dunhollow": {"docx"}}


def test_a_build_that_is_stopped_goes_on_where_it_was(builder: Builder) -> None:
    def stop(_: BuiltLetter) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        builder.build(fresh=True, on_letter=stop)
    assert builder.rendered == {"ashmere": ALL}
    out = builder.folder / "out" / ROUND
    (out / "build.json").unlink()
    assert (out / PART).exists()
    builder.build()
    assert builder.rendered == {"dunhollow": ALL}
    assert not (out / PART).exists()
    record = json.loads((out / "build.json").read_text(encoding="utf-8"))
    assert list(record["letters"]) == ["ashmere", "dunhollow", "westerlyn"]


def test_a_line_cut_off_by_a_crash_is_passed_over(builder: Builder) -> None:
    out = builder.folder / "out" / ROUND
    (out / PART).write_text('{"id": "ashmere", "state": "bui', encoding="utf-8")
    builder.build()
    assert builder.rendered == {}


def test_a_fault_in_a_file_no_letter_uses_is_still_found(builder: Builder) -> None:
    builder.change(f"{WORDING}/outcomes/not-yet.md", "We found", "{{ nonsense }} We found")
    builder.change(RECORDS, "dunhollow,not-yet", "dunhollow,in-place")
    with pytest.raises(ProblemsFound, match="nonsense"):
        builder.build()


def test_the_second_of_two_builds_finds_the_work_of_the_first(builder: Builder) -> None:
    project = Project.load(builder.folder)
    waited = []

    def meanwhile() -> None:
        waited.append(True)
        lock.__exit__(None, None, None)

    shutil.rmtree(builder.folder / "out" / ROUND)
    out = LocalFolder(builder.folder / "out" / ROUND)
    lock = sole_build(out, lambda: None)
    lock.__enter__()
    made = build_round(project, project.round(ROUND), on_wait=meanwhile)
    assert waited == [True]
    assert {letter.id for letter in made if letter.files} == {"ashmere", "dunhollow"}
    assert (out.path / LOCK).read_bytes() == b""


def build_in_process(folder: Path) -> str:
    """The modules that `letters build` imports, and what it prints."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "letters", "-C", str(folder), "build"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    modules = {line.split("|")[-1].strip() for line in run.stderr.splitlines()}
    return " ".join(sorted(modules & {"weasyprint", "docxtpl", "jinja2", "openpyxl", "pydantic"}))


def test_a_build_with_nothing_to_do_starts_no_engine(builder: Builder) -> None:
    first = build_in_process(builder.folder)
    assert not {"weasyprint", "docxtpl", "jinja2"} & set(first.split())
    assert build_in_process(builder.folder) == ""
    record = json.loads((builder.folder / f"out/{ROUND}/build.json").read_text(encoding="utf-8"))
    assert len(record["stamp"]) == 64


def test_a_disk_that_is_full_is_said_in_words(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    made = {}
    with pytest.raises(Exception, match=r"build\.json: this file cannot be written: No space left"):
        builder.build(fresh=True, on_letter=lambda letter: made.update({letter.id: letter.state}))
    assert made == {"ashmere": "failed", "dunhollow": "failed", "westerlyn": "awaiting"}
