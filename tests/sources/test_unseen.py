"""Characters that nobody sees are refused by place and name, wherever a text comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from letters.dispatch.emails import MailTemplate
from letters.errors import Place, Problem, ProblemsFound
from letters.new import new_project
from letters.project import Project
from letters.render.round_templates import RoundTemplates
from letters.sources.tables import checked
from tests.builders import a_workbook, unzipped, zipped

FIX = "Delete it and type the text again."
ROUND, WORDING, LAYOUT = "rounds/first-round", "templates/first-wording", "templates/letterhead"
OVERRIDE = "The text holds U+202E RIGHT-TO-LEFT OVERRIDE, which no reader sees."

REFUSED = {
    "\u202e": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "\u200e": "U+200E LEFT-TO-RIGHT MARK",
    "\u2069": "U+2069 POP DIRECTIONAL ISOLATE",
    "\u061c": "U+061C ARABIC LETTER MARK",
    "\U000e0041": "U+E0041 TAG LATIN CAPITAL LETTER A",
    "\u200b": "U+200B ZERO WIDTH SPACE",
    "\u2060": "U+2060 WORD JOINER",
    "\ufeff": "U+FEFF ZERO WIDTH NO-BREAK SPACE",
    "\ufe0f": "U+FE0F VARIATION SELECTOR-16",
    "\u2800": "U+2800 BRAILLE PATTERN BLANK",
    "\u3164": "U+3164 HANGUL FILLER",
    "\u200d": "U+200D ZERO WIDTH JOINER",
    "\u200c": "U+200C ZERO WIDTH NON-JOINER",
}


def faults(text: str) -> list[str]:
    problems: list[Problem] = []
    checked(text, Place("a"), problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("character", REFUSED)
@pytest.mark.parametrize("text", ["{}", "North{}moor", "{}Northmoor", "a {} b"])
def test_a_character_that_nobody_sees_is_named(character: str, text: str) -> None:
    named = f"a: The text holds {REFUSED[character]}, which no reader sees. {FIX}"
    assert faults(text.format(character)) == [named]


@pytest.mark.parametrize("text", ["in \u00adspection", "inspection\u00ad", "\u00ad"])
def test_a_soft_hyphen_outside_a_word_is_named(text: str) -> None:
    assert faults(text) == [f"a: The text holds U+00AD SOFT HYPHEN, which no reader sees. {FIX}"]


@pytest.mark.parametrize(
    "text",
    [
        "in\u00adspection",
        "\u0915\u094d\u200d\u0937",  # Devanagari: half form
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: they want
        "Bro Wyddŵr – £1,204.50 “Heddlu”",
    ],
)
def test_joiners_and_hyphens_of_real_words_stay(text: str) -> None:
    assert faults(text) == []


def test_half_a_character_is_named() -> None:
    assert faults("a\ud83db") == [f"a: The text holds the reserved character U+D83D. {FIX}"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound project; its tests put back what they change."""
    folder = tmp_path_factory.mktemp("unseen") / "project"
    new_project(folder)
    return folder


def told(root: Path) -> list[str]:
    project = Project.load(root)
    problems = list(project.problems)
    for each in project.rounds:
        try:
            RoundTemplates.load(each)
        except ProblemsFound as found:
            problems += found.problems
    return [str(problem) for problem in problems]


PLACES = [
    ("recipients.yaml", "Ashmere Cons", " ashmere.name"),
    ("recipients.yaml", "Imogen Fa", " dunhollow.addressees.name"),
    ("recipients.yaml", "Via em", " ashmere.delivery"),
    (f"{ROUND}/round.yaml", "1 Example Sq", " sender.address"),
    (f"{ROUND}/round.yaml", "letters@ins", " contact.email"),
    (f"{ROUND}/round.yaml", "Plans for w", " title"),
    (f"{ROUND}/round.yaml", "Plan in p", " outcomes.in-place"),
    (f"{ROUND}/round.yaml", "role: Inspector", " people.lowe.role"),
    (f"{ROUND}/assessments.csv", "names an ow", " findings"),
    (f"{ROUND}/assessments.csv", "westerlyn", " force"),
    (f"{WORDING}/letter.md", "We have ass", ""),
    (f"{WORDING}/labels.yaml", "Yours sinc", " closing"),
    (f"{LAYOUT}/letter.html", "{{ page_label }} ", ""),
    (f"{LAYOUT}/print.css", "/* ", ""),
]


