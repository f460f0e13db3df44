"""What would keep a command busy for minutes, or fill the memory, is told at its place."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from letters.build.letter import letter_problems
from letters.cli import cli
from letters.errors import ProblemsFound, in_order
from letters.ledger import read_ledger
from letters.merge import letters_of
from letters.new import new_project
from letters.project import Project
from letters.render.round_templates import RoundTemplates
from tests.builders import a_workbook, unzipped

Change = Callable[[Path], object]

WORDING, LAYOUT = "templates/first-wording", "templates/letterhead"
ROUND = "rounds/first-round"
LETTER, CSV = f"{WORDING}/letter.md", f"{ROUND}/assessments.csv"
PAGE, WORD = f"{LAYOUT}/letter.html", f"{LAYOUT}/letter.docx"


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound project. Read only."""
    folder = tmp_path_factory.mktemp("sound") / "project"
    new_project(folder)
    return folder


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "project")


def told(root: Path) -> list[str]:
    """All that is wrong with a project, but for what only a finished file shows."""
    project = Project.load(root)
    problems = list(project.problems)
    for each in project.rounds:
        try:
            problems += letter_problems(RoundTemplates.load(each), letters_of(each), pdf=False)
        except ProblemsFound as found:
            problems += found.problems
    return [str(problem) for problem in in_order(problems)]


def put(name: str, text: str) -> Change:
    return lambda root: (root / name).write_text(text, encoding="utf-8")


def add(name: str, text: str) -> Change:
    def change(root: Path) -> None:
        path = root / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")

    return change


def on_page(text: str) -> Change:
    def change(root: Path) -> None:
        page = (root / PAGE).read_text(encoding="utf-8")
        (root / PAGE).write_text(page.replace("<main>", f"<main>{text}"), encoding="utf-8")

    return change


def in_word(xml: bytes, part: str = "word/document.xml", before: bytes = b"<w:sectPr") -> Change:
    def change(root: Path) -> None:
        parts = unzipped((root / WORD).read_bytes())
        at = parts[part].rindex(before)
        parts[part] = parts[part][:at] + xml + parts[part][at:]
        (root / WORD).write_bytes(packed(parts))

    return change


