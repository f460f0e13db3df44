"""Words changed since the last build, on the command line and as data."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from letters import BuildOptions, Project, RoundTemplates, build_round, merge_letter
from letters.changes.words import WordChange, changes, passage_origins
from letters.cli import cli
from letters.document import Document, Origin, Passage, passages

RECORDS = "rounds/first-round/assessments.csv"
WORDING = "templates/first-wording"


@pytest.fixture
def built(starter: Path) -> Path:
    project = Project.load(starter)
    build_round(project, project.round(None), BuildOptions(formats=["html"]))
    return starter


def edit(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def diff(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["-C", str(folder), "diff", *arguments])


def test_nothing_changed(built: Path) -> None:
    run = diff(built)
    assert run.output == "Building again changes none of 2 letters.\n"
    assert run.exit_code == 0


def test_a_word_of_the_wording(built: Path) -> None:
    edit(built / WORDING / "letter.md", "how {{ force_name }} plans", "how {{ force_name }} means")
    assert diff(built).output == (
        f"ashmere: {WORDING}/letter.md:3: 'means' for 'plans'\n"
        f"dunhollow: {WORDING}/letter.md:3: 'means' for 'plans'\n"
        "Building again changes all 2 letters.\n"
    )


def test_a_word_of_one_record(built: Path) -> None:
    edit(built / RECORDS, "an owner and a date", "an owner, a deputy and")
    assert diff(built).output == (
        f"ashmere: {RECORDS}:2: 'owner, a deputy' for 'owner'\n"
        f"ashmere: {RECORDS}:2: 'a date' is gone\n"
        "Building again changes 1 of 2 letters: Ashmere Constabulary.\n"
    )


def test_paragraphs_that_come_and_go(built: Path) -> None:
    edit(built / WORDING / "outcomes/in-place.md", "We are", "Well done.\n\nWe are")
    edit(built / RECORDS, "- the plan;\n", "")
    assert diff(built).output == (
        f"ashmere: {WORDING}/outcomes/in-place.md:1: 'Well done.' is new\n"
        f"dunhollow: {RECORDS}:7: 'the plan;' is gone\n"
        "Building again changes all 2 letters.\n"
    )


def test_only_the_forces_asked_for(built: Path) -> None:
    edit(built / WORDING / "letter.md", "We have assessed", "We assessed")
    assert diff(built, "dunhollow").output == (
        f"dunhollow: {WORDING}/letter.md:3: 'have' is gone\n"
        "Building again changes 1 of 1 letter: Dunhollow & District Police.\n"
    )


def test_a_letter_that_was_not_there(built: Path) -> None:
    edit(built / RECORDS, "westerlyn,,,", "westerlyn,not-yet,,Nothing yet.")
    assert diff(built).output == (
        "westerlyn: not there before\nBuilding again changes 1 of 3 letters: Westerlyn Police.\n"
    )


def test_against_another_folder(built: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    (built / "out/first-round/letters").rename(earlier)
    edit(built / RECORDS, "an owner", "one owner")
    assert diff(built, "ashmere", "--against", str(earlier)).output == (
        f"ashmere: {RECORDS}:2: 'one' for 'an'\n"
        "Building again changes 1 of 1 letter: Ashmere Constabulary.\n"
    )


def test_against_letters_of_others(built: Path, tmp_path: Path) -> None:
    letters = built / "out/first-round/letters"
    project = Project.load(built)
    build_round(project, project.round(), BuildOptions(forces=["ashmere"]))
    edit(built / RECORDS, "an owner", "one owner")
    said = (
        f"ashmere: {RECORDS}:2: 'one' for 'an'\n"
        "Building again changes 1 of 1 letter: Ashmere Constabulary.\n"
    )
    for format_ in ("docx", "pdf"):
        folder = tmp_path / format_
        folder.mkdir()
        (letters / f"ashmere.{format_}").rename(folder / f"ashmere.{format_}")
        assert diff(built, "ashmere", "--against", str(folder)).output == said
        file = str(folder / f"ashmere.{format_}")
        assert diff(built, "ashmere", "--against", file).output == said
    page = tmp_path / "page.html"
    text = (letters / "ashmere.html").read_text("utf-8").replace('<article class="letter"', "<main")
    page.write_text(text.replace("</article>", "</main>"), "utf-8")
    assert diff(built, "ashmere", "--against", str(page)).output == said


def test_a_letter_that_cannot_be_read_is_told(built: Path, tmp_path: Path) -> None:
    (tmp_path / "ashmere.pdf").write_bytes(b"no PDF")
    run = diff(built, "ashmere", "--against", str(tmp_path))
    assert run.exit_code == 1
    assert run.stderr.startswith(f"letters: {tmp_path / 'ashmere.pdf'} cannot be read: ")
    run = diff(built, "--against", str(tmp_path / "ashmere.pdf"))
    assert run.exit_code == 2
    assert run.stderr == (
        "letters: One file is one letter: name its force,"
        " 'letters diff FORCE --against ashmere.pdf'.\n"
    )


def test_nothing_to_compare_with(starter: Path) -> None:
    run = diff(starter)
    assert run.exit_code == 2
    assert run.stderr.startswith("letters: There are no letters in ")
    assert run.stderr.endswith("Run 'letters build' first.\n")


def test_problems_are_told(built: Path) -> None:
    edit(built / WORDING / "letter.md", "{{ force_name }}", "{{ force_nam }}")
    run = diff(built)
    assert run.exit_code == 1
    assert f"{WORDING}/letter.md:3: {{{{ force_nam }}}} is not a placeholder." in run.stderr


@pytest.fixture
def document(starter: Path) -> Document:
    project_round = Project.load(starter).round(None)
    letter = merge_letter(project_round, "dunhollow")
    return RoundTemplates.load(project_round).typeset(letter)


def at(document: Document, start: str) -> int:
    return next(n for n, p in enumerate(passages(document)) if p.text.startswith(start))


def test_a_change_says_where_it_stands(document: Document) -> None:
    n = at(document, "We found")
    before = list(passages(document))
    before[n] = Passage("paragraph", "", before[n].text.replace("do not yet", "never"))
    (change,) = changes(before, document)
    assert (change.was, change.now, change.passage) == ("never", "do not yet", n)
    assert passages(document)[n].text[change.start : change.end] == "do not yet"
    assert change.origin == passage_origins(document)[n]


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_words_that_fell_away_leave_their_place(document: Document, place: str) -> None:
    n = at(document, "We found")
    words = passages(document)[n].text.split(" ")
    spot = {"start": 0, "middle": 3, "end": len(words)}[place]
    before = list(passages(document))
    before[n] = Passage("paragraph", "", " ".join([*words[:spot], "once", *words[spot:]]))
    (change,) = changes(before, document)
    assert (change.was, change.now, change.start) == ("once", "", change.end)
    assert change.start == len(" ".join(words[:spot]))


def test_a_label_is_a_word(document: Document) -> None:
    n = at(document, "the plan;")
    before = list(passages(document))
    before[n] = Passage("paragraph", "1.", before[n].text)
    (change,) = changes(before, document)
    assert (change.was, change.now) == ("1.", "•")


def test_one_change_over_two_paragraphs_is_told_in_each(document: Document) -> None:
    n = at(document, "the plan;")
    before = list(passages(document))
    before[n : n + 2] = [Passage("paragraph", "", "One thing."), Passage("paragraph", "", "Two.")]
    found = changes(before, document)
    assert [change.passage for change in found] == [n, n + 1]
    assert found[0].was == "One thing. Two."
    assert found[1].was == ""


def test_every_passage_has_an_origin(example_project: Path) -> None:
    project_round = Project.load(example_project).round(None)
    letter = merge_letter(project_round, "hallowmarch-and-the-skerries")
    made = RoundTemplates.load(project_round).typeset(letter)
    assert len(passage_origins(made)) == len(passages(made))


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [("a", "b", "'b' for 'a'"), ("a", "", "'a' is gone"), ("", "b", "'b' is new")],
)
def test_how_a_change_is_told(was: str, now: str, words: str) -> None:
    assert str(WordChange(0, 0, 0, was, now, Origin())) == words


def test_a_long_change_is_told_by_its_beginnings() -> None:
    was = "We could see the first results of it on the day we visited, and were glad."
    assert WordChange(0, 0, 0, was, "Not yet.", Origin()).short == (
        "'Not yet.' for 'We could see the first results of it on the day we visited,…'"
    )