@pytest.mark.parametrize(("name", "words", "field"), PLACES)
def test_each_text_of_a_project_is_looked_at(
    name: str, words: str, field: str, sound: Path
) -> None:
    text = (sound / name).read_text(encoding="utf-8")
    line = text[: text.index(words)].count("\n") + 1
    (sound / name).write_text(text.replace(words, f"{words}\u202e", 1), encoding="utf-8")
    try:
        assert told(sound) == [f"{name}:{line}{field}: {OVERRIDE} {FIX}"]
    finally:
        (sound / name).write_text(text, encoding="utf-8")


def test_a_page_may_not_write_it_by_its_number(starter: Path) -> None:
    page = starter / LAYOUT / "letter.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<main>", "<main>&#8238;"), encoding="utf-8")
    assert f"{LAYOUT}/letter.html:20: {OVERRIDE} {FIX}" in told(starter)


def test_the_words_of_a_word_layout_are_looked_at(starter: Path) -> None:
    path = starter / LAYOUT / "letter.docx"
    parts = unzipped(path.read_bytes())
    body = parts["word/document.xml"]
    at = body.rindex(b"<w:sectPr")
    words = "<w:p><w:r><w:t>Ex</w:t></w:r><w:r><w:t>\u202eample</w:t></w:r></w:p>".encode()
    path.write_bytes(zipped(parts | {"word/document.xml": body[:at] + words + body[at:]}))
    assert f"{LAYOUT}/letter.docx body: {OVERRIDE} {FIX}" in told(starter)


def test_an_escape_in_yaml_and_a_cell_of_a_sheet_are_looked_at(starter: Path) -> None:
    names = starter / "recipients.yaml"
    text = names.read_text(encoding="utf-8")
    names.write_text(text.replace("Ashmere Con", '"A\\u202eb" #'), encoding="utf-8")
    (starter / ROUND / "assessments.csv").unlink()
    header = ["force", "outcome", "plan_date", "findings"]
    rows = [header, ["ashmere\u200b", "in-place", "", "Well."], ["dunhollow", "", "", ""]]
    (starter / ROUND / "assessments.xlsx").write_bytes(a_workbook([*rows]))
    space = "The text holds U+200B ZERO WIDTH SPACE, which no reader sees."
    assert told(starter) == [
        f"recipients.yaml:5 ashmere.name: {OVERRIDE} {FIX}",
        f"{ROUND}/assessments.xlsx Assessments!A2: {space} {FIX}",
    ]


def test_a_template_of_e_mails_is_looked_at(starter: Path) -> None:
    path = starter / WORDING / "dispatch.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Subject: ", "Subject: \u202e"))
    with pytest.raises(ProblemsFound) as found:
        MailTemplate.load(path, starter)
    assert str(found.value) == f"{WORDING}/dispatch.txt:1: {OVERRIDE} {FIX}"


@pytest.mark.parametrize("command", [["publish"], ["withdraw", "ashmere"]])
def test_a_note_is_looked_at(command: list[str], starter: Path) -> None:
    result = CliRunner().invoke(cli, ["-C", str(starter), *command, "--note", "Now \u202e right."])
    assert result.exit_code == 2
    assert f"Invalid value for '--note': {OVERRIDE} {FIX}" in result.output


def a_name(written: str) -> Callable[[str], str]:
    return lambda text: text.replace("name: Ashmere Constabulary", f"name: {written}")


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (
            '"\u00a0 \u2003"',
            "recipients.yaml:5 ashmere: name is empty. Fill it in: The force's name, as printed.",
        ),
        (
            "\u2069",
            "recipients.yaml:5 ashmere.name:"
            f" The text holds U+2069 POP DIRECTIONAL ISOLATE, which no reader sees. {FIX}",
        ),
    ],
)
def test_a_name_with_nothing_visible_is_none(written: str, what: str, starter: Path) -> None:
    path = starter / "recipients.yaml"
    path.write_text(a_name(written)(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert told(starter) == [what]