def packed(parts: dict[str, bytes]) -> bytes:
    """Parts as a ZIP file that is small, whatever they unpack to."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_sheet(xml: bytes, before: bytes = b"</sheetData>") -> Change:
    def change(root: Path) -> None:
        (root / CSV).unlink()
        parts = unzipped(a_workbook([["force", "outcome", "plan_date", "findings"]]))
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = parts[sheet].replace(before, xml + before)
        (root / ROUND / "assessments.xlsx").write_bytes(packed(parts))

    return change


def many_pictures(root: Path) -> None:
    for number in range(3):
        Image.new("1", (5000, 4900)).save(root / LAYOUT / f"{number}.png")


def many_files(folder: str, name: str, count: int) -> Change:
    def change(root: Path) -> None:
        for number in range(count):
            (root / folder / name.format(number)).write_text("a", encoding="utf-8")

    return change


LONG = (
    "The paragraph has more than 10,000 characters."
    " Make several of it, with an empty line between them."
)
DEEP = "Marks such as '**' are more than 10 deep in one another. Take out those that nothing needs."
FLATTER = "Brackets or 'not' are more than 20 deep in one another. Write it flatter."
TAGS_FLATTER = "Tags such as {% if %} are more than 20 deep in one another. Write them flatter."
IN_TAG = "The tag holds more than 200 words and signs. Make several tags of it, or close it."
ONLY_NAMES = (
    "A layout holds placeholders and '{% if … %}', and nothing else of Jinja."
    " Write the placeholder's name alone."
)
SHEET = "Take out rules that nothing uses; put pictures into files of their own."
NO_NEED = "Take out what no letter needs."
DELETE = "Delete those that no letter needs."
SPLIT = "Take out what no letter needs, or split it."
NESTED = "Values are nested too deeply here. Write them flatter."
TOO_MANY = (
    "The file has more than 1,000 problems; the rest was not read. Begin with those named here."
)
COPY = "Copy what letters need into a new Word file, and use that."
MUCH_TEXT = (
    "More than 500,000 characters are printed in the letter to Ashmere Constabulary and 1 other."
    " Print less; a text may be joined to itself."
)

HOSTILE: dict[str, tuple[Change, str]] = {
    "brackets": (add(LETTER, f"\n{'[a' * 20_000}"), f"{LETTER}:14: {LONG}"),
    "pictures": (add(LETTER, f"\n{'![[' * 10_000}"), f"{LETTER}:14: {LONG}"),
    "less-than": (add(LETTER, f"\n{'<' * 100_000}"), f"{LETTER}:14: {LONG}"),
    "an address": (add(LETTER, f"\n{'a.' * 50_000}"), f"{LETTER}:14: {LONG}"),
    "one word in a cell": (
        put(CSV, f"force,outcome,plan_date,findings\nashmere,in-place,,{'a' * 30_000}\n"),
        f"{CSV}:2 findings: {LONG}",
    ),
    "bold in bold": (add(LETTER, f"\n{'**a ' * 900}{'b** ' * 900}"), f"{LETTER}:14: {DEEP}"),
    "quotations": (
        add(LETTER, f"\n{'>' * 20_000} a"),
        f"{LETTER}:14: Quotations are in one another more than twice. Use fewer '>'.",
    ),
    "a large wording": (
        add(LETTER, "word " * 200_000),
        f"{LETTER}: The file is larger than 500 kB. {SPLIT}",
    ),
    "many parts": (
        many_files(WORDING, "{}.md", 501),
        f"{WORDING}: The wording has more than 500 files. Join those that are short.",
    ),
    "brackets in a tag": (
        add(LETTER, f"\n{{{{ {'(' * 20_000}1{')' * 20_000} }}}}"),
        f"{LETTER}:14: {FLATTER}",
    ),
    "not not": (add(LETTER, f"\n{{{{ {'not ' * 5_000}1 }}}}"), f"{LETTER}:14: {FLATTER}"),
    "conditions": (
        add(LETTER, f"\n{'{% if force_name %}' * 3_000}"),
        f"{LETTER}:14: {TAGS_FLATTER}",
    ),
    "a long tag": (
        add(LETTER, f"\n{{{{ {'~'.join(['force_name'] * 20_000)} }}}}"),
        f"{LETTER}:14: {IN_TAG}",
    ),
    "many tags": (
        add(LETTER, "\n" + "{% if force_name %}a{% endif %}" * 2_000),
        f"{LETTER}:14: The file has more than 1,000 tags."
        " Move parts of it into files that it includes.",
    ),
    "doubling": (
        add(LETTER, "\n{% set a = force_name %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}"),
        f"{LETTER}:14: {MUCH_TEXT}",
    ),
    "a sum in a layout": (on_page('{{ "x"*2000000000 }}'), f"{PAGE}:20: {ONLY_NAMES}"),
    "a format in a layout": (on_page('{{ "%2000000000d" % 1 }}'), f"{PAGE}:20: {ONLY_NAMES}"),
    "a long number": (
        on_page(f"{{{{ {'9' * 5_000} }}}}"),
        f"{PAGE}:20: The number has more than 15 figures. Write it in quotes.",
    ),
    "minus minus": (on_page(f"{{{{ {'-' * 5_000}1 }}}}"), f"{PAGE}:20: {FLATTER}"),
    "many elements": (
        on_page("<p></p>" * 50_000),
        f"{PAGE}:20: The page has more than 2,000 tags. {NO_NEED}",
    ),
    "many attributes": (
        on_page(f"<p {' '.join(f'a{n}=b' for n in range(10_000))}></p>"),
        f"{PAGE}:20: The page has more than 5,000 attributes. {NO_NEED}",
    ),
    "a tag without end": (
        on_page(f"<p {'a ' * 200_000}"),
        f"{PAGE}:20: The tag '<p a a a a a a a a a …' has more than 20,000 characters."
        " Close it with '>', or shorten it.",
    ),
    "much behind the page": (
        add(PAGE, "&" * 300_000),
        f"{PAGE}:52: '&' comes after '</body>'. Take it out, or move it into the page.",
    ),
    "a table of many columns": (
        add(LETTER, f"\n|{'a|' * 2_000}\n|{'---|' * 2_000}\n|{'b|' * 2_000}"),
        f"{LETTER}:14: The table has more than 20 columns, which no page holds."
        " Split it, or exchange rows and columns.",
    ),
    "variables": (
        add(f"{LAYOUT}/screen.css", f":root{{{'--a:1;' * 50_000}}}"),
        f"{LAYOUT}/screen.css:421: The style sheet has more than 5,000 semicolons. {SHEET}",
    ),
    "rules": (
        add(f"{LAYOUT}/screen.css", "a{}" * 300_000),
        f"{LAYOUT}/screen.css:421: The style sheet has more than 2,000 rules. {SHEET}",
    ),
    "rules in print": (
        add(f"{LAYOUT}/print.css", "a{}" * 300_000),
        f"{LAYOUT}/print.css:348: The style sheet has more than 2,000 rules. {SHEET}",
    ),
    "selectors": (
        add(f"{LAYOUT}/screen.css", f"{','.join(['a'] * 200_000)}{{color:red}}"),
        f"{LAYOUT}/screen.css:421: The style sheet has more than 5,000 commas. {SHEET}",
    ),
    "Word paragraphs": (
        in_word(b"<w:p/>" * 3_000_000),
        f"{WORD}: The file's XML has more than 50,000 tags. {COPY}",
    ),
    "Word relations": (
        in_word(
            b'<Relationship Id="a" Type="b" Target="c" TargetMode="External"/>' * 100_000,
            "word/_rels/document.xml.rels",
            b"</Relationships>",
        ),
        f"{WORD}: The file's XML has more than 50,000 tags. {COPY}",
    ),
    "a Word file that unpacks": (
        in_word(b" " * 100_000_000),
        f"{WORD}: The file holds more than 100 MB when unpacked."
        " Use smaller pictures in it, and save it again.",
    ),
    "a workbook that unpacks": (
        with_sheet(b" " * 100_000_000),
        f"{ROUND}/assessments.xlsx: The workbook holds more than 100 MB when unpacked."
        " Copy the records into a new one, and use that.",
    ),
    "a wide sheet": (
        put(CSV, f"{','.join(f'c{n}' for n in range(1_001))}\n"),
        f"{CSV}:1: The table has more than 1,000 columns. {DELETE}",
    ),
    "merged cells": (
        with_sheet(
            b"</sheetData><mergeCells>"
            + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(2, 3_000))
            + b"</mergeCells><sheetData>"
        ),
        f"{ROUND}/assessments.xlsx: {TOO_MANY}",
    ),
    "strange forces": (
        put(CSV, "force,outcome,plan_date,findings\n" + "x,,,\n" * 3_000),
        f"{CSV}: {TOO_MANY}",
    ),
    "blank lines": (
        put(CSV, "force,outcome,plan_date,findings\n" + "\n" * 2_000_000),
        f"{CSV}:1000001: The file has more than 1,000,000 lines. {SPLIT}",
    ),
    "commas": (
        put(CSV, "force,outcome,plan_date,findings\n" + "," * 2_000_000),
        f"{CSV}:2: The line has more than 1,000,000 characters. {SPLIT}",
    ),
    "a long value": (
        put(CSV, f"force,outcome,plan_date,findings\nashmere,,,{'word ' * 20_000}\n"),
        f"{CSV}:2 findings: The text has more than 32,767 characters. Shorten it.",
    ),
    "YAML brackets": (put("recipients.yaml", "[" * 100_000), f"recipients.yaml:1: {NESTED}"),
    "YAML brackets in a round": (
        add(f"{ROUND}/round.yaml", f"x: {'[' * 100_000}"),
        f"{ROUND}/round.yaml:38: {NESTED}",
    ),
    "YAML labels": (
        put(f"{WORDING}/labels.yaml", "[" * 100_000),
        f"{WORDING}/labels.yaml:1: {NESTED}",
    ),
    "YAML braces": (
        put("recipients.yaml", "{" * 100_000),
        "recipients.yaml:1: A key must be text. Put a value that begins with '{' or '[' in quotes.",
    ),
    "YAML lists": (
        put("recipients.yaml", f"a: [{'[],' * 500_000}]"),
        f"recipients.yaml:1: The line has more than 1,000,000 characters. {SPLIT}",
    ),
    "YAML keys": (
        add("recipients.yaml", "\n".join(f"k{n}: a" for n in range(3_000))),
        f"recipients.yaml: {TOO_MANY}",
    ),
    "a large file": (
        lambda root: os.truncate(root / CSV, 60_000_000),
        f"{CSV}: The file is larger than 50 MB. {SPLIT}",
    ),
    "pictures of many points": (
        many_pictures,
        f"{LAYOUT}: The pictures have more than 50 million points together."
        " Save them with at most 2,000 points on their longer sides.",
    ),
    "many fonts": (
        many_files(LAYOUT, "{}.ttf", 201),
        f"{LAYOUT}: The folder has more than 200 pictures and fonts."
        " Take out those that no letter shows.",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_would_take_minutes_is_told_at_its_place(kind: str, root: Path) -> None:
    change, message = HOSTILE[kind]
    change(root)
    assert message in told(root)


@pytest.mark.long
@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_commands_end_within_ten_seconds_and_two_gigabytes(
    kind: str, command: str, root: Path
) -> None:
    change, message = HOSTILE[kind]
    change(root)

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))  # of work, however busy the machine is
        resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9, 2 * 10**9))

    run = subprocess.run(
        [sys.executable, "-m", "letters", "-C", str(root), command],
        capture_output=True,
        check=False,
        encoding="utf-8",
        preexec_fn=bounded,
    )
    assert run.returncode == 1
    assert message in run.stderr.splitlines()


SPECIAL = "This is a pipe, a socket or a device, and no file. Put a file of this name in its place."
INPUTS = (
    "recipients.yaml",
    f"{ROUND}/round.yaml",
    CSV,
    f"{ROUND}/approvals.yaml",
    f"{ROUND}/signature.png",
    LETTER,
    f"{WORDING}/labels.yaml",
    f"{WORDING}/outcomes/in-place.md",
    PAGE,
    WORD,
    f"{LAYOUT}/print.css",
    f"{LAYOUT}/crest.png",
    f"{LAYOUT}/font.ttf",
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("name", INPUTS)
def test_a_pipe_is_no_input(name: str, root: Path) -> None:
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    assert f"{name}: {SPECIAL}" in told(root)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
@pytest.mark.parametrize("name", INPUTS)
def test_a_link_to_a_device_is_no_input(name: str, root: Path) -> None:
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to("/dev/zero")
    found = told(root)
    outside = f"{name}: The file leads outside the project. Put the file itself here."
    signature = (
        f"{ROUND}/round.yaml:20 signatories.lowe: signature 'signature.png' leads outside the"
        " round's folder. Put the image in that folder and give its name."
    )
    assert {f"{name}: {SPECIAL}", outside, signature} & {*found}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_the_place_of_the_ledger_is_told(root: Path) -> None:
    os.mkfifo(root / ROUND / "published.json")
    with pytest.raises(ProblemsFound, match="The ledger of what was published cannot be read"):
        read_ledger(Project.load(root).round())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("command", ["build", "status"])
def test_a_pipe_in_the_place_of_the_record_of_a_build_is_told(command: str, root: Path) -> None:
    (root / "out/first-round").mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / "out/first-round/build.json")
    told = CliRunner().invoke(cli, ["-C", str(root), command])
    assert told.exit_code == 1
    assert told.stderr == (
        f"letters: {root / 'out/first-round/build.json'}: the system refuses: "
        "it is a pipe, a socket or a device.\n"
    )
